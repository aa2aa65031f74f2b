"""What a network's ONNX file may hold: looked at before any runtime takes it up.

A file of the ONNX format can ask for other files, for code of other libraries, and for loops; a
trained network needs none of them. Only the outline is read here (`onnx` itself is for training):
the messages of onnx.proto (ONNX IR version 10) with the fields that matter.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from genre.errors import BundleError

MAX_BYTES = 2**30
"""A GiB; a small network has one to thirty MB, a large pre-trained one 400."""

# Fields of messages as (name, number, type); a star stands for any number of them.
_MESSAGES: dict[str, list[tuple[str, int, str]]] = {
    "Model": [("graph", 7, "Graph"), ("functions", 25, "Any*")],
    "Graph": [("node", 1, "Node*"), ("initializer", 5, "Tensor*"), ("sparse", 15, "Any*")],
    "Node": [("op_type", 4, "text"), ("attribute", 5, "Attribute*"), ("domain", 7, "text")],
    "Attribute": [
        *(("tensor", 5, "Tensor"), ("tensors", 10, "Tensor*"), ("graph", 6, "Any")),
        *(("graphs", 11, "Any*"), ("sparse", 22, "Any"), ("sparses", 23, "Any*")),
    ],
    "Tensor": [("external_data", 13, "Any*"), ("data_location", 14, "number")],
    "Any": [],
}
_STANDARD = ("", "ai.onnx")
# The same sound must have the same score each time.
_RANDOM = {"Bernoulli", "Multinomial", "RandomNormal", "RandomUniform"}


def check_network(model: bytes) -> None:
    """Refuse a network that is more than a chain of standard operators with its weights inside.

    Parameters
    ----------
    model : bytes
        What `network.onnx` holds.

    Raises
    ------
    BundleError
        With the reason.
    """
    if len(model) > MAX_BYTES:
        raise BundleError(f"it must have at most {MAX_BYTES // 2**20} MB")
    outline = _outline()()
    try:
        outline.ParseFromString(model)
    except DecodeError as error:
        raise BundleError("it must be a file of the ONNX format") from error
    if not outline.graph.node:
        raise BundleError("it must be a file of the ONNX format, with a graph")
    if outline.functions or outline.graph.sparse:
        raise BundleError("it must not define functions of its own, nor hold sparse weights")
    for tensor in _tensors(outline.graph):
        if tensor.external_data or tensor.data_location:
            raise BundleError("it must not ask for other files: its weights must be inside")
    for node in outline.graph.node:
        _check_node(node)


def _check_node(node: Any) -> None:  # noqa: ANN401 - made at run time
    name, domain = (text.decode("utf-8", "replace") for text in (node.op_type, node.domain))
    if domain not in _STANDARD:
        raise BundleError(f"its operator {domain}.{name} must be one of ONNX's own")
    if name.removesuffix("Like") in _RANDOM:
        raise BundleError(f"its operator {name} must not draw random numbers")
    for attribute in node.attribute:
        if attribute.HasField("graph") or attribute.graphs:
            raise BundleError(f"its operator {name} must not hold a graph of its own")
        if attribute.HasField("sparse") or attribute.sparses:
            raise BundleError(f"its operator {name} must not hold sparse weights")


def _tensors(graph: Any) -> Iterator[Any]:  # noqa: ANN401
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("tensor"):
                yield attribute.tensor
            yield from attribute.tensors


@cache
def _outline() -> Any:  # noqa: ANN401
    """Make the class of the outermost message."""
    kinds = descriptor_pb2.FieldDescriptorProto
    plain = {"text": kinds.TYPE_BYTES, "number": kinds.TYPE_INT32}
    file = descriptor_pb2.FileDescriptorProto(name="genre/outline.proto", package="genre")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            added = message.field.add(name=field, number=number)
            any_number = kind.endswith("*")
            added.label = kinds.LABEL_REPEATED if any_number else kinds.LABEL_OPTIONAL
            added.type = plain.get(kind, kinds.TYPE_MESSAGE)
            if kind not in plain:
                added.type_name = f".genre.{kind.rstrip('*')}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("genre.Model"))
