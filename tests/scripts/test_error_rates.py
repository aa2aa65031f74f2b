"""Simulated error rates: the simulation itself, its determinism, and a short cut of the table."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from error_rates import STUDIES, Setting, one_repeat, rates, simulate
from error_rates.one_genre import GenreSetting, covers

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_error_rates.py"


def test_a_simulated_test_set_has_the_asked_shape() -> None:
    setting = Setting(n_artists=7, tracks_per_artist=2, windows_per_track=3, n_labels=4)
    data = simulate(setting, np.random.default_rng(0), effects=(0.0, 1.0), n_seeds=2)
    assert data.y_true.shape == (42, 4)
    assert [len(runs) for runs in data.decisions] == [2, 2]
    np.testing.assert_array_equal(data.artist, np.repeat(np.arange(7), 6))
    np.testing.assert_array_equal(data.track, np.repeat(np.arange(14), 3))
    for artist in range(7):
        assert len(np.unique(data.y_true[data.artist == artist], axis=0)) == 1


def test_of_exclusive_genres_one_is_true_and_one_is_given() -> None:
    setting = Setting(n_artists=30, n_labels=5, window_noise=0.5, is_exclusive=True)
    data = simulate(setting, np.random.default_rng(0), effects=(0.0, 8.0), n_seeds=1)
    assert (data.y_true.sum(axis=1) == 1).all()
    poor, good = (runs[0] for runs in data.decisions)
    assert (poor.sum(axis=1) == 1).all()
    right = [float((data.y_true & given).sum(axis=1).mean()) for given in (poor, good)]
    assert 0.4 < right[0] < 0.95
    assert right[1] == 1


def test_an_interval_of_one_genre_misses_the_truth_or_is_none() -> None:
    alone = covers(GenreSetting(n_bearing=1, n_artists=12), np.random.default_rng(0))
    assert all(value for name, value in alone.items() if name.startswith("no logit"))
    assert not any(value for name, value in alone.items() if name.startswith("logit misses"))
    setting = GenreSetting(n_bearing=6, n_artists=12)
    found = [covers(setting, np.random.default_rng(seed)) for seed in range(12)]
    misses = {name: sum(one[name] for one in found) for name in found[0]}
    for skill in ("hard", "middling", "easy"):
        assert misses[f"logit misses AP, {skill}"] <= 4
    assert covers(setting, np.random.default_rng(3)) == found[3]


def test_every_source_of_noise_acts_where_it_says() -> None:
    quiet = {"artist_noise": 0.0, "track_noise": 0.0, "hardness": 0.0}

    def differing(**noise: float) -> tuple[bool, bool, bool]:
        """Say whether windows of a track, tracks of an artist, and seeds get other answers."""
        options: dict[str, Any] = {**quiet, **noise}
        setting = Setting(n_artists=40, windows_per_track=2, **options)
        data = simulate(setting, np.random.default_rng(1), effects=(0.0,), n_seeds=2)
        first, second = data.decisions[0]
        by_track = first.reshape(-1, 2, 16)
        by_artist = first.reshape(40, -1, 16)
        return (
            bool((by_track[:, 0] != by_track[:, 1]).any()),
            bool((by_artist[:, 0] != by_artist[:, -1]).any()),
            bool((first != second).any()),
        )

    assert differing() == (False, False, False)
    assert differing(hardness=1.0) == (False, False, False)
    assert differing(configuration_noise=1.0) == (False, False, False)
    assert differing(artist_noise=1.0) == (False, False, True)
    assert differing(seed_spread=2.0, hardness=1.0) == (False, False, True)
    assert differing(track_noise=1.0) == (False, True, True)
    assert differing(window_noise=1.0) == (True, True, True)


@pytest.mark.parametrize("study", sorted(STUDIES))
def test_a_repeat_depends_on_its_numbers_alone(study: str) -> None:
    assert one_repeat(study, 3, rng_seed=1) == one_repeat(study, 3, rng_seed=1)


def test_rates_by_hand() -> None:
    name = "artist: paired bootstrap"
    (rate,) = rates("units", [{name: True}] + [{name: False}] * 99)
    assert (rate.rate, rate.nominal, rate.n_repeats) == (0.01, 0.05, 100)
    assert rate.error == pytest.approx(2 * np.sqrt(0.05 * 0.95 / 100))
    assert rate.is_within is True
    (free,) = rates("units", [{"window: paired bootstrap": True}] * 100)
    assert free.is_within is None
    # 102 of 104: not 0 where every answer is the same.
    assert free.error == pytest.approx(2 * np.sqrt(102 / 104 * 2 / 104 / 100))


def test_the_short_cut_of_the_table() -> None:
    """Of 60 repeats each, bounds of four binomial standard errors about the figures in LOG.md."""
    found = {
        (study, rate.procedure): rate.rate
        for study in (
            *("seeds differ", "runs differ by artist", "two seeds", "coverage"),
            "which one, seeds differ",
        )
        for rate in rates(study, [one_repeat(study, k, rng_seed=7) for k in range(60)])
    }
    assert found["seeds differ", "one seed, artist bootstrap"] > 0.5
    assert found["seeds differ", "mean of 5 seeds, artist bootstrap"] > 0.35
    assert found["seeds differ", "5 seeds, combined standard error"] <= 0.165
    assert found["runs differ by artist", "5 seeds, combined standard error"] <= 0.165
    assert found["runs differ by artist", "5 seeds, run-by-artist noise twice"] <= 0.05
    assert found["two seeds", "2 seeds, combined standard error"] <= 0.165
    for name in ("accuracy", "macro F1"):
        words = f"{name}: 5 seeds, combined standard error"
        assert found["which one, seeds differ", words] <= 0.165
        assert found["which one, seeds differ", f"{name}: one seed, artist bootstrap"] > 0.3
    assert found["coverage", "BCa covers the score"] >= 0.835
    assert found["coverage", "BCa covers the difference"] >= 0.835


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    texts = []
    for n_workers in (1, 2):
        path = tmp_path / f"{n_workers}.json"
        words = ["--n-repeats", "6", "--studies", "coverage", "--n-workers", str(n_workers)]
        subprocess.run(
            [sys.executable, str(SCRIPT), *words, "--json", str(path)],
            check=False,  # six repeats may well miss their nominal rate
            capture_output=True,
        )
        figures = json.loads(path.read_text())
        figures.pop("seconds")
        texts.append(figures)
    assert texts[0] == texts[1]
    assert len(texts[0]["rates"]) == 4


@pytest.mark.parametrize(("words", "fault"), [(["--n-repeats", "0"], "at least 1")])
def test_wrong_words_are_one_line(words: list[str], fault: str) -> None:
    answer = subprocess.run(
        [sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: ")
    assert fault in answer.stderr
    assert answer.stderr.count("\n") == 1
