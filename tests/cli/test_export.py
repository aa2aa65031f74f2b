"""`genre export` as a user sees it: genre.cli.export."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.cli import main
from genre.inference import AGGREGATIONS, ScoreRule
from genre.tagging.onnx_export import OnnxModel
from tests.bundles import small_bundle, write_bundle
from tests.sounds import changing_sound, tone, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_bundle(small_bundle(), tmp_path / "best")
    return tmp_path / "best"


@pytest.mark.parametrize("words", [[], ["--onnx"]])
def test_onnx_is_what_is_written(
    words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    assert main(["export", str(folder), *words]) == 0
    out = capsys.readouterr().out
    assert out.startswith("largest difference of scores: ")
    assert "over 7 sounds of 0.1 to 16.0 s" in out
    assert f"model: {folder / 'model.onnx'}" in out
    exported = OnnxModel((folder / "model.onnx").read_bytes())
    assert exported.genres == ("a", "b", "c")
    assert exported.scores(changing_sound(22050)).shape == (3,)


def test_it_is_checked_on_the_user_s_files_and_written_where_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    one = write(tmp_path / "one.wav", tone(4.5, 22050), 22050)
    two = write(tmp_path / "two.wav", tone(0.5, 22050), 22050)
    words = ["--out", str(tmp_path / "out" / "m.onnx"), "--check", str(one), str(two)]
    (tmp_path / "out").mkdir()
    assert main(["export", str(folder), *words]) == 0
    # of 4.5 s: 0.1, 1, 4 and all; of 0.5 s: 0.1 and all
    assert "over 6 sounds of 0.1 to 4.5 s" in capsys.readouterr().out
    assert (tmp_path / "out" / "m.onnx").stat().st_size > 1000
    assert not (folder / "model.onnx").exists()


def test_there_is_no_other_format(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "o.toml").write_text("onnx = false\n")
    assert main(["export", str(folder), "--config", str(tmp_path / "o.toml")]) == 1
    assert "onnx=False must be true: ONNX is the one format" in capsys.readouterr().err


def test_an_aggregation_without_onnx_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    bare = replace(AGGREGATIONS["max"], title="the loudest window", onnx=None)
    monkeypatch.setitem(AGGREGATIONS, "loud", bare)
    write_bundle(replace(small_bundle(), rule=ScoreRule(aggregation="loud")), tmp_path / "best")
    assert main(["export", str(tmp_path / "best")]) == 1
    assert capsys.readouterr().err == (
        "error: aggregation='loud' (the loudest window) must be one of mean, mean_logit, max, "
        "top_fifth to be exported\n"
    )
    assert not (tmp_path / "best" / "model.onnx").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--int8"], "int8=True must come with --calibrate EXPERIMENT"),
        (["--calibrate", "results/demo"], "calibrate=results/demo must come with --int8"),
        (["--upgrade", "--check", "a.wav"], "upgrade=True must stand alone, or with --out"),
        (
            ["--upgrade", "--int8", "--calibrate", "results/demo"],
            "upgrade=True must stand alone, or with --out",
        ),
        (["--web", "site", "--out", "m.onnx"], "web=site must come without --out"),
        (["--web", "site", "--upgrade"], "upgrade=True must stand alone"),
        (
            ["--web", "site", "--web-assets", "no/where"],
            "no/where/onnxruntime.js must be there, what runs a model in a browser: run `make web-",
        ),
        (
            ["--int8", "--calibrate", "no/where"],
            "calibrate=no/where must be the folder of an experiment, or of audio files",
        ),
    ],
)
def test_options_that_do_not_go_together(
    words: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(folder), *words]) == 1
    assert message in capsys.readouterr().err
    assert not list(folder.glob("*.onnx.*"))


def test_no_model_is_written_into_music(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "music" / "m.onnx"
    out.parent.mkdir()
    words = ["--int8", "--calibrate", str(out.parent), "--out", str(out)]
    assert main(["export", str(folder), *words]) == 1
    assert f"out={out} must lie outside {out.parent}" in capsys.readouterr().err
    words = ["--int8", "--calibrate", str(out.parent), "--web", str(out)]
    assert main(["export", str(folder), *words]) == 1
    assert f"web={out} must lie outside {out.parent}" in capsys.readouterr().err
    # an experiment holds models, not music
    (out.parent / "experiment.json").write_text("{}")
    assert main(["export", str(folder), *words]) == 1
    assert "must lie outside" not in capsys.readouterr().err
