"""A network made for the tests, as ONNX."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def level(
    *,
    n_mels: int = 96,
    n_frames: int = 200,
    n_labels: int = 2,
    n_windows: int | str = "n",
    opset: int = 20,
) -> bytes:
    """Write a network that gives the mean level of a window, and twice that, as its logits.

    Without labels it has no logits; its embedding is the mean level.
    """
    nodes = [
        helper.make_node("ReduceMean", ["windows", "axes"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "factors"], ["logits"]),
        helper.make_node("Identity", ["mean"], ["embedding"]),
    ]
    axes = numpy_helper.from_array(np.array([2, 3]), "axes")
    factors = numpy_helper.from_array(np.arange(1, n_labels + 1, dtype=np.float32), "factors")
    values = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [n_windows, *shape])
        for name, shape in (
            ("windows", (1, n_mels, n_frames)),
            ("logits", (n_labels,)),
            ("embedding", (1,)),
        )
    }
    outputs = [values["logits"], values["embedding"]]
    if not n_labels:
        del nodes[1], outputs[0]
    graph = helper.make_graph(nodes, "level", [values["windows"]], outputs, [axes, factors])
    model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", opset)])
    return bytes(model.SerializeToString())
