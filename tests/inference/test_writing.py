"""genre.inference.writing: what is written is read back, with or without weights for torch."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.errors import BundleError
from genre.inference.bundle import load_backbone, load_bundle
from genre.inference.writing import LICENCE_NOTE, write_bundle
from tests.bundles import small_bundle
from tests.bundles import write_bundle as write_trained
from tests.pretrained_examples import small_backbone


@pytest.mark.parametrize("genres", [(), ("loud", "louder")])
def test_a_pretrained_network_is_a_bundle_without_weights(
    genres: tuple[str, ...], tmp_path: Path
) -> None:
    bundle = small_backbone(genres)
    write_bundle(bundle, tmp_path / "ears")
    assert sorted(path.name for path in (tmp_path / "ears").iterdir()) == [
        "model.json",
        "network.onnx",
    ]
    assert load_backbone(tmp_path / "ears") == bundle
    description = json.loads((tmp_path / "ears" / "model.json").read_text())
    assert description["format"] == 4
    assert "weights_sha256" not in description
    assert description["licence_note"].startswith("Pre-trained network ears (")
    network = load_backbone(tmp_path / "ears").network(n_threads=1)
    mel = np.repeat([[1.0], [3.0]], 20, axis=0) * np.ones(8)
    np.testing.assert_allclose(network.embed(mel), [[1.0], [3.0]], rtol=1e-6)


def test_one_with_classes_tags_as_any_bundle_and_one_without_says_so(tmp_path: Path) -> None:
    write_bundle(small_backbone(), tmp_path / "ears")
    assert load_bundle(tmp_path / "ears").genres == ("loud", "louder")
    write_bundle(small_backbone(()), tmp_path / "ears")
    with pytest.raises(BundleError, match="ears gives embeddings and no genres"):
        load_bundle(tmp_path / "ears")


def test_what_was_trained_here_keeps_its_weights_and_its_note(tmp_path: Path) -> None:
    write_trained(small_bundle(), tmp_path / "b")
    assert json.loads((tmp_path / "b" / "model.json").read_text())["licence_note"] == LICENCE_NOTE
    with pytest.raises(BundleError, match="must be a folder that genre backbone add wrote"):
        load_backbone(tmp_path / "b")


def test_a_model_on_a_pretrained_network_names_both_licences(tmp_path: Path) -> None:
    bundle = replace(small_backbone(), provenance={"data_hash": "0"})
    write_bundle(bundle, tmp_path / "b")
    note = json.loads((tmp_path / "b" / "model.json").read_text())["licence_note"]
    assert note.startswith(LICENCE_NOTE)
    assert note.endswith("licence CC BY 4.0; Somebody (2020).")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"backbones": [{"name": "x"}]}, "must have a value for 'source'"),
        ({"backbones": [1]}, "must be tables"),
        ({"backbones": {}}, "backbones must be of type list"),
        ({"network_sha256": "0"}, "not the network that model.json describes"),
        ({"weights_sha256": "0"}, r"cannot be used: .*model\.safetensors"),
    ],
)
def test_a_description_that_cannot_be_is_refused(
    changes: dict[str, object], message: str, tmp_path: Path
) -> None:
    write_bundle(small_backbone(), tmp_path / "ears")
    path = tmp_path / "ears" / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(BundleError, match=message):
        load_backbone(tmp_path / "ears")


def test_nothing_is_written_without_a_network(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="must have its network as ONNX"):
        write_bundle(replace(small_backbone(), network_onnx=None), tmp_path / "ears")
    assert not list(tmp_path.iterdir())
