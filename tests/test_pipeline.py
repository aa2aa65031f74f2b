"""The whole way on a tiny sample dataset: train, resume, compare, tag."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from genre.addresses import here
from genre.cli import main
from genre.dataset.layouts import scan
from genre.errors import DatasetError
from genre.evaluation.scores import load_scores
from genre.grid import GridConfig, run_grid
from genre.training.history import Epoch
from tests.tiny_grid import CONFIGS, tiny


@pytest.fixture(scope="module")
def grid(sample_cut: Path, tmp_path_factory: pytest.TempPathFactory) -> GridConfig:
    config = tiny(sample_cut, tmp_path_factory.mktemp("pipeline") / "results")
    summary = run_grid(config, command="genre train", progress=False)
    assert (summary.n_trained, summary.n_kept) == (4, 0)
    return config


def test_every_run_is_recorded_and_described(grid: GridConfig) -> None:
    for name in CONFIGS:
        for seed in (0, 1):
            record = json.loads((grid.folder / name / f"seed{seed}" / "record.json").read_text())
            assert record["finished"] is True
    description = json.loads((grid.folder / "experiment.json").read_text())
    assert description["n_tracks"] == len(scan(grid.data).tracks)
    assert description["configs"] == list(CONFIGS)
    assert description["dropped_genres"] == {}
    assert "known artists, from" in description["artists"]
    assert description["n_unknown_artists"] == 0


def test_a_finished_grid_is_not_trained_again_and_a_broken_run_is(grid: GridConfig) -> None:
    assert run_grid(grid, progress=False).n_trained == 0
    broken = grid.folder / CONFIGS[0] / "seed1"
    before = (broken / "bundle" / "model.safetensors").read_bytes()
    (broken / "record.json").unlink()
    summary = run_grid(grid, progress=False)
    assert (summary.n_trained, summary.n_kept) == (1, 3)
    # same seed, same machine, same weights
    assert (broken / "bundle" / "model.safetensors").read_bytes() == before


def test_more_seeds_only_add(grid: GridConfig, tmp_path: Path) -> None:
    shutil.copytree(grid.folder, tmp_path / "results")
    summary = run_grid(replace(grid, out=tmp_path / "results", seeds=3), progress=False)
    assert (summary.n_trained, summary.n_kept) == (2, 4)


def test_the_winner_is_the_best_on_validation(grid: GridConfig) -> None:
    baselines = grid.folder / "baselines"
    values = {}
    for path in (*grid.folder.glob("*/seed*/record.json"), baselines / "record.json"):
        values[path.parent] = json.loads(path.read_text())["metrics"]["val"]["macro_ap"]
    of = {name: [v for f, v in values.items() if f.parent.name == name] for name in CONFIGS}
    of["logistic"] = [values[baselines]]
    name = max(of, key=lambda name: sum(of[name]) / len(of[name]))
    runs = [f for f in values if f.parent.name == name] or [baselines]
    best = max(runs, key=lambda folder: values[folder])
    best_weights = (best / "bundle" / "model.safetensors").read_bytes()
    assert (grid.folder / "best" / "model.safetensors").read_bytes() == best_weights
    winner = json.loads((grid.folder / "experiment.json").read_text())["winner"]
    assert winner == {
        "run": best.relative_to(grid.folder).as_posix(),
        "config_name": name,
    }


def test_what_an_earlier_call_trained_can_win(grid: GridConfig, tmp_path: Path) -> None:
    shutil.copytree(grid.folder, tmp_path / "results")
    winner = json.loads((grid.folder / "experiment.json").read_text())["winner"]
    loser = next(name for name in CONFIGS if name != winner["config_name"])
    again = replace(grid, out=tmp_path / "results", configs=(loser,), seeds=1)
    summary = run_grid(again, progress=False)
    assert (summary.n_trained, summary.best) == (0, winner["run"])


def test_where_every_file_is_bad_the_reasons_are_named(tmp_path: Path) -> None:
    for genre in ("jazz", "rock"):
        (tmp_path / "data" / genre).mkdir(parents=True)
        (tmp_path / "data" / genre / "a.mp3").write_text(f"<html>{genre}</html>")
    config = tiny(tmp_path / "data", tmp_path / "r")
    with pytest.raises(DatasetError, match=r"all 2 are bad; the reasons are in .*quarantine"):
        run_grid(config, progress=False)


def test_an_interrupted_grid_goes_on(
    grid: GridConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(grid, out=tmp_path / "results", configs=CONFIGS[:1], seeds=1)

    def stop(run: object, history: tuple[Epoch, ...]) -> None:  # noqa: ARG001 - same signature
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("genre.experiment.training._write_history", stop)
        with pytest.raises(KeyboardInterrupt):
            run_grid(config, progress=False)
    assert not list(config.folder.glob("*/seed0/record.json"))
    assert list(config.folder.glob("*/seed0/state.safetensors"))
    assert run_grid(config, progress=False).n_trained == 1
    undisturbed = grid.folder / CONFIGS[0] / "seed0" / "bundle" / "model.safetensors"
    resumed = config.folder / CONFIGS[0] / "seed0" / "bundle" / "model.safetensors"
    assert resumed.read_bytes() == undisturbed.read_bytes()
    assert not list(config.folder.glob("*/seed0/state.safetensors"))


def test_bad_files_are_quarantined_and_the_run_goes_on(grid: GridConfig, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for track in scan(grid.data).tracks:
        target = data / track.genres[0] / track.path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(here(track.path), target)
    (data / "rock").mkdir(exist_ok=True)
    (data / "rock" / "Nobody - Broken.mp3").write_bytes(b"")
    (data / "rock" / "Nobody - Page.mp3").write_text("<html>not music</html>")
    config = replace(grid, data=data, out=tmp_path / "r", configs=CONFIGS[:1], seeds=1)
    run_grid(config, progress=False)
    lines = (tmp_path / "r" / "quarantine.jsonl").read_text().splitlines()
    assert {json.loads(line)["kind"] for line in lines} == {"empty", "not_audio"}
    assert json.loads((tmp_path / "r" / "experiment.json").read_text())["n_quarantined"] == 2


def test_folds_test_every_track_once(grid: GridConfig, tmp_path: Path) -> None:
    config = replace(grid, out=tmp_path / "r", configs=CONFIGS[:1], seeds=1, folds="all")
    run_grid(replace(config, training=replace(grid.training, epochs=1)), progress=False)
    folds = sorted((tmp_path / "r" / CONFIGS[0] / "seed0").glob("fold*"))
    tested = [
        track_id for fold in folds for track_id in load_scores(fold / "scores.npz").test.track_id
    ]
    assert sorted(tested) == sorted(t.track_id for t in scan(grid.data).tracks)


def test_the_comparison_reads_what_training_left(grid: GridConfig) -> None:
    written = grid.folder.parent / "contrasts.json"
    assert main(["compare", str(grid.folder), "--n-replicates", "100", "--json", str(written)]) == 0
    assert written.read_text() == (grid.folder / "comparison.json").read_text()
    table = pd.read_csv(grid.folder / "comparison.csv")
    assert {"macro_ap", "weighted_f1"} <= set(table["metric"])
    report = (grid.folder / "REPORT.md").read_text()
    for name in CONFIGS:
        assert name in report
    assert list((grid.folder / "pictures").glob("*.png"))


def test_too_few_genres_says_why_and_what_to_do(grid: GridConfig, tmp_path: Path) -> None:
    data = tmp_path / "data"
    tracks = scan(grid.data).tracks
    one_artist = {track.genres[0]: track.artist for track in reversed(tracks)}
    for track in tracks:
        if track.artist in one_artist.values():
            target = data / track.genres[0] / track.path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(here(track.path), target)
    with pytest.raises(DatasetError, match="--split-by track"):
        run_grid(replace(grid, data=data, out=tmp_path / "r"), progress=False)
