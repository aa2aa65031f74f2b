"""What there is to say of a bundle: genre.tagging.description."""

from dataclasses import replace
from pathlib import Path

from genre.hashing import hash_file
from genre.loading import load_tagger
from genre.tagging.description import describe
from tests.bundles import network_of, small_bundle, write_bundle


def test_a_bundle_in_plain_values(tmp_path: Path) -> None:
    bundle = replace(small_bundle(), provenance={"metrics": {"macro_ap": 0.5}, "seed": 3})
    write_bundle(bundle, tmp_path / "best")
    said = describe(load_tagger(tmp_path / "best"), tmp_path / "best")
    assert said.model == "spectrogram_cnn"
    assert list(said.model_config["channels"]) == [4, 8]
    assert said.genres == ("a", "b", "c")
    assert said.names == {"a": "A", "b": "B", "c": "C"}
    assert said.parents == {}
    assert (said.device, said.task) == ("cpu", "multilabel")
    assert said.n_parameters == sum(weights.numel() for weights in network_of(bundle).parameters())
    assert said.front_end["mel"]["n_mels"] == 96
    assert said.windows["window_seconds"] == 4.0
    assert said.rule["aggregation"] == "mean"
    assert said.thresholds == {"a": 0.0, "b": 0.0, "c": 1.0}
    assert said.metrics == {"macro_ap": 0.5}
    assert said.bundle_sha256 == hash_file(tmp_path / "best" / "model.json")


def test_a_bundle_that_was_not_measured_has_no_metrics(tmp_path: Path) -> None:
    write_bundle(small_bundle(), tmp_path / "best")
    tagger = load_tagger(tmp_path / "best")
    assert describe(tagger, tmp_path / "best").metrics == {}
