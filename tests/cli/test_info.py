"""What `genre info` shows of models and experiments."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from genre.cli import info, main
from tests.bundles import small_bundle, write_bundle

METRICS = {
    "val": {"macro_ap": 0.7846, "weighted_f1": 0.69},
    "test": {"macro_ap": 0.7512, "weighted_f1": None},
}


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder of an experiment with two configurations, one run of three unfinished."""
    monkeypatch.chdir(tmp_path)
    folder = Path("results/x")
    record = {"finished": True, "config_name": "good", "metrics": METRICS, "command": "genre train"}
    write_bundle(replace(small_bundle(), provenance=record), folder / "best")
    for name, value in (("good/seed0", 0.8), ("good/seed1", 0.9), ("bad/seed0", 0.5)):
        run = folder / name
        run.mkdir(parents=True)
        metrics = {"val": {"macro_ap": value}, "test": {"macro_ap": value - 0.1}}
        content = record | {"config_name": name.partition("/")[0], "metrics": metrics}
        (run / "record.json").write_text(json.dumps(content | {"finished": value != 0.9}))
    description = {
        "data": "music",
        "n_tracks": 30,
        "n_artists": 9,
        "split_by": "artist",
        "n_folds": 0,
        "genres": ["a", "b", "c"],
        "dropped_genres": {"rare": "has 1 track"},
        "splits": [{"fold": None, "hash": "", "n_train": 18, "n_val": 6, "n_test": 6}],
        "configs": ["good", "bad"],
        "seeds": [0, 1],
    }
    (folder / "experiment.json").write_text(json.dumps(description))
    return folder


def test_a_model_shows_what_it_knows_was_trained_on_and_scored(
    experiment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", str(experiment / "best")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "model: results/x/best"
    told = {line[2:15].strip(): line[17:] for line in lines[1:]}
    assert told["trained on"] == "music"
    assert told["tracks"] == "30 by 9 artists, 18 to train, 6 to validate, 6 to test"
    assert told["genres"] == "3: A, B, C"
    assert told["network"].startswith("good")
    assert told["on test"] == "macro AP 0.751"
    assert told["on validation"] == "macro AP 0.785, weighted F1 0.690"


def test_an_experiment_shows_its_runs_and_its_best(
    experiment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert info.run([str(experiment)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("experiment: results/x\n  trained on     music\n")
    assert "  left out       rare\n" in text
    assert "  runs           2 of 4 finished\n" in text
    rows = [line.split() for line in text.splitlines() if line.strip()[:4] in ("good", "bad ")]
    assert rows[:2] == [["good", "1", "0.800", "0.700"], ["bad", "1", "0.500", "0.400"]]
    assert "best on validation: results/x/best\n" in text


def test_a_model_alone_has_no_experiment(
    experiment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(experiment / "best", tmp_path / "alone")
    assert main(["info", "alone"]) == 0
    out = capsys.readouterr().out
    assert "trained on" not in out
    assert "  genres         3: A, B, C\n" in out
    assert main(["info", "nothing"]) == 1
    assert "models here: results/x/best" in capsys.readouterr().err


@pytest.mark.parametrize("metrics", [[1], {"test": 1}, {"test": {"macro_ap": "high"}}])
def test_a_stranger_s_model_cannot_act_on_the_terminal(
    metrics: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"command": "genre \x1b[2J train", "commit": "\x07abc", "metrics": metrics}
    write_bundle(replace(small_bundle(), provenance=record), tmp_path / "model")
    main(["info", str(tmp_path / "model")])
    told = capsys.readouterr()
    assert not {"\x1b", "\x07"} & set(told.out + told.err)
    assert "Traceback" not in told.err
