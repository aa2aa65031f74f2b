"""genre.models.bundle: a network of torch comes back as it was, or says what is wrong with it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from genre import plugins
from genre.errors import BundleError
from genre.inference.bundle import load_bundle
from genre.models.bundle import load_network, save_bundle, with_network
from tests.bundles import network_of, small_bundle, write_bundle


def test_a_network_comes_back(tmp_path: Path) -> None:
    bundle = small_bundle()
    network = network_of(bundle)
    with torch.no_grad():
        for weights in network.parameters():
            weights.normal_()
    bundle = with_network(bundle, network)
    save_bundle(bundle, network, tmp_path / "b")
    again = load_network(load_bundle(tmp_path / "b"), tmp_path / "b")
    assert not again.training
    for (name, ours), theirs in zip(
        network.state_dict().items(), again.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0, msg=name)


def test_size_and_onnx_are_the_networks() -> None:
    plain = replace(small_bundle(), network_onnx=None, n_parameters=0)
    network = network_of(plain)
    bundle = with_network(plain, network)
    assert bundle.n_parameters == sum(weights.numel() for weights in network.parameters())
    bundle.network().wait()


def test_a_bundle_without_onnx_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="must have its network as ONNX"):
        write_bundle(replace(small_bundle(), network_onnx=None), tmp_path / "b")
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"name": "vgg", "config": {}}, "model='vgg' must be one of"),
        ({"name": "spectrogram_cnn", "config": {"channels": [3]}}, "the bundle cannot be used"),
        ({"name": "spectrogram_cnn", "config": {"channels": [10**30]}}, "cannot be used"),
        ({"name": "spectrogram_cnn", "config": {"colour": 3}}, "has no key 'colour'"),
    ],
)
def test_an_architecture_that_does_not_fit_is_refused(
    tmp_path: Path, model: dict[str, object], message: str
) -> None:
    write_bundle(small_bundle(), tmp_path / "b")
    path = tmp_path / "b" / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"model": model}))
    bundle = load_bundle(tmp_path / "b")  # whose ONNX can still be used
    with pytest.raises(BundleError, match=message):
        load_network(bundle, tmp_path / "b")


def test_the_plug_ins_that_a_network_needs_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "_loaded", {})
    bundle = replace(small_bundle(), plugins=("toy_plugin_of_a_network",))
    with pytest.raises(BundleError, match="--plugin toy_plugin_of_a_network"):
        load_network(bundle, tmp_path)
