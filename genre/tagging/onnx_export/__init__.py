"""One ONNX model from a waveform to scores, made from a bundle and checked against it."""

from typing import TYPE_CHECKING

from genre.lazy import offer
from genre.tagging.onnx_export.checking import OnnxModel, excerpts, largest_difference
from genre.tagging.onnx_export.exporting import to_onnx

if TYPE_CHECKING:
    from genre.tagging.onnx_export.quantising import quantised

__all__ = ["OnnxModel", "excerpts", "largest_difference", "quantised", "to_onnx"]

# onnx itself is for training; a model that is there can be used without.
__getattr__, __dir__ = offer(__name__, {"quantising": ["quantised"]})
