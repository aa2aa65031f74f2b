"""A bundle comes back whole from disk alone, or says what is wrong with it."""

import json
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
import torch

from genre import plugins
from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.config import to_mapping
from genre.errors import BundleError
from genre.models.bundle import Bundle, load_bundle, save_bundle
from genre.models.score_rule import ScoreRule
from genre.models.scoring import Standardisation, window_logits
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig


@pytest.fixture
def bundle() -> Bundle:
    torch.manual_seed(0)
    config = SpectrogramCNNConfig(channels=(4, 8), hidden=8)
    return Bundle(
        network=SpectrogramCNN(config, n_labels=2).eval(),
        model_name="spectrogram_cnn",
        model_config=to_mapping(config),
        genres=("blues", "日本の音楽"),
        front_end=FrontEndConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(-30.0,) * 96, deviation=(0.1 + 0.2,) * 96),
        rule=ScoreRule(aggregation="max", temperature=1.5, bias=(0.1 + 0.2, -1.0)),
        thresholds=(0.25, 0.75),
        provenance={"seed": 3},
    )


def test_round_trip(bundle: Bundle, tmp_path: Path) -> None:
    save_bundle(bundle, tmp_path / "b")
    again = load_bundle(tmp_path / "b")
    for name in ("model_config", "genres", "front_end", "windows", "standardisation"):
        assert getattr(again, name) == getattr(bundle, name)
    assert again.thresholds == bundle.thresholds
    assert again.rule == bundle.rule
    assert again.provenance == bundle.provenance
    mel = [np.random.default_rng(0).normal(-30, 10, (300, 96))]
    before, after = (window_logits(b.network, mel, b.windowing) for b in (bundle, again))
    np.testing.assert_array_equal(before.logits, after.logits)


def test_the_owners_spelling_is_kept_where_there_is_one(bundle: Bundle, tmp_path: Path) -> None:
    """An optional field: a bundle without it is as before, and shows its genres with capitals."""
    save_bundle(bundle, tmp_path / "b")
    assert "display_names" not in json.loads((tmp_path / "b/model.json").read_text())
    assert load_bundle(tmp_path / "b").names == {"blues": "Blues", "日本の音楽": "日本の音楽"}
    spelled = {"blues": "BLUES", "folk": "Folk"}
    save_bundle(replace(bundle, display_names=spelled), tmp_path / "b")
    assert json.loads((tmp_path / "b/model.json").read_text())["format"] == 3
    again = load_bundle(tmp_path / "b")
    assert again.display_names == {"blues": "BLUES"}
    assert again.names == {"blues": "BLUES", "日本の音楽": "日本の音楽"}


def test_the_folder_holds_json_and_safetensors_only(bundle: Bundle, tmp_path: Path) -> None:
    save_bundle(bundle, tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "b").iterdir())
    assert names == ["model.json", "model.safetensors"]
    assert "licences" in json.loads((tmp_path / "b/model.json").read_text())["licence_note"]


def test_saving_again_replaces(bundle: Bundle, tmp_path: Path) -> None:
    for _ in range(2):
        save_bundle(bundle, tmp_path / "b")
    assert load_bundle(tmp_path / "b").genres == bundle.genres
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def edit(folder: Path, **changes: object) -> None:
    path = folder / "model.json"
    description = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({k: v for k, v in description.items() if v is not None}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, r"format must be one of \(1, 2, 3\)"),
        ({"format": 2}, "has no 'temperature'"),
        ({"format": 2, "temperature": 0}, "temperature=0.0 must be a finite number above 0"),
        ({"rule": None}, "has no 'rule'"),
        ({"display_names": {"blues": "a\nb"}}, "display_names of 'blues' must be a line"),
        ({"display_names": {"blues": "\u202eBlues"}}, "display_names of 'blues' must be a line"),
        (
            {"display_names": {"blues": "B" * 1000}},
            "display_names of 'blues' must have at most 200",
        ),
        ({"display_names": [[]]}, "display_names must map genres"),
        ({"rule": {"temperature": -1.0}}, "temperature=-1.0 must be"),
        ({"rule": {"temperature": float("nan")}}, "it holds NaN, which is no number"),
        ({"rule": {"temperature": float("inf")}}, "it holds Infinity, which is no number"),
        ({"rule": {"temperature": 10**400}}, "it holds a number of 401 digits"),
        ({"rule": {"temperature": "1.5"}}, "temperature='1.5' must be"),
        ({"rule": {"temperature": True}}, "temperature=True must be"),
        ({"rule": {"bias": [0.5]}}, "bias must have a value for each of 2 genres"),
        ({"rule": {"aggregation": "median"}}, "aggregation='median' must be one of"),
        ({"thresholds": [0.5]}, "thresholds must have one value for each"),
        ({"thresholds": [0.5, float("nan")]}, "it holds NaN"),
        ({"thresholds": [0.5, float("-inf")]}, "it holds -Infinity"),
        ({"thresholds": [0.5, 1.0000001]}, r"thresholds=1\.0000001 must be a number in \[0, 1\]"),
        ({"thresholds": [-1e-9, 0.5]}, r"thresholds=-1e-09 must be a number in \[0, 1\]"),
        ({"thresholds": [0.5, 10**200]}, r"must be a number in \[0, 1\]"),
        ({"thresholds": [0.5, True]}, "thresholds=True must be"),
        ({"thresholds": [0.5, "0.5"]}, "thresholds='0.5' must be"),
        ({"thresholds": 0.5}, "thresholds must be of type list"),
        ({"thresholds": {"a": 0.5}}, "thresholds must be of type list"),
        ({"genres": ["a", "a"]}, "genres must be named once each; 'a' is there twice"),
        ({"genres": ["a", 1]}, "must be names"),
        ({"genres": ["a", " "]}, "must be names"),
        ({"genres": []}, "must be names"),
        ({"genres": "ab"}, "genres must be of type list"),
        ({"model": []}, "model must be of type dict"),
        ({"rule": []}, "rule must be of type dict"),
        ({"standardisation": 1}, "standardisation must be of type dict"),
        ({"plugins": "x"}, "plugins must be of type list"),
        ({"provenance": None}, "has no 'provenance'"),
        ({"genres": ["a", "b", "c"]}, "the bundle cannot be used"),
        ({"model": {"name": "vgg", "config": {}}}, "model='vgg' must be one of"),
        ({"model": {"name": ["vgg"], "config": {}}}, "model must have a name and a table"),
        ({"model": {"name": "spectrogram_cnn", "config": None}}, "model must have a name"),
        (
            {"model": {"name": "spectrogram_cnn", "config": {"channels": [10**30]}}},
            "the bundle cannot be used",
        ),
        ({"genres": ["a", "\ud800"]}, "must be text"),
        ({"front_end": {"mel": {"n_mels": 10**9}}}, "n_mels=1000000000 must be "),
        ({"windows": None}, "has no 'windows'"),
        ({"windows": {"window_secs": 4.0}}, "WindowConfig has no key 'window_secs'"),
        ({"weights_sha256": "0"}, "not the weights that model.json describes"),
    ],
)
def test_a_bundle_that_does_not_fit_together_is_refused(
    bundle: Bundle, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    save_bundle(bundle, tmp_path / "b")
    edit(tmp_path / "b", **changes)
    with pytest.raises(BundleError, match=message):
        load_bundle(tmp_path / "b")


def test_a_bundle_from_before_temperatures_scores_as_it_did(bundle: Bundle, tmp_path: Path) -> None:
    save_bundle(bundle, tmp_path / "b")
    edit(tmp_path / "b", format=1, rule=None)
    assert load_bundle(tmp_path / "b").rule == ScoreRule()


def test_a_bundle_with_a_temperature_of_windows_scores_as_it_did(
    bundle: Bundle, tmp_path: Path
) -> None:
    save_bundle(bundle, tmp_path / "b")
    edit(tmp_path / "b", format=2, rule=None, temperature=1.5)
    again = load_bundle(tmp_path / "b")
    assert again.rule == ScoreRule(window_temperature=1.5)
    mel = [np.random.default_rng(0).normal(-30, 10, (500, 96))]
    windows = window_logits(again.network, mel, again.windowing)
    expected = 1 / (1 + np.exp(-windows.logits.astype(np.float64) / 1.5))
    np.testing.assert_allclose(again.rule.track_scores(windows)[0], expected.mean(axis=0))


def test_absent_and_damaged_files(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"must be a folder with model\.json"):
        load_bundle(tmp_path / "nothing")
    save_bundle(bundle, tmp_path / "b")
    weights = tmp_path / "b" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-7])
    with pytest.raises(BundleError, match="not the weights"):
        load_bundle(tmp_path / "b")
    weights.unlink()
    with pytest.raises(BundleError, match="cannot be used"):
        load_bundle(tmp_path / "b")
    (tmp_path / "b" / "model.json").write_text("{")
    with pytest.raises(BundleError, match="cannot be read"):
        load_bundle(tmp_path / "b")


def test_the_plug_ins_that_a_bundle_needs_must_be_there(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_bundle(bundle, tmp_path / "b")
    assert "plugins" not in json.loads((tmp_path / "b" / "model.json").read_text("utf-8"))
    edit(tmp_path / "b", plugins=["toy_plugin_of_a_bundle"])
    monkeypatch.setattr(plugins, "_loaded", {})
    with pytest.raises(BundleError, match=r"with the plug-in .*: --plugin toy_plugin_of_a_b"):
        load_bundle(tmp_path / "b")
    (tmp_path / "toy_plugin_of_a_bundle.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint(name="toy", value="toy_plugin_of_a_bundle", group=plugins.GROUP)
    monkeypatch.setattr(
        plugins, "entry_points", lambda *, group: [entry] * (group == plugins.GROUP)
    )
    assert load_bundle(tmp_path / "b").genres == bundle.genres  # that of an installed package is


def test_the_folder_that_is_meant_is_named(bundle: Bundle, tmp_path: Path) -> None:
    """Who gives the experiment, or a file of the model, is told the model's folder."""
    best = tmp_path / "best"
    save_bundle(bundle, best)
    for given in (tmp_path, best / "model.json", best / "model.safetensors"):
        with pytest.raises(BundleError, match=rf"must be a folder with model.json; use {best}$"):
            load_bundle(given)
    (tmp_path / "song.mp3").touch()
    with pytest.raises(BundleError, match=r"with model.json; train one, for example"):
        load_bundle(tmp_path / "song.mp3")
