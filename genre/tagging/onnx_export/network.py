"""A bundle's network as it is put into other models: from windows to logits alone."""

from typing import Any

import onnx
from onnx.utils import Extractor

from genre.errors import BundleError
from genre.inference.network import INPUT, LOGITS, OPSET


def logits_network(network_onnx: bytes) -> Any:  # noqa: ANN401 - onnx's ModelProto
    """Leave out of a network what only its embedding needs.

    Parameters
    ----------
    network_onnx : bytes
        From a bundle, which has checked it.

    Returns
    -------
    ModelProto
        From windows to logits.

    Raises
    ------
    BundleError
        On operators of another version than those of the graph around it.
    """
    model = onnx.load_from_string(network_onnx)
    version = next((entry.version for entry in model.opset_import if not entry.domain), None)
    if version != OPSET:
        raise BundleError(f"opset={version} of the network must be {OPSET} to be exported")
    return Extractor(model).extract_model([INPUT], [LOGITS])
