"""A network in whole numbers of 8 bits: a quarter of the size and about twice as fast.

Convolutions are computed with one scale for each output channel and one for each input, found on
windows of music. What takes little time stays in float32: the linear layers, and convolutions of a
map or two, as the first one and those of spatial attention are, which would lose accuracy and no
time. The operators are ONNX's own, so that every runtime has them.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from numpy.typing import NDArray

from genre.errors import BundleError
from genre.inference.network import INPUT
from genre.inference.runtime import import_runtime

MIN_CHANNELS = 4
"""A convolution over fewer maps stays in float32."""


def quantised(network_onnx: bytes, windows: Iterable[NDArray[np.float32]]) -> bytes:
    """Write a network in whole numbers of 8 bits.

    Parameters
    ----------
    network_onnx : bytes
        From a bundle, which has checked it.
    windows : iterable of ndarray of shape (n_windows, 1, n_mels, window_frames), float32
        Standardised windows of music such as the model is for, some at a time; hundreds suffice.

    Returns
    -------
    bytes
        With the same input and outputs.

    Raises
    ------
    BundleError
        Where the network has no convolution to gain by.
    """
    import_runtime()  # before its parts, which take a second to load
    from onnxruntime.quantization import quantize_static

    model = onnx.load_from_string(network_onnx)
    wide = _wide_convolutions(model)
    if not wide:
        raise BundleError(
            f"the network must have a convolution over {MIN_CHANNELS} maps or more to gain by int8"
        )
    # Else it advises, on the root logger, to fold what the export has folded.
    onnx.helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "int8.onnx"
        quantize_static(
            model,
            path,
            _Reader(iter(windows)),
            op_types_to_quantize=["Conv"],
            nodes_to_quantize=wide,
            per_channel=True,
        )
        return path.read_bytes()


class _Reader:
    """Hands windows to onnxruntime, which knows a `CalibrationDataReader` by its method."""

    def __init__(self, windows: Iterator[NDArray[np.float32]]) -> None:
        self._windows = windows

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """Return the next batch by the name of the input; None after the last."""
        batch = next(self._windows, None)
        return None if batch is None else {INPUT: batch}


def _wide_convolutions(model: onnx.ModelProto) -> list[str]:
    n_channels = {
        tensor.name: tensor.dims[1] for tensor in model.graph.initializer if len(tensor.dims) > 1
    }
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    return [node.name for node in convolutions if n_channels.get(node.input[1], 0) >= MIN_CHANNELS]
