"""aisfx: embeddings of sound effects.

A. B. Ma and A. Lerch, "Representation learning for the automatic indexing of sound effects
libraries", ISMIR (2022). Four blocks of two convolutions each, of which the first three are
followed by a maximum over two by two; then the mean over frequency and the maximum over time. The
heads that it was trained with have no names for their classes and are left out.
"""

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from genre.audio.decoder import DecodeConfig
from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.backbones.graph import Graph

Tensors = Mapping[str, NDArray[np.float32]]
Floats = NDArray[np.float64]

N_FRAMES = 100
_SAMPLE_RATE, _HOP = 44100, 1024
FRONT_END = FrontEndConfig(
    decode=DecodeConfig(sample_rate=_SAMPLE_RATE),
    mel=MelConfig(
        sample_rate=_SAMPLE_RATE,
        hop_length=_HOP,
        f_max=22050.0,
        mel_scale="htk",
        filter_norm="sum",
        compression="log10",
        log_divisor=9.457798957824707,  # the largest value of its training set
        normalise_peak=True,
    ),
)
_WINDOW_SECONDS = N_FRAMES * _HOP / _SAMPLE_RATE
# Half a window on, as the package itself does.
WINDOWS = WindowConfig(
    window_seconds=_WINDOW_SECONDS, step_seconds=_WINDOW_SECONDS / 2, min_tail_seconds=0.5
)

_EPSILON = 1e-5
_BLOCKS, _POOLED = (1, 2, 3, 4), (1, 2, 3)


def _layer(tensors: Tensors, block: int, number: int) -> tuple[Floats, Floats, Floats]:
    """Read a convolution, and the normalisation behind it as a factor and an offset."""
    prefix = f"embedding_net.conv_block{block}"
    kernel, gamma, beta, mean, variance = (
        tensors[f"{prefix}.{part}"].astype(np.float64)
        for part in (
            f"conv{number}.weight",
            *(f"bn{number}.{part}" for part in ("weight", "bias", "running_mean", "running_var")),
        )
    )
    factor = gamma / np.sqrt(variance + _EPSILON)
    return kernel, factor, beta - mean * factor


def write_network(tensors: Tensors, *, n_mels: int, n_frames: int) -> bytes:
    """Write the network as ONNX.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        From `genre.backbones.torch_checkpoint.read_checkpoint`.
    n_mels : int
        Of a window.
    n_frames : int
        Likewise.

    Returns
    -------
    bytes
        With an embedding alone.
    """
    graph = Graph(n_mels=n_mels, n_frames=n_frames)
    value = graph.windows
    for block in _BLOCKS:
        for number in (1, 2):
            kernel, factor, offset = _layer(tensors, block, number)
            # Time is its first axis, and the last one of a window here.
            weights = (kernel * factor[:, None, None, None]).transpose(0, 1, 3, 2)
            value = graph.add("Conv", value, weights, offset, pads=[1, 1, 1, 1])
            value = graph.add("Relu", value)
        if block in _POOLED:
            value = graph.add("MaxPool", value, kernel_shape=[2, 2], strides=[2, 2])
    axis = np.array([2], dtype=np.int64)
    over_frequency = graph.add("ReduceMean", value, axis, keepdims=0)
    return graph.written(embedding=graph.add("ReduceMax", over_frequency, axis, keepdims=0))


def compute(tensors: Tensors, window: NDArray[np.floating]) -> tuple[Floats, None]:
    """Compute what the network says of a window, layer by layer as it was published.

    In plain numpy and float64, without anything that `write_network` does: what was written is held
    against it.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        As for `write_network`.
    window : ndarray of shape (n_mels, n_frames)
        As the network takes it.

    Returns
    -------
    tuple of ndarray of shape (n_embedding,) and None
        Embedding, and no logits.
    """
    value = window.T.astype(np.float64)[None]  # (n_channels, n_frames, n_mels)
    for block in _BLOCKS:
        for number in (1, 2):
            kernel, factor, offset = _layer(tensors, block, number)
            padded = np.pad(value, ((0, 0), (1, 1), (1, 1)))
            views = sliding_window_view(padded, (3, 3), axis=(1, 2))
            seen = np.einsum("ctfij,ocij->otf", views, kernel, optimize=True)
            value = np.maximum(seen * factor[:, None, None] + offset[:, None, None], 0.0)
        if block in _POOLED:
            n_channels, n_times, n_places = value.shape
            even = value[:, : n_times // 2 * 2, : n_places // 2 * 2]
            value = even.reshape(n_channels, n_times // 2, 2, n_places // 2, 2).max(axis=(2, 4))
    return np.asarray(value.mean(axis=2).max(axis=1)), None
