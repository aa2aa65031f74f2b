"""Reading an experiment: what is finished, and what cannot be compared."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from genre.errors import GenreError
from genre.evaluation.inputs.experiment import NO_ARTISTS, load_experiment
from genre.evaluation.inputs.records import Description
from genre.evaluation.scores import load_scores, save_scores
from tests.synthetic_experiment import SKILLS, write_experiment

TWO = {name: SKILLS[name] for name in ("attnTrue_lossbce", "attnFalse_lossbce")}


def test_all_finished_runs_are_found(experiment_folder: Path) -> None:
    experiment = load_experiment(experiment_folder)
    assert {name: list(runs) for name, runs in experiment.runs.items()} == {
        name: [0, 1] for name in SKILLS
    }
    assert experiment.unfinished == ()
    assert list(experiment.baselines) == ["logistic"]
    assert experiment.description.split_by == "artist"
    tracks = [run.track_id for by_seed in experiment.runs.values() for run in by_seed.values()]
    assert all((one == tracks[0]).all() for one in tracks)


def test_unfinished_runs_are_named_and_left_out(experiment_folder: Path) -> None:
    record = experiment_folder / "attnTrue_lossbce" / "seed1" / "record.json"
    record.write_text(json.dumps({"finished": False}))
    (experiment_folder / "attnFalse_lossbce" / "seed0" / "record.json").unlink()
    (experiment_folder / "another" / "seed7").mkdir(parents=True)
    experiment = load_experiment(experiment_folder)
    assert set(experiment.unfinished) == {
        "attnTrue_lossbce/seed1",
        "attnFalse_lossbce/seed0",
        "another/seed7",
    }
    assert list(experiment.runs["attnTrue_lossbce"]) == [0]


def test_planned_runs_that_never_started_are_named(experiment_folder: Path) -> None:
    path = experiment_folder / "experiment.json"
    description = json.loads(path.read_text())
    path.write_text(json.dumps({**description, "seeds": [0, 1, 2]}))
    assert "attnTrue_lossbce/seed2" in load_experiment(experiment_folder).unfinished


def test_other_folders_are_no_runs(experiment_folder: Path) -> None:
    for name in ("best/seed0", "pictures/seed0", "notes/seedling"):
        (experiment_folder / name).mkdir(parents=True)
    assert load_experiment(experiment_folder).unfinished == ()


def test_a_run_is_finished_when_all_its_folds_are(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=TWO, n_folds=3, n_artists=7)
    experiment = load_experiment(folder)
    assert len(experiment.any_run.track_id) == 3 * 21
    (folder / "attnTrue_lossbce" / "seed0" / "fold1" / "record.json").unlink()
    assert load_experiment(folder).unfinished == ("attnTrue_lossbce/seed0",)


def test_an_unfinished_baseline_is_left_out(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=TWO, n_folds=2, n_artists=7)
    (folder / "baselines" / "fold1" / "scores.npz").unlink()
    experiment = load_experiment(folder)
    assert experiment.baselines == {}
    assert experiment.unfinished == ("baselines",)


def test_a_support_vector_machine_is_read_where_it_was_fitted(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=TWO, n_folds=2, n_artists=7)
    assert "svm" not in load_experiment(folder).baselines
    for fold in ("fold0", "fold1"):
        target = folder / "baselines" / "svm" / fold
        target.mkdir(parents=True)
        shutil.copy(folder / "baselines" / fold / "scores.npz", target)
    experiment = load_experiment(folder)
    assert list(experiment.baselines) == ["logistic", "svm"]
    assert len(experiment.baselines["svm"].track_id) == len(experiment.any_run.track_id)
    assert experiment.unfinished == ()
    (folder / "baselines" / "svm" / "fold1" / "scores.npz").unlink()
    experiment = load_experiment(folder)
    assert experiment.baselines == {}
    assert experiment.unfinished == ("baselines",)


def test_neither_description_nor_baseline_is_needed(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=TWO)
    (folder / "experiment.json").unlink()
    (folder / "baselines" / "scores.npz").unlink()
    experiment = load_experiment(folder)
    assert experiment.baselines == {}
    assert experiment.description == Description()


def test_runs_on_other_tracks_cannot_be_compared(experiment_folder: Path) -> None:
    path = experiment_folder / "attnTrue_lossbce" / "seed1" / "scores.npz"
    scores = load_scores(path)
    test = replace(scores.test, y_true=~scores.test.y_true)
    save_scores(path, replace(scores, test=test))
    with pytest.raises(GenreError, match=r"attnTrue_lossbce/seed1 .* the same y_true"):
        load_experiment(experiment_folder)


@pytest.mark.parametrize("name", ["experiment.json", "attnTrue_lossbce/seed0/record.json"])
@pytest.mark.parametrize("content", ["{broken", "[1, 2]"])
def test_a_broken_json_file_is_named(experiment_folder: Path, name: str, content: str) -> None:
    (experiment_folder / name).write_text(content)
    with pytest.raises(GenreError, match=name.rsplit("/")[-1]):
        load_experiment(experiment_folder)


def test_broken_scores_of_a_finished_run_are_named(experiment_folder: Path) -> None:
    path = experiment_folder / "attnFalse_lossbce" / "seed0" / "scores.npz"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(GenreError, match=r"attnFalse_lossbce/seed0/scores\.npz"):
        load_experiment(experiment_folder)


def test_an_absent_or_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(GenreError, match=r"absent must be the folder of an experiment"):
        load_experiment(tmp_path / "absent")
    with pytest.raises(GenreError, match="at least one finished run"):
        load_experiment(tmp_path)


def test_folders_of_another_division_are_not_read(experiment_folder: Path) -> None:
    before = load_experiment(experiment_folder)
    for run_folder in [*experiment_folder.glob("attn*/seed*"), experiment_folder / "baselines"]:
        stale = run_folder / "fold0"
        stale.mkdir()
        for name in ("scores.npz", "record.json"):
            if (run_folder / name).exists():
                (stale / name).write_bytes(b"of another division")
    after = load_experiment(experiment_folder)
    assert after.unfinished == before.unfinished
    assert after.runs.keys() == before.runs.keys()


def test_any_other_baseline_is_read_by_the_name_of_its_folder(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=TWO, seeds=(0,))
    target = folder / "baselines" / "a_forest"
    target.mkdir()
    shutil.copy(folder / "baselines" / "scores.npz", target)
    experiment = load_experiment(folder)
    assert list(experiment.baselines) == ["logistic", "a_forest"]
    scores = load_scores(target / "scores.npz")
    save_scores(target / "scores.npz", replace(scores, genres=tuple(reversed(scores.genres))))
    with pytest.raises(GenreError, match=r"baselines and attnFalse_lossbce/seed0 must"):
        load_experiment(folder)


def test_records_are_read_with_their_places(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path, skills=TWO, seeds=(0,), n_folds=11, n_artists=2)
    for fold in range(11):
        path = folder / "attnTrue_lossbce" / "seed0" / f"fold{fold}" / "record.json"
        config = {"loss": "bce", "fold": fold}
        path.write_text(json.dumps({"finished": True, "config": config}))
    experiment = load_experiment(folder)
    own = [one for one in experiment.records if one.place.configuration == "attnTrue_lossbce"]
    # In the order of their numbers, 9 before 10.
    assert [one.place.fold for one in own] == list(range(11))
    assert own[10].place.name == "attnTrue_lossbce/seed0/fold10"
    assert own[10].folder.path == folder / "attnTrue_lossbce/seed0/fold10"
    assert own[10].record.config == {"loss": "bce", "fold": 10}
    # The first record speaks for its configuration; the other one says nothing.
    assert experiment.settings == {"attnTrue_lossbce": {"loss": "bce", "fold": 0}}
    assert experiment.any_run is experiment.runs["attnFalse_lossbce"][0]


def test_tracks_without_artists_are_resampled_by_themselves(experiment_folder: Path) -> None:
    for path in experiment_folder.rglob("scores.npz"):
        scores = load_scores(path)
        save_scores(path, replace(scores, test=replace(scores.test, artist=scores.test.track_id)))
    experiment = load_experiment(experiment_folder)
    assert (experiment.unit, experiment.notes) == ("track", (NO_ARTISTS,))
