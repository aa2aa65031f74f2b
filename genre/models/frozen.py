"""A head on a frozen pre-trained network: trained apart, used as one network."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, compose, helper, numpy_helper
from torch import nn

from genre.errors import BundleError
from genre.inference.network import EMBEDDING, LOGITS, OPSET

_IR_VERSION = 10
_CENTRED, _STANDARD = "head/centred", "head/standard"
_PREFIX = "backbone/"


@dataclass(frozen=True, kw_only=True)
class FrozenConfig:
    """What a configuration with a frozen network is built of.

    Parameters
    ----------
    backbone : str
        Name of the pre-trained network.
    network_sha256 : str
        Of the file that holds it.
    features : str
        Fingerprint of the embeddings: its front end and windows, too.
    hidden : int
        Units between the two linear layers of the head; 0 leaves one layer.
    """

    backbone: str
    network_sha256: str
    features: str
    hidden: int = 0


class Head(nn.Module):
    """One linear layer, or two, on standardised embeddings.

    Parameters
    ----------
    mean, deviation : Tensor of shape (n_embedding,)
        Of the embeddings of training windows; what never varies is left at 0.
    n_labels : int
        Number of genres.
    hidden : int
        Units of the layer between; 0 for none.
    """

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(
        self, mean: torch.Tensor, deviation: torch.Tensor, *, n_labels: int, hidden: int = 0
    ) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", torch.where(deviation > 1e-6, deviation, 1e6))
        sizes = (len(mean), hidden, n_labels) if hidden else (len(mean), n_labels)
        self.layers = nn.ModuleList(nn.Linear(n_in, n_out) for n_in, n_out in pairwise(sizes))

    @property
    def linear(self) -> list[nn.Linear]:
        """Its layers, the first one first."""
        return [layer for layer in self.layers if isinstance(layer, nn.Linear)]

    def forward(self, embedding: torch.Tensor) -> torch.Tensor:
        """Score windows.

        Parameters
        ----------
        embedding : Tensor of shape (batch, n_embedding)
            As the pre-trained network gives them.

        Returns
        -------
        Tensor of shape (batch, n_labels)
            Logits.
        """
        values = (embedding - self.mean) / self.deviation
        for number, layer in enumerate(self.layers):
            values = layer(values.relu() if number else values)
        return values


def head_network(head: Head) -> bytes:
    """Write a head by itself as ONNX, from `embedding` to `logits`.

    Parameters
    ----------
    head : Head
        Trained.
    """
    n_embedding = len(head.mean)
    graph = helper.make_graph(
        list(_nodes(head)),
        "head",
        [helper.make_tensor_value_info(EMBEDDING, TensorProto.FLOAT, ["n_windows", n_embedding])],
        [_logits_of(head)],
        _weights(head),
    )
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, ir_version=_IR_VERSION, opset_imports=opset)
    return bytes(model.SerializeToString())


def whole_network(backbone: bytes, head: Head) -> bytes:
    """Put a head on a pre-trained network: one file from `windows` to `logits` and `embedding`.

    Parameters
    ----------
    backbone : bytes
        Its `network.onnx`; what it says in its own words falls away.
    head : Head
        Trained on its embeddings.

    Returns
    -------
    bytes
        In the operators' version of the backbone.

    Raises
    ------
    BundleError
        Where the two do not fit together.
    """
    try:
        model = onnx.load_model_from_string(backbone)
        # All names but the input's are free for the head then.
        model = compose.add_prefix(model, _PREFIX, rename_inputs=False)
        _keep_embedding(model.graph)
        model.graph.node.extend([_named(), *_nodes(head)])
        model.graph.initializer.extend(_weights(head))
        model.graph.output.insert(0, _logits_of(head))
        onnx.checker.check_model(model)
    except (onnx.checker.ValidationError, ValueError, IndexError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BundleError(f"the pre-trained network must take a head: {reason}") from error
    return bytes(model.SerializeToString())


def _keep_embedding(graph: Any) -> None:  # noqa: ANN401 - onnx's GraphProto
    """Take everything out of a graph that its embedding does not need, and name that again."""
    needed, kept = {_PREFIX + EMBEDDING}, []
    for node in reversed(graph.node):
        if needed & set(node.output):
            needed |= set(node.input)
            kept.append(node)
    weights = [tensor for tensor in graph.initializer if tensor.name in needed]
    outputs = [value for value in graph.output if value.name == _PREFIX + EMBEDDING]
    outputs[0].name = EMBEDDING
    for values, left in (
        (graph.node, kept[::-1]),
        (graph.initializer, weights),
        (graph.output, outputs),
        (graph.value_info, []),
    ):
        del values[:]
        values.extend(left)


def _named() -> Any:  # noqa: ANN401 - onnx's NodeProto
    return helper.make_node("Identity", [_PREFIX + EMBEDDING], [EMBEDDING])


def _nodes(head: Head) -> Iterator[Any]:
    yield helper.make_node("Sub", [EMBEDDING, "head/mean"], [_CENTRED])
    yield helper.make_node("Div", [_CENTRED, "head/deviation"], [_STANDARD])
    values, last = _STANDARD, len(head.linear) - 1
    for number in range(last + 1):
        if number:
            yield helper.make_node("Relu", [values], ["head/hidden"])
            values = "head/hidden"
        found = LOGITS if number == last else "head/linear"
        weights = [f"head/weight{number}", f"head/bias{number}"]
        yield helper.make_node("Gemm", [values, *weights], [found], transB=1)
        values = found


def _weights(head: Head) -> list[Any]:
    values = {"head/mean": head.mean, "head/deviation": head.deviation}
    for number, layer in enumerate(head.linear):
        values |= {f"head/weight{number}": layer.weight, f"head/bias{number}": layer.bias}
    return [numpy_helper.from_array(_numbers(tensor), name) for name, tensor in values.items()]


def _logits_of(head: Head) -> Any:  # noqa: ANN401 - onnx's ValueInfoProto
    n_labels = len(head.linear[-1].bias)
    return helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, ["n_windows", n_labels])


def _numbers(tensor: torch.Tensor) -> NDArray[np.float32]:
    return tensor.detach().cpu().numpy().astype(np.float32)
