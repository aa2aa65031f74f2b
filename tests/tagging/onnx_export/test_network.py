"""A bundle's network without its embedding: genre.tagging.onnx_export.network."""

import pytest

from genre.errors import BundleError

onnx = pytest.importorskip("onnx")

from genre.tagging.onnx_export.network import logits_network  # noqa: E402

NETWORK = """
<ir_version: 10, opset_import: ["" : 20]>
network (float[n_windows, 1, 2, 2] windows)
    => (float[n_windows, 4] logits, float[n_windows, 4] embedding)
<float[4] bias = {1.0, 2.0, 3.0, 4.0}, float[4] unheard = {1.0, 2.0, 3.0, 4.0}>
{
    flat = Flatten <axis = 1> (windows)
    embedding = Mul (flat, unheard)
    logits = Add (flat, bias)
}
"""


def test_what_the_embedding_alone_needs_is_left_out() -> None:
    network = onnx.parser.parse_model(NETWORK)
    left = logits_network(network.SerializeToString())
    assert [node.op_type for node in left.graph.node] == ["Flatten", "Add"]
    assert [tensor.name for tensor in left.graph.initializer] == ["bias"]
    assert [value.name for value in (*left.graph.input, *left.graph.output)] == [
        "windows",
        "logits",
    ]


def test_operators_of_another_version_are_refused() -> None:
    network = onnx.parser.parse_model(NETWORK.replace('"" : 20', '"" : 21'))
    with pytest.raises(BundleError, match="opset=21 of the network must be 20"):
        logits_network(network.SerializeToString())
