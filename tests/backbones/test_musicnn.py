"""genre.backbones.musicnn: as ONNX, in plain numpy, and in torch, it says the same."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from genre.audio.windows import WindowConfig, window_frames
from genre.backbones import musicnn
from genre.backbones.musicnn import FRONT_END, N_FRAMES, TAGS, WINDOWS, compute, write_network
from genre.inference import OnnxNetwork, Standardisation
from genre.inference.windowing import Windowing
from tests.checkpoints import Tensors, small_musicnn

N_MELS, LENGTH = 10, 21


def test_windows_are_what_the_network_was_trained_on() -> None:
    assert window_frames(WINDOWS, FRONT_END.mel) == N_FRAMES == 187
    assert (FRONT_END.mel.sample_rate, FRONT_END.mel.n_fft, FRONT_END.mel.n_mels) == (
        16000,
        512,
        96,
    )
    assert (len(TAGS), TAGS[0], TAGS[33], TAGS[-1]) == (50, "rock", "Hip-Hop", "happy")


def by_torch(tensors: Tensors, windows: NDArray[np.float32]) -> tuple[torch.Tensor, torch.Tensor]:
    """Compute the network as its authors wrote it down, axes and all: (n, time, mels, channels)."""

    def norm(value: torch.Tensor, number: int) -> torch.Tensor:
        name = f"batch_normalization_{number}" if number else "batch_normalization"
        mean, variance, gamma, beta = (
            torch.from_numpy(tensors[f"{name}/{part}"])
            for part in ("moving_mean", "moving_variance", "gamma", "beta")
        )
        shaped = value.movedim(-1, 1)
        normed = functional.batch_norm(shaped, mean, variance, gamma, beta, eps=1e-3)
        return normed.movedim(1, -1)

    def conv(value: torch.Tensor, number: int) -> torch.Tensor:
        name = f"conv2d_{number}" if number else "conv2d"
        kernel = torch.from_numpy(tensors[f"{name}/kernel"])
        length = kernel.shape[0]
        padded = functional.pad(value, (0, 0, 0, 0, (length - 1) // 2, length // 2))
        found = functional.conv2d(
            padded.movedim(-1, 1),
            kernel.permute(3, 2, 0, 1),
            torch.from_numpy(tensors[f"{name}/bias"]),
        )
        return norm(found.movedim(1, -1).relu(), number + 1)

    def dense(value: torch.Tensor, name: str) -> torch.Tensor:
        kernel, bias = (torch.from_numpy(tensors[f"{name}/{part}"]) for part in ("kernel", "bias"))
        return value @ kernel + bias

    heard = norm(torch.from_numpy(windows)[:, 0].transpose(1, 2)[..., None], 0)
    front = torch.cat([conv(heard, number).amax(dim=2) for number in range(5)], dim=2)[..., None]
    first = conv(front, 5).transpose(2, 3)
    second = conv(first, 6).transpose(2, 3) + first
    third = conv(second, 7).transpose(2, 3) + second
    found = torch.cat([front, first, second, third], dim=2)
    pooled = torch.cat([found.amax(dim=1), found.mean(dim=1)], dim=2).flatten(1)
    normed = norm(pooled, 9)
    embedding = torch.cat([normed[:, 0::2], normed[:, 1::2]], dim=1)
    return embedding, dense(norm(dense(normed, "dense").relu(), 10), "dense_1")


def test_three_ways_agree() -> None:
    tensors = small_musicnn()
    windows = np.random.default_rng(0).uniform(0, 3, (3, 1, N_MELS, LENGTH)).astype(np.float32)
    embedding, logits = by_torch(tensors, windows)
    mel = replace(FRONT_END.mel, n_mels=N_MELS)
    windowing = Windowing(
        mel=mel,
        windows=WindowConfig(window_seconds=LENGTH * 256 / 16000, step_seconds=0.1),
        standardisation=Standardisation(mean=(0.0,) * N_MELS, deviation=(1.0,) * N_MELS),
    )
    network = OnnxNetwork(
        write_network(tensors, n_mels=N_MELS, n_frames=LENGTH), windowing, n_labels=3
    )
    np.testing.assert_allclose(network.logits(windows), logits.numpy(), atol=1e-4)
    (found,) = network.embeddings([windows[:, 0].transpose(0, 2, 1)])
    np.testing.assert_allclose(found, embedding.numpy(), atol=1e-4)
    for number, window in enumerate(windows[:, 0]):
        plain = musicnn.compute(tensors, window)
        np.testing.assert_allclose(plain[0], embedding[number].numpy(), atol=1e-4)
        np.testing.assert_allclose(plain[1], logits[number].numpy(), atol=1e-4)


def test_silence_by_hand() -> None:
    """Of a network that has nothing but offsets, each can be followed."""
    tensors = {
        name: np.zeros_like(values) if "kernel" in name or "bias" in name else values
        for name, values in small_musicnn().items()
    }
    tensors["dense_1/bias"] += np.array([1, 2, 3], dtype=np.float32)
    embedding, logits = compute(tensors, np.zeros((N_MELS, LENGTH)))
    np.testing.assert_allclose(logits, [1, 2, 3])

    def normed(values: NDArray[np.float64], number: int) -> NDArray[np.float64]:
        name = f"batch_normalization_{number}"
        spread = np.sqrt(tensors[f"{name}/moving_variance"] + 1e-3)
        standard = (values - tensors[f"{name}/moving_mean"]) / spread
        return np.asarray(standard * tensors[f"{name}/gamma"] + tensors[f"{name}/beta"])

    front = [
        normed(np.zeros(n_filters), number) for number, n_filters in enumerate([4, 4, 3, 3, 3], 1)
    ]
    first, second, third = (normed(np.zeros(5), number) for number in (6, 7, 8))
    found = np.concatenate([*front, first, first + second, first + second + third])
    # each is the same at all times: its largest value is its mean
    expected = normed(np.repeat(found, 2), 9)
    np.testing.assert_allclose(embedding, [*expected[0::2], *expected[1::2]], rtol=1e-5)
