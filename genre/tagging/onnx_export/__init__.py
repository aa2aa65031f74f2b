"""One ONNX model from a waveform to scores, made from a bundle and checked against it."""

from genre.tagging.onnx_export.checking import OnnxModel, excerpts, largest_difference
from genre.tagging.onnx_export.exporting import need_onnx, to_onnx

__all__ = ["OnnxModel", "excerpts", "largest_difference", "need_onnx", "to_onnx"]
