"""The end of the graph: genre.tagging.onnx_export.scores."""

from dataclasses import replace

import pytest

from genre.errors import BundleError
from genre.inference import AGGREGATIONS
from genre.tagging.onnx_export.scores import TextNodes, aggregation_nodes


def test_nodes_are_lines_of_onnx_s_own_text() -> None:
    nodes = TextNodes()
    five = nodes.whole(5)
    best = nodes.add("TopK", nodes.windows, five, n_outputs=2, axis=0)
    mean = nodes.add("ReduceMean", best, nodes.first_axis, keepdims=0)
    assert nodes.add("Neg", mean) == "aggregated_3"
    assert nodes.lines == [
        "aggregated_0 = Constant <value_ints = [5]> ()",
        "aggregated_1, aggregated_1_1 = TopK <axis = 0> (x, aggregated_0)",
        "aggregated_2 = ReduceMean <keepdims = 0> (aggregated_1, zero)",
        "aggregated_3 = Neg (aggregated_2)",
    ]


def test_an_aggregation_without_onnx_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = replace(AGGREGATIONS["max"], title="the loudest window", onnx=None)
    monkeypatch.setitem(AGGREGATIONS, "loud", bare)
    message = r"aggregation='loud' \(the loudest window\) must be one of mean, .* to be exported"
    with pytest.raises(BundleError, match=message):
        aggregation_nodes("loud")
