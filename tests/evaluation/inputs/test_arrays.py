"""Arrays in the form that comparisons take, checked with words that name the place."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre.errors import GenreError
from genre.evaluation.inputs.arrays import FIXED_THRESHOLD, NO_THRESHOLDS, experiment_of_arrays
from genre.evaluation.inputs.experiment import NO_ARTISTS
from genre.evaluation.inputs.records import Description

TRUTH = np.array([[1, 0], [0, 1], [1, 1]])
SCORES = np.array([[0.9, 0.2], [0.4, 0.8], [0.5, 0.1]])


def test_one_model_is_one_seed_with_windows_of_nobody() -> None:
    experiment = experiment_of_arrays(TRUTH, {"m": SCORES})
    assert list(experiment.runs["m"]) == [0]
    run = experiment.any_run
    np.testing.assert_array_equal(run.y_true, TRUTH.astype(bool))
    np.testing.assert_array_equal(run.y_score, SCORES)
    assert run.genres == ("genre 0", "genre 1")
    assert list(run.track_id) == ["000000000", "000000001", "000000002"]
    assert len(run.window_track) == 0
    np.testing.assert_allclose(run.train_prior[0], [2 / 3, 2 / 3])  # that of the test tracks
    assert not run.decisions.any()
    assert (experiment.has_decisions, experiment.unit) == (False, "track")
    assert experiment.notes == (NO_ARTISTS, NO_THRESHOLDS)
    assert (experiment.description, experiment.baselines) == (Description(), {})
    assert (experiment.records, experiment.settings) == ((), {})


def test_a_threshold_decides_and_is_cautioned_of() -> None:
    experiment = experiment_of_arrays(TRUTH, {"m": SCORES}, artist=["p", "q", "q"], thresholds=0.5)
    # From the threshold on: 0.5 counts.
    assert experiment.any_run.decisions.tolist() == [[True, False], [False, True], [True, False]]
    assert (experiment.unit, experiment.notes) == ("artist", (FIXED_THRESHOLD,))


def test_every_seed_may_have_thresholds_of_its_own() -> None:
    experiment = experiment_of_arrays(
        TRUTH,
        {"m": np.stack([SCORES, SCORES])},
        artist=["p", "q", "q"],
        thresholds={"m": [[0.5, 0.5], [0.3, 0.9]]},
        seeds={"m": [4, 7]},
    )
    first, second = (experiment.runs["m"][seed] for seed in (4, 7))
    assert first.decisions.tolist() == [[True, False], [False, True], [True, False]]
    assert second.decisions.tolist() == [[True, False], [True, False], [True, False]]
    assert experiment.notes == ()


def test_what_only_files_know_is_kept() -> None:
    experiment = experiment_of_arrays(
        TRUTH,
        {"m": SCORES},
        genres=["x", "y"],
        artist=["p", "q", "q"],
        track_id=["c", "a", "b"],
        prior=np.array([0.1, 0.2]),
        notes=["mind this"],
        folder=Path("here"),
        thresholds={"m": [0.5, 0.5]},
    )
    run = experiment.any_run
    assert run.genres == ("x", "y")
    by_track = dict(zip(run.track_id.tolist(), run.y_score[:, 0].tolist(), strict=True))
    assert by_track == {"c": 0.9, "a": 0.4, "b": 0.5}
    np.testing.assert_array_equal(run.train_prior[1], [0.1, 0.2])
    assert (experiment.notes, experiment.folder) == (("mind this",), Path("here"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y_true": [[2, 0]]}, "y_true must hold 0 and 1"),
        ({"y_true": []}, "at least one row"),
        ({"y_scores": {}}, "at least one model"),
        ({"y_scores": {"a": [[0.1]]}}, r"y_scores\['a'\] of shape \(1, 1\) must have the shape"),
        ({"y_scores": {"a": [[0.1, np.nan], [0, 0]]}}, r"seed 0, row 0, column 1 is nan"),
        ({"y_scores": {"a": [[0.1, 0], [1.5, 0]]}}, r"seed 0, row 1, column 0 is 1\.5"),
        ({"artist": ["x"]}, "artist of length 1 must have one for each of the 2 rows"),
        ({"genres": ["x"]}, "genres of length 1 must have one for each of the 2 columns"),
        ({"thresholds": 2.0}, r"threshold=2\.0 must lie in \[0, 1\]"),
        ({"thresholds": np.zeros(2)}, r"thresholds of shape \(2,\) must be a number, or a mapping"),
        ({"thresholds": {}}, "thresholds must name every model; 'a' is missing"),
        ({"thresholds": {"a": [0.5]}}, r"thresholds\['a'\] of shape \(1,\) must be 2 numbers"),
    ],
)
def test_unfit_arrays_are_named(change: dict[str, Any], message: str) -> None:
    right: dict[str, Any] = {
        "y_true": [[1, 0], [0, 1]],
        "y_scores": {"a": [[0.5, 0.5], [0.5, 0.5]]},
    }
    with pytest.raises(GenreError, match=message):
        experiment_of_arrays(**(right | change))


@pytest.mark.parametrize("nobody", [None, float("nan"), "", " "])
def test_a_missing_artist_is_not_an_artist(nobody: object) -> None:
    y_true = np.eye(4, dtype=bool)
    artist = np.array(["a", "b", nobody, nobody], dtype=object)
    with pytest.raises(GenreError, match=r"artist must be named.*2 have none, such as row 2"):
        experiment_of_arrays(y_true, {"m": y_true * 0.9}, artist=artist)
