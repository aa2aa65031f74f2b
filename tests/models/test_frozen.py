"""A head on a frozen network as one: genre.models.frozen."""

from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch

from genre.errors import BundleError
from genre.inference.network import EMBEDDING, LOGITS, OnnxNetwork, open_session
from genre.models.frozen import Head, head_network, whole_network
from tests.networks import level
from tests.pretrained_examples import N_FRAMES, N_MELS, small_backbone


def head_of(*, hidden: int = 0) -> Head:
    head = Head(torch.tensor([2.0]), torch.tensor([4.0]), n_labels=3, hidden=hidden)
    for layer in head.linear:
        torch.nn.init.normal_(layer.weight)
        torch.nn.init.normal_(layer.bias)
    return head


def test_one_layer_by_hand() -> None:
    head = head_of()
    head.linear[0].weight.data = torch.tensor([[1.0], [0.0], [-2.0]])
    head.linear[0].bias.data = torch.tensor([0.0, 7.0, 0.5])
    # (10 - 2) / 4 = 2
    assert head(torch.tensor([[10.0]])).tolist() == [[2.0, 7.0, -3.5]]


def test_what_never_varied_says_nothing() -> None:
    head = Head(torch.zeros(2), torch.tensor([1.0, 0.0]), n_labels=1)
    head.linear[0].weight.data = torch.ones(1, 2)
    head.linear[0].bias.data = torch.zeros(1)
    assert head(torch.tensor([[3.0, 50.0]])).item() == pytest.approx(3.0, abs=1e-3)


@pytest.mark.parametrize("hidden", [0, 5])
def test_the_head_as_onnx_gives_torchs_logits(hidden: int) -> None:
    head = head_of(hidden=hidden)
    rows = np.random.default_rng(0).normal(0, 5, (7, 1)).astype(np.float32)
    session = open_session(head_network(head), {EMBEDDING: (1,), LOGITS: (3,)})
    (found,) = session.run([LOGITS], {EMBEDDING: rows})
    expected = head(torch.from_numpy(rows)).detach().numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("hidden", [0, 5])
@pytest.mark.parametrize("genres", [("loud", "louder"), ()])
def test_the_whole_is_the_head_of_the_embedding(hidden: int, genres: tuple[str, ...]) -> None:
    backbone, head = small_backbone(genres), head_of(hidden=hidden)
    assert backbone.network_onnx is not None
    whole = whole_network(backbone.network_onnx, head)
    rng = np.random.default_rng(0)
    windows = rng.normal(0, 5, (4, N_FRAMES, N_MELS)).astype(np.float32)
    network = OnnxNetwork(whole, backbone.windowing, n_labels=3, n_threads=1)
    (logits,), (embeddings,) = network.over([windows]), network.embeddings([windows])
    np.testing.assert_allclose(embeddings[:, 0], windows.mean(axis=(1, 2)), atol=1e-5)
    expected = head(torch.from_numpy(embeddings)).detach().numpy()
    np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_what_the_backbone_said_itself_falls_away() -> None:
    whole = onnx.load_model_from_string(whole_network(level(opset=18), head_of()))
    assert [output.name for output in whole.graph.output] == [LOGITS, EMBEDDING]
    assert "backbone/factors" not in {tensor.name for tensor in whole.graph.initializer}
    assert [node.op_type for node in whole.graph.node].count("Mul") == 0
    assert whole.opset_import[0].version == 18  # the backbone's


def test_what_is_no_network_takes_no_head() -> None:
    model = onnx.load_model_from_string(level())
    del model.graph.output[1]
    with pytest.raises(BundleError, match="the pre-trained network must take a head"):
        whole_network(model.SerializeToString(), head_of())


def test_a_bundle_of_both_is_one_that_can_be_used() -> None:
    backbone = small_backbone()
    whole = whole_network(backbone.network_onnx or b"", head_of())
    bundle = replace(backbone, network_onnx=whole, genres=("a", "b", "c"), thresholds=(0.5,) * 3)
    bundle.network(n_threads=1).wait()
