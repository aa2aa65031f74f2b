"""Reading an experiment: what is finished, folds put together, and what cannot be compared."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.errors import GenreError
from genre.evaluation.calibration import coverage_precision
from genre.evaluation.comparison import ComparisonConfig, analyse
from genre.evaluation.inputs import Description, load_experiment, pool_folds
from genre.evaluation.scores import PartScores, RunScores, load_scores, save_scores
from tests.synthetic_experiment import SKILLS, write_experiment

TWO = {name: SKILLS[name] for name in ("attnTrue_lossbce", "attnFalse_lossbce")}


def make_run(track_id: list[str], *, threshold: float = 0.5) -> RunScores:
    n_tracks = len(track_id)
    part = PartScores(
        track_id=np.array(track_id),
        artist=np.array([f"by {name}" for name in track_id]),
        y_true=np.ones((n_tracks, 2), dtype=np.bool_),
        y_score=np.array([[0.4, 0.4 + 0.01 * row] for row in range(n_tracks)]),
        window_score=np.linspace(0, 1, 4 * n_tracks).reshape(2 * n_tracks, 2),
        window_track=np.repeat(np.arange(n_tracks), 2),
    )
    return RunScores(
        genres=("a", "b"),
        thresholds=np.full(2, threshold),
        train_prior=np.full(2, threshold / 2),
        val=part,
        test=part,
    )


def test_folds_are_put_together_by_track() -> None:
    folds = [make_run(["d", "a"], threshold=0.3), make_run(["c", "b"], threshold=0.9)]
    run = pool_folds(folds, name="run")
    assert list(run.track_id) == ["a", "b", "c", "d"]
    assert list(run.artist) == ["by a", "by b", "by c", "by d"]
    np.testing.assert_allclose(run.y_score[:, 1], [0.41, 0.41, 0.40, 0.40])
    # Each track is decided by the threshold of its own fold.
    np.testing.assert_array_equal(run.decisions[:, 0], [True, False, False, True])
    np.testing.assert_allclose(run.thresholds[:, 0], [0.3, 0.9, 0.9, 0.3])
    np.testing.assert_allclose(run.train_prior[:, 0], [0.15, 0.45, 0.45, 0.15])


def test_every_number_of_pooled_folds_comes_from_each_folds_own_thresholds(
    tmp_path: Path,
) -> None:
    # Both folds score their first track 0.4 and their second 0.41; every track has both genres,
    # and in the first genre all score 0.4. Fold 0 cuts at 0.405, fold 1 at 0.35.
    for fold, (tracks, threshold) in enumerate([(["a", "b"], 0.405), (["c", "d"], 0.35)]):
        folder = tmp_path / "only" / "seed0" / f"fold{fold}"
        save_scores(folder / "scores.npz", make_run(tracks, threshold=threshold))
        (folder / "record.json").write_text('{"finished": true}')
    experiment = load_experiment(tmp_path)
    run = experiment.any_run
    np.testing.assert_array_equal(run.decisions, [[0, 0], [0, 1], [1, 1], [1, 1]])
    config = ComparisonConfig(n_replicates=100, n_reference_replicates=100)
    scores = analyse(experiment, config).scores
    own = scores[(scores["config"] == "only") & (scores["level"] == "track")]
    value = own[own["seed"] == "0"].set_index("metric")["value"]
    # Genre 1: 2 of 4 found, F1 = 2/3. Genre 2: 3 of 4 found, F1 = 6/7. Both weigh the same.
    assert value["weighted_f1"] == pytest.approx((2 / 3 + 6 / 7) / 2)
    curve = coverage_precision(run.y_true, run.y_score, run.thresholds)
    assert curve.at(0.0) == (3 / 4, 1.0)


def test_calibrations_and_uncalibrated_scores_of_folds_are_put_together() -> None:
    before = np.array([[0.9, 0.1], [0.8, 0.2]])
    known = replace(
        make_run(["d", "a"]),
        temperature=2.5,
        bias=np.array([-1.0, 0.5]),
        aggregation="max",
        test_uncalibrated=before,
    )
    run = pool_folds([known, make_run(["c", "b"])], name="run")
    assert run.temperatures == (2.5, 1.0)
    assert run.aggregations == ("max", "mean")
    np.testing.assert_array_equal(run.biases, [[-1.0, 0.5], [0.0, 0.0]])
    assert run.uncalibrated is not None
    # Tracks a and d as they were, b and c as they are: their model was not calibrated.
    np.testing.assert_allclose(run.uncalibrated[:, 1], [0.2, 0.41, 0.4, 0.1])
    assert pool_folds([make_run(["c", "b"])], name="run").uncalibrated is None


def test_windows_follow_their_tracks() -> None:
    folds = [make_run(["d", "a"]), make_run(["c", "b"])]
    run = pool_folds(folds, name="run")
    np.testing.assert_array_equal(run.window_track, np.repeat(np.arange(4), 2))
    # Track a is the second of its fold: windows 2 and 3 there.
    np.testing.assert_allclose(run.window_score[:2], folds[0].test.window_score[2:4])
    np.testing.assert_allclose(run.window_score[6:], folds[0].test.window_score[:2])


def test_a_track_is_tested_once() -> None:
    with pytest.raises(GenreError, match="run: every track must be tested in one fold only"):
        pool_folds([make_run(["a", "b"]), make_run(["b"])], name="run")
    with pytest.raises(GenreError, match="at least one test track"):
        pool_folds([make_run([])], name="run")
    with pytest.raises(GenreError, match="must have the same genres"):
        pool_folds([make_run(["a"]), replace(make_run(["b"]), genres=("b", "a"))], name="run")


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
