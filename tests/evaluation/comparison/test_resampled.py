"""One resampling for all comparisons: what is drawn, what is kept, and the lines of the table."""

import gc
import weakref
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from genre.evaluation.comparison import resampled
from genre.evaluation.comparison.contrasts import Contrast
from genre.evaluation.comparison.measures import CLASS_AP, MACRO_AP, WEIGHTED_F1, replicate
from genre.evaluation.comparison.resampled import Resampling, first_seeds, resample
from genre.evaluation.comparison.results import ComparisonConfig
from genre.evaluation.inputs import Experiment, load_experiment
from tests.synthetic_experiment import write_experiment

CONFIG = ComparisonConfig(n_replicates=100, n_reference_replicates=100)
A_B = Contrast(side_a=("a",), side_b=("b",))


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    """Two models with two seeds each, on 12 artists."""
    folder: Path = tmp_path_factory.mktemp("resampled")
    write_experiment(folder, skills={"a": 2.0, "b": 1.2}, n_artists=12, n_windows=2)
    return load_experiment(folder)


@pytest.fixture
def resampling(experiment: Experiment) -> Resampling:
    return resample(experiment, CONFIG)


def test_the_same_seed_draws_the_same(experiment: Experiment, resampling: Resampling) -> None:
    again = resample(experiment, CONFIG)
    other = resample(experiment, replace(CONFIG, rng_seed=1))
    assert resampling.n_clusters == 12
    assert resampling.weights.shape == resampling.swaps.shape == (100, 12)
    assert resampling.swaps.dtype == np.bool_
    np.testing.assert_array_equal(resampling.weights, again.weights)
    np.testing.assert_array_equal(resampling.swaps, again.swaps)
    assert (resampling.weights != other.weights).any()
    assert (resampling.swaps != other.swaps).any()


def test_numbers_are_computed_once(resampling: Resampling, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = {}
    for name in ("replicate", "replicate_classes", "exchange"):
        calls[name] = Mock(wraps=getattr(resampled, name))
        monkeypatch.setattr(resampled, name, calls[name])
    a, b = (resampling.experiment.runs[name][0] for name in "ab")
    for _ in range(2):
        resampling.replicate(WEIGHTED_F1, a)
        resampling.replicate(WEIGHTED_F1, b)
        resampling.replicate_classes(CLASS_AP, a)
        resampling.replicate(MACRO_AP, a)  # the mean of the classes that are known already
        resampling.exchanged(WEIGHTED_F1, a, b)
        resampling.exchanged(WEIGHTED_F1, b, a)
    counts = {name: call.call_count for name, call in calls.items()}
    assert counts == {"replicate": 2, "replicate_classes": 1, "exchange": 2}


def test_runs_are_kept_with_what_was_found(resampling: Resampling) -> None:
    # Otherwise another run could be made where a dead one was, and get its answer.
    runs = resampling.experiment.runs
    a, b, c = (replace(runs["a"][0]) for _ in range(3))
    alive = [weakref.ref(run) for run in (a, b, c)]
    resampling.exchanged(WEIGHTED_F1, a, runs["b"][0])
    resampling.replicate(WEIGHTED_F1, b)
    resampling.replicate_classes(CLASS_AP, c)
    del a, b, c
    gc.collect()
    assert all(one() is not None for one in alive)


def test_what_is_kept_is_what_was_computed(resampling: Resampling) -> None:
    run = resampling.experiment.runs["a"][1]
    for measure in (MACRO_AP, WEIGHTED_F1):
        expected = replicate(measure, run, cluster=resampling.cluster, weights=resampling.weights)
        for _ in range(2):
            found = resampling.replicate(measure, run)
            # The mean over classes is added up elsewhere.
            assert found.value == pytest.approx(expected.value, abs=1e-15)
            np.testing.assert_allclose(found.replicates, expected.replicates, atol=1e-14)


def test_a_line_for_every_class_with_tracks(resampling: Resampling) -> None:
    rows = resampling.class_rows(A_B, CLASS_AP)
    assert [row["label"] for row in rows] == list(range(7))
    whole = resampling.contrast_row(A_B, MACRO_AP, resampling.replicate_all(MACRO_AP))
    assert np.mean([row["delta"] for row in rows]) == pytest.approx(whole["delta"])
    assert {row["claim_scope"] for row in rows} == {"configuration"}
    assert whole["delta"] == pytest.approx(whole["mean_A"] - whole["mean_B"])
    assert whole["relative"] == pytest.approx(whole["delta"] / whole["mean_B"])


def test_one_checkpoint_is_that_of_the_lowest_seed(experiment: Experiment) -> None:
    turned = replace(
        experiment, runs={name: {1: by[1], 0: by[0]} for name, by in experiment.runs.items()}
    )
    assert first_seeds(turned)["a"] is experiment.runs["a"][0]
