"""The numbers that are compared: against the metrics, by class, stacked, and resampled."""

import numpy as np
import pytest

from genre.evaluation.comparison.measures import (
    CLASS_AP,
    CLASS_AUC,
    CLASS_MEASURES,
    MACRO_AP,
    WEIGHTED_F1,
    WINDOW_F1,
    Measure,
    Replicated,
    ReplicatedClasses,
    replicate,
    replicate_classes,
)
from genre.evaluation.inputs import PooledRun
from genre.evaluation.metrics import evaluate

# Two genres, four tracks of three artists, five windows; nothing symmetric.
TRUTH = np.array([[1, 0], [1, 1], [0, 1], [0, 1]], dtype=np.bool_)
SCORES = np.array([[0.9, 0.8], [0.4, 0.7], [0.6, 0.6], [0.1, 0.2]])
CLUSTER = np.array([0, 0, 1, 2])


def make_run() -> PooledRun:
    names = np.array(["a", "b", "c", "d"])
    return PooledRun(
        genres=("x", "y"),
        track_id=names,
        artist=np.array(["p", "p", "q", "r"]),
        y_true=TRUTH,
        y_score=SCORES,
        decisions=SCORES >= 0.5,
        window_score=np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.9], [0.5, 0.4], [0.2, 0.5]]),
        window_track=np.array([0, 1, 1, 2, 3]),
        thresholds=np.full((4, 2), 0.5),
        train_prior=np.full((4, 2), 0.5),
        val_choice=(0.5,),
    )


@pytest.mark.parametrize("measure", [MACRO_AP, WEIGHTED_F1], ids=lambda one: one.name)
def test_a_measure_of_tracks_is_the_metric_of_its_name(measure: Measure) -> None:
    run = make_run()
    value = measure.statistic((run,), CLUSTER).full()[0]
    expected = evaluate(run.y_true, run.y_score, run.decisions)[measure.name]
    assert float(value) == pytest.approx(expected)


def test_average_precision_by_hand() -> None:
    # x: ranks of the positives are 1 and 3 of 0.9 0.6 0.4 0.1, so (1/1 + 2/3) / 2. y: all but the
    # first of 0.8 0.7 0.6 0.2 are positive: (1/2 + 2/3 + 3/4) / 3.
    found = CLASS_AP.statistic((make_run(),), CLUSTER).full()[0]
    expected = [(1 + 2 / 3) / 2, (1 / 2 + 2 / 3 + 3 / 4) / 3]
    np.testing.assert_allclose(found, expected)
    assert MACRO_AP.by_class is CLASS_AP
    # x: of 2 x 2 pairs three are in order; y: of 3 x 1 none.
    np.testing.assert_allclose(CLASS_AUC.statistic((make_run(),), CLUSTER).full()[0], [3 / 4, 0])


def test_windows_are_cut_at_a_half_whatever_the_thresholds() -> None:
    run = make_run()
    truth = run.y_true[run.window_track]
    expected = evaluate(truth, run.window_score, run.window_score >= 0.5)["weighted_f1"]
    found = WINDOW_F1.statistic((run,), CLUSTER).full()[0]
    assert float(found) == pytest.approx(expected)


def test_measures_of_classes_by_hand() -> None:
    # x is given to tracks 0 and 2, and true of 0 and 1; y to 0, 1, 2, and true of 1, 2, 3.
    expected = {"precision": [1 / 2, 2 / 3], "recall": [1 / 2, 2 / 3], "f1": [1 / 2, 2 / 3]}
    found = {
        measure.name: measure.statistic((make_run(),), CLUSTER).full()[0]
        for measure in CLASS_MEASURES
    }
    assert list(found) == ["precision", "recall", "f1", "ap", "auc"]
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values)


def test_stacked_runs_keep_clusters_of_their_own() -> None:
    run = make_run()
    statistic = WEIGHTED_F1.statistic((run, run), CLUSTER)
    alone = WEIGHTED_F1.statistic((run,), CLUSTER)
    only_second = np.array([[0, 0, 0, 1, 1, 1]])
    np.testing.assert_allclose(statistic(only_second), alone(np.ones((1, 3), dtype=np.int64)))


def test_replicates_follow_the_weights() -> None:
    run, weights = make_run(), np.array([[1, 1, 1], [0, 2, 1]], dtype=np.int16)
    found = replicate(WEIGHTED_F1, run, cluster=CLUSTER, weights=weights)
    rows = np.array([2, 2, 3])  # the second sample: artist q twice, r once
    by_hand = evaluate(run.y_true[rows], run.y_score[rows], run.decisions[rows])["weighted_f1"]
    np.testing.assert_allclose(found.replicates, [found.value, by_hand])
    kept = np.array([2, 3])  # without artist p
    without = evaluate(run.y_true[kept], run.y_score[kept], run.decisions[kept])["weighted_f1"]
    assert found.jackknife[0] == pytest.approx(without)
    assert len(found.jackknife) == 3
    classes = replicate_classes(CLASS_AP, run, cluster=CLUSTER, weights=weights)
    np.testing.assert_allclose(classes.values, [(1 + 2 / 3) / 2, (1 / 2 + 2 / 3 + 3 / 4) / 3])
    assert classes.replicates.shape == (2, 2)
    assert classes.jackknife.shape == (3, 2)


def test_a_mean_is_over_the_classes_that_have_a_value() -> None:
    nothing = float("nan")
    classes = ReplicatedClasses(
        values=np.array([0.25, nothing, 0.75]),
        replicates=np.array([[0.2, 0.9, 0.4]]),
        jackknife=np.array([[0.1, 0.9, 0.7], [0.3, 0.9, 0.5]]),
    )
    found = classes.mean()
    assert found.value == pytest.approx(0.5)
    np.testing.assert_allclose(found.replicates, [0.3])
    np.testing.assert_allclose(found.jackknife, [0.4, 0.4])
    last = classes.of_class(2)
    assert isinstance(last, Replicated)
    assert last.value == 0.75
    np.testing.assert_array_equal(last.jackknife, [0.7, 0.5])
