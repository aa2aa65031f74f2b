"""Any network as an ONNX file, taken in by what a description beside it says.

`own_description` has what it may say.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genre.audio.decoder import DecodeConfig
from genre.audio.frontend import FrontEndConfig
from genre.backbones.bundling import bundle_of
from genre.backbones.own_description import NetworkDescription, read_description
from genre.errors import BundleError
from genre.extras import need
from genre.hashing import hash_file
from genre.inference.bundle import Bundle
from genre.inference.network import EMBEDDING, INPUT, LOGITS
from genre.inference.network_file import check_network
from genre.inference.pretrained import Pretrained
from genre.inference.writing import write_bundle
from genre.wording import shown

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

_THEIRS = "own/"


def add_file(path: Path, folder: Path, *, name: str) -> Bundle:
    """Take in an ONNX file with a description beside it.

    Parameters
    ----------
    path : Path
        The ONNX file.
    folder : Path
        The backbone's own; one that is there is replaced.
    name : str
        What it is called from now on.

    Returns
    -------
    Bundle
        As it was written.

    Raises
    ------
    MissingPackageError
        Where `onnx` is not installed.
    BundleError, ConfigError
        Where a file cannot be read, or the two do not fit: what differs.
    """
    need("onnx")
    described = read_description(path)
    try:
        content = path.read_bytes()
        check_network(content)
        network = _in_our_words(content, described)
        bundle = _bundle(network, described, name=name, path=path)
        engine = bundle.network(n_threads=1)
        engine.wait()
        silence = np.full((2, described.n_frames, described.mel.n_mels), described.mel.silence)
        (found,) = engine.embeddings([silence])
    except (OSError, BundleError) as error:
        raise BundleError(f"{shown(path)}: {error}") from error
    if found.ndim != 2 or len(found) != 2:
        raise BundleError(
            f"{shown(path)}: embedding={described.embedding!r} must be of shape (n_windows, "
            f"n_embedding); for 2 windows it is {found.shape}"
        )
    write_bundle(bundle, folder)
    return bundle


def _bundle(network: bytes, described: NetworkDescription, *, name: str, path: Path) -> Bundle:
    mel = described.mel
    origin = Pretrained(
        name=name,
        source=described.source or path.name,
        version=described.version,
        sha256=hash_file(path),
        licence=described.licence,
        attribution=described.attribution,
    )
    return bundle_of(
        network,
        origin,
        classes=described.classes,
        front_end=FrontEndConfig(decode=DecodeConfig(sample_rate=mel.sample_rate), mel=mel),
        windows=described.windows,
        standardisation=described.standardisation,
    )


def _in_our_words(content: bytes, described: NetworkDescription) -> bytes:
    """Bring a network's input and outputs to the names and axes that all networks have here."""
    import onnx

    model: ModelProto = onnx.load_from_string(content)
    n_windows = _check_input(model.graph, described)
    wanted = _check_outputs(model.graph, described)
    # Names of theirs must not meet ours.
    model = onnx.compose.add_prefix(model, _THEIRS)
    graph, helper, kind = model.graph, onnx.helper, onnx.TensorProto.FLOAT
    last = [helper.make_node("Identity", [_THEIRS + wanted[name]], [name]) for name in wanted]
    sizes: dict[str, int | str] = {EMBEDDING: "n_embedding", LOGITS: len(described.classes)}
    shape = [n_windows or "n_windows", 1, described.mel.n_mels, described.n_frames]
    written = helper.make_graph(
        [*_turned(described), *graph.node, *last],
        "backbone",
        [helper.make_tensor_value_info(INPUT, kind, shape)],
        [helper.make_tensor_value_info(name, kind, ["n_windows", sizes[name]]) for name in wanted],
        [*graph.initializer, _shape(described)],
    )
    model.graph.CopyFrom(written)
    return bytes(model.SerializeToString())


def _turned(described: NetworkDescription) -> "list[NodeProto]":
    """Bring our windows, of shape (n, 1, n_mels, n_frames), into the layout of theirs."""
    from onnx import helper

    mels_first = described.layout.endswith("mels,frames")
    order = [0, 1, 2, 3] if mels_first else [0, 1, 3, 2]
    return [
        helper.make_node("Transpose", [INPUT], ["turned"], perm=order),
        helper.make_node("Reshape", ["turned", "layout"], [_THEIRS + described.input]),
    ]


def _shape(described: NetworkDescription) -> "TensorProto":
    from onnx import numpy_helper

    return numpy_helper.from_array(np.array([-1, *_sizes(described)], dtype=np.int64), "layout")


def _sizes(described: NetworkDescription) -> list[int]:
    sizes = {"1": 1, "mels": described.mel.n_mels, "frames": described.n_frames}
    return [sizes[axis] for axis in described.layout.split(",")]


def _check_outputs(graph: Any, described: NetworkDescription) -> dict[str, str]:  # noqa: ANN401
    """Find what becomes our outputs; their names by ours."""
    wanted = {EMBEDDING: described.embedding}
    wanted |= {LOGITS: described.logits} if described.classes else {}
    known = {name for node in graph.node for name in node.output}
    for ours, theirs in wanted.items():
        if theirs not in known:
            outputs = ", ".join(value.name for value in graph.output)
            raise BundleError(f"{ours}={theirs!r} must be a value in it; its outputs: {outputs}")
    return wanted


def _check_input(graph: Any, described: NetworkDescription) -> int | None:  # noqa: ANN401
    """Hold a network's input against its description; return its number of windows, if fixed."""
    weights = {tensor.name for tensor in graph.initializer}
    inputs = {value.name: value for value in graph.input if value.name not in weights}
    if [*inputs] != [described.input]:
        raise BundleError(
            f"input={described.input!r} must be the one input; it has: {', '.join(inputs)}"
        )
    shape = inputs[described.input].type.tensor_type.shape
    found = [each.dim_value or None for each in shape.dim]
    wanted: list[int | None] = [found[0] if found else None, *_sizes(described)]
    fits = len(found) == len(wanted) and all(
        size in (None, want) for size, want in zip(found, wanted, strict=True)
    )
    if not fits:
        raise BundleError(
            f"input={described.input!r} is of shape {_written(found)} in it, and of "
            f"{_written([None, *_sizes(described)])} by layout={described.layout!r}, n_mels and "
            "n_frames"
        )
    return found[0]


def _written(shape: list[int | None]) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in shape)})"
