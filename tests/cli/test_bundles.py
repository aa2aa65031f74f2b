"""A model is found by its own folder or by its experiment's, and named where there is none."""

import os
import shutil
from pathlib import Path

import pytest

from genre.cli import main
from genre.cli.bundles import bundle_at, has_bundle, models_here
from genre.errors import BundleError


@pytest.fixture
def experiment(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an experiment's folder with a model in it, below the current folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(bundle, "results/x/best")
    return Path("results/x")


def test_the_best_of_an_experiment_is_taken_and_said(
    experiment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best = experiment / "best"
    assert bundle_at(best) == best
    assert capsys.readouterr().err == ""
    assert bundle_at(experiment) == best
    assert capsys.readouterr().err == "model: results/x/best, the best of results/x\n"
    assert (has_bundle(best), has_bundle(experiment)) == (True, False)


def test_a_file_of_a_model_leads_to_its_folder(experiment: Path) -> None:
    with pytest.raises(BundleError, match=r"must be a folder with model\.json; use results/x/best"):
        bundle_at(experiment / "best" / "network.onnx")


def test_where_there_is_none_those_that_are_here_are_named(experiment: Path) -> None:
    for number in range(6):
        other = Path(f"results/y{number}/best/model.json")
        other.parent.mkdir(parents=True)
        other.touch()
        os.utime(other, (number, number))
    told = "models here: results/x/best, results/y5/best, results/y4/best, results/y3/best"
    with pytest.raises(BundleError, match=f"song.mp3 must be a folder with .*; {told}"):
        bundle_at(Path("song.mp3"))
    assert models_here(Path()) == f"{told}, results/y2/best and 2 more"
    assert experiment.is_dir()


@pytest.mark.parametrize(
    "words",
    [
        ["tag", "song.mp3"],
        ["tag", "song.mp3", "other.mp3"],
        ["serve", "music"],
        ["export", "music"],
        ["embed", "song.mp3", "--out", "x.npz", "--bundle", "music"],
        ["info", "music"],
    ],
)
def test_every_command_names_them(
    words: list[str], experiment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(words)
    except SystemExit as stopped:
        status = int(str(stopped.code))
    assert status in (1, 2)
    line = capsys.readouterr().err
    assert f"models here: {experiment / 'best'}\n" in line
    assert line.count("\n") == 1


def test_an_experiment_tags(
    experiment: Path, songs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = str(songs / "a.mp3")
    assert main(["tag", str(experiment), song, "--n-workers", "1"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{song}: ")
    assert "model: results/x/best, the best of results/x\n" in err
