"""genre.inference.network_file: standard operators with their weights inside, or nothing."""

from collections.abc import Callable

import onnx
import pytest
from onnx import TensorProto, helper

from genre.errors import BundleError
from genre.inference import network_file
from genre.inference.network_file import check_network
from tests.bundles import small_bundle


def network(*nodes: onnx.NodeProto) -> onnx.ModelProto:
    """Make a network that may do anything before it gives what it got."""
    value = helper.make_tensor_value_info("windows", TensorProto.FLOAT, ["n", 1])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 1])
    last = helper.make_node("Identity", ["windows"], ["logits"])
    weight = helper.make_tensor("weight", TensorProto.FLOAT, [1], [2.0])
    return helper.make_model(
        helper.make_graph([*nodes, last], "network", [value], [logits], [weight])
    )


def test_a_trained_network_is_accepted() -> None:
    check_network(small_bundle().network_onnx or b"")
    check_network(network().SerializeToString())


def outside(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")


def outside_quietly(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].external_data.add(key="location", value="weights.bin")


def outside_in_a_node(model: onnx.ModelProto) -> None:
    tensor = helper.make_tensor("c", TensorProto.FLOAT, [1], [2.0])
    tensor.data_location = TensorProto.EXTERNAL
    model.graph.node.insert(0, helper.make_node("Constant", [], ["c"], value=tensor))


def other_domain(model: onnx.ModelProto) -> None:
    model.graph.node[0].domain = "com.example"


def with_function(model: onnx.ModelProto) -> None:
    model.functions.add(name="mine", domain="com.example")


def random(model: onnx.ModelProto) -> None:
    model.graph.node.insert(0, helper.make_node("RandomNormalLike", ["windows"], ["r"]))


def branch(model: onnx.ModelProto) -> None:
    inner = helper.make_graph([], "inner", [], [])
    node = helper.make_node("If", ["windows"], ["r"], then_branch=inner, else_branch=inner)
    model.graph.node.insert(0, node)


def sparse(model: onnx.ModelProto) -> None:
    model.graph.sparse_initializer.add().dims.append(3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (outside, "must not ask for other files: its weights must be inside"),
        (outside_quietly, "must not ask for other files"),
        (outside_in_a_node, "must not ask for other files"),
        (other_domain, r"its operator com\.example\.Identity must be one of ONNX's own"),
        (with_function, "must not define functions of its own"),
        (random, "its operator RandomNormalLike must not draw random numbers"),
        (branch, "its operator If must not hold a graph of its own"),
        (sparse, "nor hold sparse weights"),
    ],
)
def test_what_no_network_needs_is_refused(
    change: Callable[[onnx.ModelProto], None], message: str
) -> None:
    model = network()
    change(model)
    with pytest.raises(BundleError, match=message):
        check_network(model.SerializeToString())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip file", b"\x00" * 100, b"{}"])
def test_another_kind_of_file_is_refused(content: bytes) -> None:
    with pytest.raises(BundleError, match="it must be a file of the ONNX format"):
        check_network(content)


def test_a_file_of_any_size_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_file, "MAX_BYTES", 2**20)
    with pytest.raises(BundleError, match="it must have at most 1 MB"):
        check_network(b"\x00" * (2**20 + 1))
