"""Checkpoints made for the tests, as small as they can be."""

import io
import struct
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Tensors = dict[str, NDArray[np.float32]]


def varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def block(entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Write a block of LevelDB whose keys share what they have in common with the one before."""
    written, before = b"", b""
    for key, value in entries:
        shared = 0
        while shared < min(len(before), len(key)) and before[shared] == key[shared]:
            shared += 1
        rest = key[shared:]
        written += varint(shared) + varint(len(rest)) + varint(len(value)) + rest + value
        before = key
    return written + struct.pack("<II", 0, 1)


def entry(values: NDArray[Any], offset: int) -> bytes:
    """Write a BundleEntryProto: kind, shape, offset, size and a checksum that nobody reads."""
    kind = {"f": 1, "i": 9}[values.dtype.kind]
    sizes = (b"\x08" + varint(size) for size in values.shape)
    shape = b"".join(b"\x12" + varint(len(size)) + size for size in sizes)
    return (
        b"\x08" + varint(kind) + b"\x12" + varint(len(shape)) + shape
        + (b"\x20" + varint(offset) if offset else b"")
        + b"\x28" + varint(values.nbytes) + b"\x35" + bytes(4)
    )  # fmt: skip


def tf_checkpoint(tensors: dict[str, NDArray[Any]], *, n_blocks: int = 2) -> tuple[bytes, bytes]:
    """Write index and data of a checkpoint of TensorFlow V2."""
    entries, data = [(b"", b"\x08\x01")], b""
    for name in sorted(tensors):
        entries.append((name.encode(), entry(tensors[name], len(data))))
        data += tensors[name].tobytes()
    index, handles = b"", []
    size = -(-len(entries) // n_blocks)
    for start in range(0, len(entries), size):
        part = entries[start : start + size]
        written = block(part)
        handles.append((part[-1][0], varint(len(index)) + varint(len(written))))
        index += written + bytes(5)
    empty, top = block([]), block(handles)
    footer = varint(len(index)) + varint(len(empty))
    index += empty + bytes(5)
    footer += varint(len(index)) + varint(len(top))
    index += top + bytes(5)
    return index + footer.ljust(40, b"\0") + bytes.fromhex("57fb808b247547db"), data


def torch_checkpoint(saved: object) -> bytes:
    """Write what torch.save writes."""
    file = io.BytesIO()
    torch.save(saved, file)
    return file.getvalue()


def norm(name: str, n_channels: int, rng: np.random.Generator) -> Tensors:
    """Make a batch normalisation of which some factors are below 0."""
    return {
        f"{name}/gamma": rng.normal(0, 1, n_channels).astype(np.float32),
        f"{name}/beta": rng.normal(0, 1, n_channels).astype(np.float32),
        f"{name}/moving_mean": rng.normal(0, 1, n_channels).astype(np.float32),
        f"{name}/moving_variance": rng.uniform(0.5, 2, n_channels).astype(np.float32),
    }


def small_musicnn(*, n_mels: int = 10, n_labels: int = 3) -> Tensors:
    """Make the tensors of a musicnn for windows of ten bands."""
    rng = np.random.default_rng(1)

    def layer(name: str, *shape: int) -> Tensors:
        return {
            f"{name}/kernel": rng.normal(0, 0.3, shape).astype(np.float32),
            f"{name}/bias": rng.normal(0, 0.3, shape[-1]).astype(np.float32),
        }

    tall, wide, middle, hidden = 4, 3, 5, 6
    tensors = norm("batch_normalization", 1, rng)
    shapes = [(7, 4, 1, tall), (7, n_mels - 3, 1, tall), (8, 1, 1, wide), (4, 1, 1, wide)]
    shapes += [(2, 1, 1, wide), (7, 2 * tall + 3 * wide, 1, middle), (7, middle, 1, middle)]
    shapes += [(7, middle, 1, middle)]
    for number, shape in enumerate(shapes):
        tensors |= layer(f"conv2d_{number}" if number else "conv2d", *shape)
        tensors |= norm(f"batch_normalization_{number + 1}", shape[-1], rng)
    n_pooled = 2 * (2 * tall + 3 * wide + 3 * middle)
    tensors |= norm("batch_normalization_9", n_pooled, rng)
    tensors |= layer("dense", n_pooled, hidden) | norm("batch_normalization_10", hidden, rng)
    return tensors | layer("dense_1", hidden, n_labels)


def small_aisfx() -> dict[str, torch.Tensor]:
    """Make the weights of an aisfx of four channels and more."""
    generator = torch.Generator().manual_seed(1)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator) * 0.3

    weights = {}
    widths = [1, 4, 6, 8, 10]
    for block_number in range(1, 5):
        before, after = widths[block_number - 1 : block_number + 1]
        for number, n_inputs in ((1, before), (2, after)):
            prefix = f"embedding_net.conv_block{block_number}"
            weights[f"{prefix}.conv{number}.weight"] = drawn(after, n_inputs, 3, 3)
            weights[f"{prefix}.bn{number}.weight"] = drawn(after) + 1
            weights[f"{prefix}.bn{number}.bias"] = drawn(after)
            weights[f"{prefix}.bn{number}.running_mean"] = drawn(after)
            weights[f"{prefix}.bn{number}.running_var"] = drawn(after) ** 2 + 0.5
            weights[f"{prefix}.bn{number}.num_batches_tracked"] = torch.tensor(7)
    return weights
