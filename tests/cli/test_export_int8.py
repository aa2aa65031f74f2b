"""Whole numbers of 8 bits, judged before they are written: genre.cli.export_int8."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.array_files import load_archive
from genre.audio.frontend import extract
from genre.cli import export, export_int8, main
from genre.cli.export_int8 import Judgement
from genre.errors import BundleError
from genre.inference import Bundle
from genre.tagging.onnx_export import OnnxModel, quantised
from tests.bundles import varying_bundle
from tests.calibration_examples import PLACE, SPLIT, write_experiment, write_music
from tests.sounds import changing_sound

onnx = pytest.importorskip("onnx")


def judgement(**changes: float | None) -> Judgement:
    values: dict[str, Any] = {
        "n_windows": 256,
        "n_calibrated": 100,
        "n_judged": 84,
        "macro_ap": 0.8661,
        "macro_ap_int8": 0.8654,
        "largest_difference": 0.0182,
        "changed_decisions": 0.0017,
    }
    return Judgement(**values | changes)


def test_what_is_said_of_labelled_and_of_unlabelled_music() -> None:
    last = (
        "largest difference of scores from float32: 0.018; 0.17% of the decisions changed, over "
        "84 tracks"
    )
    assert judgement().lines() == [
        "int8: scales from 256 windows of 100 tracks",
        "macro AP of 84 tracks for validation: 0.8661 in float32, 0.8654 in int8",
        last,
    ]
    assert judgement(macro_ap=None, macro_ap_int8=None).lines()[1:] == [last]


@pytest.mark.parametrize(
    ("macro_ap_int8", "objection"),
    [
        (0.9, ""),
        (0.8612, ""),
        (0.8610, "macro AP must fall by at most 0.005 in int8, and falls by 0.0051"),
        (np.nan, "macro AP must fall by at most 0.005 in int8, and falls by nan"),
        (None, "without labels there is no macro AP to judge int8 by"),
    ],
)
def test_what_is_lost_is_objected_to(macro_ap_int8: float | None, objection: str) -> None:
    assert judgement(macro_ap_int8=macro_ap_int8).objection() == objection


@pytest.fixture
def best(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write an experiment, and give the folder of its model."""
    write_experiment(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "results" / "x" / "best"


def metadata_of(model: Path) -> dict[str, str]:
    return {entry.key: entry.value for entry in onnx.load(model).metadata_props}


def test_an_experiment_judges_by_macro_ap(best: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(best), "--int8", "--calibrate", str(best.parent)]) == 0
    said = capsys.readouterr().out.splitlines()
    # 512 windows of 3 tracks would be 171 of each, which has 2
    assert said[0] == "int8: scales from 6 windows of 3 tracks"
    assert said[1].startswith("macro AP of 3 tracks for validation: ")
    assert said[-1].startswith(f"model: {best / 'model.int8.onnx'} (")
    whole = OnnxModel((best / "model.int8.onnx").read_bytes())
    main(["export", str(best)])
    plain = OnnxModel((best / "model.onnx").read_bytes())
    sound = changing_sound(22050 * 9)
    np.testing.assert_allclose(whole.scores(sound), plain.scores(sound), atol=0.1)
    metadata, others = metadata_of(best / "model.int8.onnx"), metadata_of(best / "model.onnx")
    told = json.loads(metadata.pop("int8"))
    assert metadata == others
    assert (told["n_windows"], told["n_calibrated"], told["n_judged"]) == (6, 3, 3)
    assert 0 < told["largest_difference"] < 0.1
    assert 0 <= told["macro_ap"] <= 1


def test_scales_are_found_on_training_tracks_and_rounding_is_let_pass(
    best: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows: list[NDArray[np.float32]] = []
    tolerances = []

    def keeping(network: bytes, given: list[NDArray[np.float32]]) -> bytes:
        windows.extend(given)
        return quantised(network, given)

    def letting_pass(*_: object, tolerance: float) -> float:
        tolerances.append(tolerance)
        return 0.0

    monkeypatch.setattr(export_int8, "quantised", keeping)
    monkeypatch.setattr(export, "largest_difference", letting_pass)
    assert main(["export", str(best), "--int8", "--calibrate", str(best.parent)]) == 0
    assert main(["export", str(best)]) == 0
    assert tolerances == [0.02, 0.001]
    bundle, music = varying_bundle(), best.parents[2] / "music"
    cut = (bundle.windowing.cut(extract(music / name).mel) for name in SPLIT.train)
    known = {window.tobytes() for track in cut for window in bundle.standardisation(track)}
    assert {window.tobytes() for batch in windows for window in batch} == known


def test_int8_operators_are_inside(best: Path) -> None:
    assert main(["export", str(best), "--int8", "--calibrate", str(best.parent)]) == 0
    graph = onnx.load(best / "model.int8.onnx").graph
    bodies = [entry.g for node in graph.node for entry in node.attribute if entry.HasField("g")]
    n_whole = sum(node.op_type == "QuantizeLinear" for body in bodies for node in body.node)
    assert n_whole > 0


def test_what_costs_too_much_is_not_written_unless_forced(
    best: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fallen = judgement(macro_ap_int8=0.8)
    monkeypatch.setattr(export_int8, "_judge", lambda *_, **__: fallen)
    words = ["export", str(best), "--int8", "--calibrate", str(best.parent)]
    assert main(words) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == (
        "error: macro AP must fall by at most 0.005 in int8, and falls by 0.0661; nothing was "
        "written, --force writes it all the same"
    )
    assert "0.8661 in float32, 0.8000 in int8" in said.out
    assert not (best / "model.int8.onnx").exists()
    assert main([*words, "--force"]) == 0
    assert json.loads(metadata_of(best / "model.int8.onnx")["int8"])["macro_ap_int8"] == 0.8


def test_music_without_labels_needs_force(
    best: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_music(tmp_path / "other", ["1.wav", "2.wav"])
    words = ["export", str(best), "--int8", "--calibrate", str(tmp_path / "other")]
    assert main(words) == 1
    said = capsys.readouterr()
    assert "of the decisions changed, over 1 track\n" in said.out
    assert "without labels there is no macro AP" in said.err
    assert main([*words, "--force"]) == 0
    assert json.loads(metadata_of(best / "model.int8.onnx")["int8"])["macro_ap"] is None


def test_other_music_under_the_same_names_is_refused(
    best: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = best.parents[2] / "music"
    (data / "a" / "4.wav").write_bytes((data / "a" / "1.wav").read_bytes())
    assert main(["export", str(best), "--int8", "--calibrate", str(best.parent)]) == 1
    assert "must be those of the training: the model scores them otherwise now" in (
        capsys.readouterr().err
    )


def test_figures_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = write_experiment(tmp_path)
    monkeypatch.chdir(tmp_path)
    recorded = load_archive(tmp_path / "results" / "x" / PLACE.name / "scores.npz")["val_y_score"]
    # "a" is decided of all, "c" of none, whatever the score: thresholds 0, 0, 1
    after = recorded.copy()
    after[0, 0] -= 0.25
    after[1, 2] = 1.0
    given = iter([recorded, after])
    monkeypatch.setattr(export_int8, "_scores", lambda *_: next(given))
    found = judged(bundle, tmp_path)
    assert found.largest_difference == pytest.approx(max(0.25, 1 - recorded[1, 2]))
    assert found.changed_decisions == pytest.approx(1 / 9)


def judged(bundle: Bundle, root: Path) -> Judgement:
    """Judge whatever network, as the command does."""
    kept: list[Judgement] = []
    judge: Callable[..., Judgement] = export_int8._judge

    def keeping(*given: object, **options: object) -> Judgement:
        kept.append(judge(*given, **options))
        return kept[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_int8, "_judge", keeping)
        export_int8.int8_network(bundle, root / "results" / "x", cache=root / "cache", force=True)
    return kept[0]


def test_a_network_without_convolutions_to_gain_by_is_told_in_one_line(
    best: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genre.tagging.onnx_export.quantising.MIN_CHANNELS", 1000)
    bundle = write_experiment(best.parents[2] / "other")
    with pytest.raises(BundleError, match="must have a convolution over 1000 maps"):
        judged(bundle, best.parents[2] / "other")
