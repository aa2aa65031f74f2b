"""A bundle comes back whole from disk alone, or says what is wrong with it."""

import json
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

from genre import plugins
from genre.errors import BundleError
from genre.inference.bundle import Bundle, load_bundle
from genre.inference.score_rule import AGGREGATIONS, ScoreRule
from genre.inference.scoring import WindowLogits
from genre.inference.windowing import Standardisation
from genre.models.bundle import with_network
from tests.bundles import network_of, small_bundle, write_bundle


@pytest.fixture
def bundle() -> Bundle:
    plain = replace(
        small_bundle(),
        genres=("blues", "日本の音楽"),
        standardisation=Standardisation(mean=(-30.0,) * 96, deviation=(0.1 + 0.2,) * 96),
        rule=ScoreRule(aggregation="max", temperature=1.5, bias=(0.1 + 0.2, -1.0)),
        thresholds=(0.25, 0.75),
        provenance={"seed": 3},
    )
    return with_network(plain, network_of(plain))


def test_round_trip(bundle: Bundle, tmp_path: Path) -> None:
    write_bundle(bundle, tmp_path / "b")
    assert load_bundle(tmp_path / "b") == bundle


def test_the_owners_spelling_is_kept_where_there_is_one(bundle: Bundle, tmp_path: Path) -> None:
    """An optional field: a bundle without it is as before, and shows its genres with capitals."""
    write_bundle(bundle, tmp_path / "b")
    assert "display_names" not in json.loads((tmp_path / "b/model.json").read_text())
    assert load_bundle(tmp_path / "b").names == {"blues": "Blues", "日本の音楽": "日本の音楽"}
    spelled = {"blues": "BLUES", "folk": "Folk"}
    write_bundle(replace(bundle, display_names=spelled), tmp_path / "b")
    assert json.loads((tmp_path / "b/model.json").read_text())["format"] == 4
    again = load_bundle(tmp_path / "b")
    assert again.display_names == {"blues": "BLUES"}
    assert again.names == {"blues": "BLUES", "日本の音楽": "日本の音楽"}


def test_the_folder_holds_json_onnx_and_safetensors_only(bundle: Bundle, tmp_path: Path) -> None:
    write_bundle(bundle, tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "b").iterdir())
    assert names == ["model.json", "model.safetensors", "network.onnx"]
    assert "licences" in json.loads((tmp_path / "b/model.json").read_text())["licence_note"]


def test_saving_again_replaces(bundle: Bundle, tmp_path: Path) -> None:
    for _ in range(2):
        write_bundle(bundle, tmp_path / "b")
    assert load_bundle(tmp_path / "b").genres == bundle.genres
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def edit(folder: Path, **changes: object) -> None:
    path = folder / "model.json"
    description = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({k: v for k, v in description.items() if v is not None}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, r"format must be one of \(1, 2, 3, 4\)"),
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
        ({"rule": {"parents": [[1]]}}, "parents=1 must be a column, from 0 to 0"),
        ({"rule": {"parents": [[1], []], "bias": []}, "genres": ["a", "b", "c"]}, "for each of 3"),
        ({"rule": {"parents": [[1], [0]]}}, "parents must have no genre above itself"),
        ({"rule": {"parents": [["a"], []]}}, "ScoreRule.parents='a' must be of type int"),
        ({"rule": {"aggregation": ["mean"]}}, "ScoreRule.aggregation=.* must be of type str"),
        ({"plugins": [["mine"]]}, "plugins=.* must be names"),
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
        ({"model": {"name": ["vgg"], "config": {}}}, "model must have a name and a table"),
        ({"model": {"name": "spectrogram_cnn", "config": None}}, "model must have a name"),
        (
            {"model": {"name": "a", "config": {}, "n_parameters": -1}},
            "n_parameters=-1 must be a whole number",
        ),
        ({"genres": ["a", "\ud800"]}, "must be text"),
        ({"front_end": {"mel": {"n_mels": 10**9}}}, "n_mels=1000000000 must be "),
        ({"windows": None}, "has no 'windows'"),
        ({"windows": {"window_secs": 4.0}}, "WindowConfig has no key 'window_secs'"),
        ({"weights_sha256": "0"}, "not the weights that model.json describes"),
        ({"network_sha256": "0"}, "not the network that model.json describes"),
        ({"network_sha256": None}, "has no 'network_sha256'"),
        ({"genres": ["a", "b", "c"]}, "bias must have a value for each of 3 genres"),
    ],
)
def test_a_bundle_that_does_not_fit_together_is_refused(
    bundle: Bundle, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    write_bundle(bundle, tmp_path / "b")
    edit(tmp_path / "b", **changes)
    with pytest.raises(BundleError, match=message):
        load_bundle(tmp_path / "b")


def test_a_bundle_from_before_temperatures_scores_as_it_did(bundle: Bundle, tmp_path: Path) -> None:
    write_bundle(bundle, tmp_path / "b")
    edit(tmp_path / "b", format=1, rule=None)
    assert load_bundle(tmp_path / "b").rule == ScoreRule()


def test_a_bundle_with_a_temperature_of_windows_scores_as_it_did(
    bundle: Bundle, tmp_path: Path
) -> None:
    write_bundle(bundle, tmp_path / "b")
    edit(tmp_path / "b", format=2, rule=None, temperature=1.5)
    again = load_bundle(tmp_path / "b")
    assert again.rule == ScoreRule(window_temperature=1.5)
    logits = np.random.default_rng(0).normal(size=(4, 2)).astype(np.float32)
    expected = 1 / (1 + np.exp(-logits.astype(np.float64) / 1.5))
    windows = WindowLogits(logits, np.zeros(4, dtype=np.int64))
    np.testing.assert_allclose(again.rule.track_scores(windows)[0], expected.mean(axis=0))


def test_a_bundle_from_before_onnx_says_what_makes_one(bundle: Bundle, tmp_path: Path) -> None:
    write_bundle(bundle, tmp_path / "b")
    edit(tmp_path / "b", format=3, network_sha256=None)
    (tmp_path / "b" / "network.onnx").unlink()
    old = load_bundle(tmp_path / "b")
    assert old.network_onnx is None
    with pytest.raises(BundleError, match=r"and has no network\.onnx: .*export BUNDLE --upgrade"):
        old.network()


def test_absent_and_damaged_files(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"must be a folder with model\.json"):
        load_bundle(tmp_path / "nothing")
    write_bundle(bundle, tmp_path / "b")
    weights = tmp_path / "b" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-7])
    with pytest.raises(BundleError, match="not the weights"):
        load_bundle(tmp_path / "b")
    weights.unlink()
    with pytest.raises(BundleError, match="cannot be used"):
        load_bundle(tmp_path / "b")
    write_bundle(bundle, tmp_path / "b")
    network = tmp_path / "b" / "network.onnx"
    network.write_bytes(network.read_bytes()[:-7])
    with pytest.raises(BundleError, match=r"network\.onnx: not the network that model\.json"):
        load_bundle(tmp_path / "b")
    network.unlink()
    with pytest.raises(BundleError, match=r"cannot be used: .*network\.onnx"):
        load_bundle(tmp_path / "b")
    (tmp_path / "b" / "model.json").write_text("{")
    with pytest.raises(BundleError, match="cannot be read"):
        load_bundle(tmp_path / "b")


def test_the_plug_in_that_the_scores_need_must_be_there(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(bundle, tmp_path / "b")
    assert "plugins" not in json.loads((tmp_path / "b" / "model.json").read_text("utf-8"))
    edit(tmp_path / "b", plugins=["toy_plugin_of_a_bundle"])
    monkeypatch.setattr(plugins, "_loaded", {})
    # One of the architecture is in the network's ONNX already.
    assert load_bundle(tmp_path / "b").plugins == ("toy_plugin_of_a_bundle",)
    edit(tmp_path / "b", rule={"aggregation": "toy"})
    with pytest.raises(BundleError, match=r"with the plug-in .*: --plugin toy_plugin_of_a_b"):
        load_bundle(tmp_path / "b")
    (tmp_path / "toy_plugin_of_a_bundle.py").write_text(
        "from genre.inference import AGGREGATIONS\n"
        "if 'toy' not in AGGREGATIONS:\n"
        "    AGGREGATIONS['toy'] = AGGREGATIONS['mean']\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint(name="toy", value="toy_plugin_of_a_bundle", group=plugins.GROUP)
    monkeypatch.setattr(
        plugins, "entry_points", lambda *, group: [entry] * (group == plugins.GROUP)
    )
    try:
        assert load_bundle(tmp_path / "b").genres == bundle.genres  # an installed package's is
    finally:
        AGGREGATIONS.pop("toy", None)


def test_the_folder_that_is_meant_is_named(bundle: Bundle, tmp_path: Path) -> None:
    """Who gives the experiment, or a file of the model, is told the model's folder."""
    best = tmp_path / "best"
    write_bundle(bundle, best)
    for given in (tmp_path, best / "model.json", best / "model.safetensors"):
        with pytest.raises(BundleError, match=rf"must be a folder with model.json; use {best}$"):
            load_bundle(given)
    (tmp_path / "song.mp3").touch()
    with pytest.raises(BundleError, match=r"with model.json; train one, for example"):
        load_bundle(tmp_path / "song.mp3")
