"""Several pre-trained networks that hear as one: their embeddings side by side, window by window.

A window is as long as the longest of theirs. What hears less at a time listens as often as it takes
to hear all of it, evenly spread, and its embeddings are averaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genre.audio.rows import FrontEnd, RowFrontEnd, RowPart
from genre.audio.windows import to_frames
from genre.backbones.bundling import bundle_of
from genre.backbones.graph import Graph
from genre.errors import BundleError
from genre.extras import need
from genre.inference.bundle import Bundle
from genre.inference.network import OPSET

if TYPE_CHECKING:
    from onnx import ModelProto

# Of a window: what is left over by less is not listened to once more.
_SPARE = 0.1


@dataclass(frozen=True)
class _Ear:
    """One of the networks, and where its part of a row lies."""

    number: int
    bundle: Bundle
    part: RowPart
    n_frames: int
    column: int

    @property
    def n_columns(self) -> int:
        """Numbers of its part."""
        return self.part.n_mels * self.n_frames

    @property
    def starts(self) -> NDArray[np.int64]:
        """Frames of its part at which it listens."""
        own = to_frames(self.bundle.windows.window_seconds, self.part)
        n_times = max(1, int(np.ceil(self.n_frames / own - _SPARE)))
        return np.rint(np.linspace(0, self.n_frames - own, n_times)).astype(np.int64)


def join(networks: Sequence[Bundle]) -> Bundle:
    """Make one backbone of several.

    Parameters
    ----------
    networks : sequence of Bundle
        From `load_backbone`: at least two, which hear spectrograms or the waveform.

    Returns
    -------
    Bundle
        With embeddings alone, named after all of them: ``musicnn+aisfx``.

    Raises
    ------
    MissingPackageError
        Where `onnx` is not installed.
    BundleError
        Where one cannot be joined with others.
    """
    need("onnx")
    longest = max(networks, key=lambda network: network.windows.window_seconds)
    parts = tuple(_part(network) for network in networks)
    front_end = RowFrontEnd(
        decode=replace(networks[0].front_end.decode, sample_rate=parts[0].sample_rate),
        parts=parts,
        windows=longest.windows,
    )
    ears, column = list[_Ear](), 0
    for network, part, (_, n_frames) in zip(networks, parts, front_end.shapes, strict=True):
        ears.append(_Ear(len(ears), network, part, n_frames, column))
        column += ears[-1].n_columns
    origins = tuple(network.backbones[0] for network in networks)
    joined = bundle_of(
        _network(ears, front_end),
        origins[0],
        classes=(),
        front_end=front_end,
        windows=front_end.windows,
    )
    return replace(
        joined,
        model_name="+".join(origin.name for origin in origins),
        backbones=origins,
        licence_text=licences_of(networks),
    )


def licences_of(networks: Sequence[Bundle]) -> str:
    """Put the texts of the licences of several networks below each other.

    Parameters
    ----------
    networks : sequence of Bundle
        Those that have none add nothing.
    """
    return "\n\n".join(network.licence_text for network in networks if network.licence_text)


def _part(network: Bundle) -> RowPart:
    front_end: FrontEnd = network.front_end
    if not isinstance(front_end, RowFrontEnd):
        return RowPart(sample_rate=front_end.mel.sample_rate, mel=front_end.mel)
    if len(front_end.parts) > 1:
        raise BundleError(f"{network.model_name} must be one network to be joined with others")
    return front_end.parts[0]


def _network(ears: Sequence[_Ear], front_end: RowFrontEnd) -> bytes:
    """Write all of them as one ONNX, from rows to embeddings."""
    graph = Graph(n_mels=front_end.n_columns, n_frames=1)
    found = [_listen(graph, ear) for ear in ears]
    return graph.written(embedding=graph.add("Concat", *found, axis=1))


def _listen(graph: Graph, ear: _Ear) -> str:
    """Add a network to the graph; return the name of its embedding of each row."""
    values = _cut(graph, graph.windows, ear.column, ear.column + ear.n_columns, axis=2)
    values = graph.add("Reshape", values, np.array([-1, 1, ear.part.n_mels, ear.n_frames]))
    bands = ear.bundle.standardisation
    for operator, numbers in (("Sub", bands.mean), ("Div", bands.deviation)):
        values = graph.add(operator, values, np.array(numbers).reshape(1, 1, -1, 1))
    own = to_frames(ear.bundle.windows.window_seconds, ear.part)
    starts = ear.starts.tolist()
    heard = [_cut(graph, values, start, start + own, axis=3) for start in starts]
    windows = graph.add("Concat", *heard, axis=0)
    if ear.part.mel is None:
        windows = graph.add("Transpose", windows, perm=[0, 1, 3, 2])
    each = graph.include(_operators_of_ours(ear), windows, prefix=f"{ear.number}/")
    # From (n_times * n_rows, n_embedding) to the mean over the times.
    apart = graph.add("Reshape", graph.add("Transpose", each), np.array([0, len(starts), -1]))
    return graph.add("Transpose", graph.add("ReduceMean", apart, np.array([1]), keepdims=0))


def _cut(graph: Graph, values: str, start: int, end: int, *, axis: int) -> str:
    return graph.add("Slice", values, *(np.array([number]) for number in (start, end, axis)))


def _operators_of_ours(ear: _Ear) -> "ModelProto":
    import onnx

    model = onnx.load_model_from_string(ear.bundle.network_onnx or b"")
    if model.opset_import[0].version == OPSET:
        return model
    try:
        return onnx.version_converter.convert_version(model, OPSET)
    except (RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        name = ear.bundle.backbones[0].name
        raise BundleError(f"{name} must fit beside other networks: {reason}") from error
