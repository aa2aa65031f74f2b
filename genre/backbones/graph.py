"""Networks written as ONNX, node by node; needs `onnx`."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genre.inference.network import EMBEDDING, INPUT, LOGITS, OPSET

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

# What opset 20 came with (onnx/docs/Versioning.md).
_IR_VERSION = 9


def count_weights(model: bytes) -> int:
    """Count the numbers that a network holds.

    Parameters
    ----------
    model : bytes
        An ONNX file.
    """
    import onnx

    tensors = onnx.load_from_string(model).graph.initializer
    return sum(math.prod(tensor.dims) for tensor in tensors)


class Graph:
    """A network that is written: from windows to an embedding and perhaps logits.

    Parameters
    ----------
    n_mels : int
        Of a window.
    n_frames : int
        Likewise.

    """

    windows = INPUT

    def __init__(self, *, n_mels: int, n_frames: int) -> None:
        import onnx

        self._onnx = onnx
        self.n_mels = n_mels
        self._shape = (1, n_mels, n_frames)
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def add(
        self, operator: str, *inputs: str | NDArray[np.generic], **attributes: int | list[int]
    ) -> str:
        """Add a node and return the name of what it gives.

        Parameters
        ----------
        operator : str
            One of ONNX's own.
        *inputs : str or ndarray
            Names of what other nodes give, and constants.
        **attributes
            Of the operator.
        """
        name = f"value_{len(self._nodes)}"
        names = [each if isinstance(each, str) else self._constant(each) for each in inputs]
        node = self._onnx.helper.make_node(operator, names, [name])
        make = self._onnx.helper.make_attribute
        node.attribute.extend(make(key, value) for key, value in attributes.items())
        self._nodes.append(node)
        return name

    def scaled(self, value: str, factor: NDArray[np.floating], offset: NDArray[np.floating]) -> str:
        """Multiply and add numbers channel by channel.

        Parameters
        ----------
        value : str
            Of shape (n, n_channels, n_frames).
        factor, offset : ndarray of shape (n_channels,)
            One number for each channel.
        """
        factors, offsets = (
            np.asarray(each, dtype=np.float32).reshape(-1, 1) for each in (factor, offset)
        )
        return self.add("Add", self.add("Mul", value, factors), offsets)

    def include(self, model: "ModelProto", heard: str, *, prefix: str) -> str:
        """Add a whole network and return the name of its embedding.

        Parameters
        ----------
        model : ModelProto
            As `written` writes it; in this version of the operators.
        heard : str
            What its windows are.
        prefix : str
            Put before each of its names.
        """
        model = self._onnx.compose.add_prefix(model, prefix)
        windows = self._onnx.helper.make_node("Identity", [heard], [prefix + INPUT])
        self._nodes.extend([windows, *model.graph.node])
        self._constants.extend(model.graph.initializer)
        return prefix + EMBEDDING

    def written(self, *, embedding: str, logits: str | None = None, n_labels: int = 0) -> bytes:
        """Write the file.

        Parameters
        ----------
        embedding : str
            What becomes the embedding, of shape (n, n_embedding).
        logits : str or None
            What becomes the logits, of shape (n, n_labels); None where there are none.
        n_labels : int
            Of the logits.

        Returns
        -------
        bytes
            For `genre.inference.network.OnnxNetwork`.
        """
        helper, kind = self._onnx.helper, self._onnx.TensorProto.FLOAT
        given = {EMBEDDING: embedding} | ({LOGITS: logits} if logits is not None else {})
        for name, value in given.items():
            self._nodes.append(helper.make_node("Identity", [value], [name]))
        sizes: dict[str, tuple[int | str, ...]] = {EMBEDDING: ("n_embedding",), LOGITS: (n_labels,)}
        graph = helper.make_graph(
            self._nodes,
            "backbone",
            [helper.make_tensor_value_info(INPUT, kind, ["n_windows", *self._shape])],
            [
                helper.make_tensor_value_info(name, kind, ["n_windows", *sizes[name]])
                for name in given
            ],
            self._constants,
        )
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, ir_version=_IR_VERSION, opset_imports=opsets)
        self._onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString())

    def _constant(self, values: NDArray[np.generic]) -> str:
        name = f"constant_{len(self._constants)}"
        if values.dtype.kind == "f":
            values = values.astype(np.float32)
        values = np.ascontiguousarray(values)
        self._constants.append(self._onnx.numpy_helper.from_array(values, name))
        return name
