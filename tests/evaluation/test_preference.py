"""The choice between ways to score: clear gains are taken, noise is not followed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.evaluation import preference
from genre.evaluation.metrics import macro_average_precision
from genre.evaluation.preference import clearly_best

N_ARTISTS = 30


def validation(
    seed: int, *, n_artists: int = N_ARTISTS
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.str_]]:
    """Give truth, logits that know something of it, and artists of four tracks each."""
    rng = np.random.default_rng(seed)
    artist = np.repeat(np.arange(n_artists), 4)
    y_true = np.zeros((len(artist), 5), dtype=np.bool_)
    y_true[np.arange(len(artist)), artist % 5] = True
    noise = rng.normal(size=(n_artists, 5))[artist] + rng.normal(size=y_true.shape)
    return y_true, 1.5 * y_true + noise, artist.astype(np.str_)


def test_a_clear_gain_is_taken_and_the_largest_of_several() -> None:
    y_true, first, artist = validation(0)
    ways = {"first": first, "better": first + y_true, "best": first + 3 * y_true, "poor": -first}
    assert clearly_best(y_true, ways, artist) == "best"


def test_noise_is_not_followed() -> None:
    """Of 60 choices between equally good ways, bounds of four binomial standard errors at 5 %."""
    left = 0
    for seed in range(60):
        y_true, first, artist = validation(seed)
        rng = np.random.default_rng([1, seed])
        others = {name: first + 0.5 * rng.normal(size=first.shape) for name in "abc"}
        first = first + 0.5 * rng.normal(size=first.shape)
        left += clearly_best(y_true, {"first": first, **others}, artist) != "first"
    assert left <= 60 * 0.05 + 4 * np.sqrt(60 * 0.05 * 0.95)


def test_a_gain_that_is_sure_but_small_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    y_true, first, artist = validation(0, n_artists=300)
    ways = {"first": first, "better": first + 0.02 * y_true}
    scores = [1 / (1 + np.exp(-one)) for one in ways.values()]
    before, after = (macro_average_precision(y_true, one) for one in scores)
    assert 0.001 < after - before < preference.SMALLEST_GAIN
    assert clearly_best(y_true, ways, artist) == "first"
    monkeypatch.setattr(preference, "SMALLEST_GAIN", 0.001)
    assert clearly_best(y_true, ways, artist) == "better"


def test_few_artists_and_nothing_to_rank_keep_the_first() -> None:
    y_true, first, artist = validation(0, n_artists=9)
    assert clearly_best(y_true, {"first": first, "best": first + 9 * y_true}, artist) == "first"
    y_true, first, artist = validation(0)
    assert clearly_best(y_true & False, {"first": first, "other": -first}, artist) == "first"


def test_the_same_tracks_lead_to_the_same_choice() -> None:
    y_true, first, artist = validation(0)
    ways = {"first": first, "other": first + 0.4 * y_true}
    assert clearly_best(y_true, ways, artist) == clearly_best(y_true, ways, artist)
