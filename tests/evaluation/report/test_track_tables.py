"""Which tracks a report names, and what it says of them."""

from dataclasses import replace

import numpy as np
import pytest

from genre.evaluation import compare
from genre.evaluation.comparison import Comparison
from genre.evaluation.report.track_tables import track_losses, tracks_section
from tests.report_examples import QUICK


def compared(y_score: list[list[float]], names: list[str]) -> Comparison:
    """Compare one model on tracks of these names."""
    y_true = np.tile([True, False], (len(y_score), 1))
    found = compare(y_true, {"net": np.array(y_score)}, genres=["jazz", "pop"], config=QUICK)
    run = replace(found.experiment.runs["net"][0], track_id=np.array(names))
    return replace(found, experiment=replace(found.experiment, runs={"net": {0: run}}))


def test_the_loss_is_that_of_the_score_for_what_is_true() -> None:
    y_true = np.array([[True, False], [True, True]])
    y_score = np.array([[0.5, 0.25], [1.0, 0.0]])
    expected = [-(np.log(0.5) + np.log(0.75)) / 2, -np.log(1e-6) / 2]
    np.testing.assert_allclose(track_losses(y_true, y_score), expected)


def test_the_best_and_the_worst_are_named_with_their_scores() -> None:
    names = [f"jazz/{number}.flac" for number in range(12)]
    scores = [[0.95 - 0.05 * number, 0.05 * number] for number in range(12)]
    _, words, _, best, _, _, worst = tracks_section(compared(scores, names))
    assert words.startswith("net, seed 0")
    lines = best.splitlines()[2:]
    assert lines[0] == "| jazz/0.flac | jazz 0.95 | pop 0.00 | 0.026 |"
    assert [line.split(" | ")[0] for line in lines] == [f"| {name}" for name in names[:5]]
    assert [line.split(" | ")[0] for line in worst.splitlines()[2:]] == [
        f"| {name}" for name in names[:6:-1]
    ]


@pytest.mark.parametrize(("n_tracks", "n_named"), [(2, 1), (5, 2)])
def test_no_track_is_both(n_tracks: int, n_named: int) -> None:
    scores = [[0.9 - 0.1 * number, 0.2] for number in range(n_tracks)]
    parts = tracks_section(compared(scores, [f"[a](b:{number})" for number in range(n_tracks)]))
    best, worst = (parts[place].splitlines()[2:] for place in (3, 6))
    assert len(best) == len(worst) == n_named
    assert not set(best) & set(worst)
    assert r"\[a\](b:0)" in best[0]  # no name is a link


def test_one_track_is_neither_best_nor_worst() -> None:
    assert tracks_section(compared([[0.9, 0.1]], ["a"])) == []
