"""Which tracks a dataset has, before any sound."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre.errors import ConfigError
from genre.sample.planning import SampleConfig, plan_tracks
from tests.sample_examples import TINY


def test_the_default_dataset_is_as_promised() -> None:
    config = SampleConfig()
    plans = plan_tracks(config)
    assert len(plans) >= 196
    assert {plan.genres[0] for plan in plans} == set(config.genres)
    assert len({plan.artist.name for plan in plans}) == 70
    assert sum(len(plan.genres) == 2 for plan in plans) == round(len(plans) / 4)
    assert all(12 <= plan.duration_seconds <= 16 for plan in plans)
    assert {plan.sample_rate for plan in plans} == {22050, 44100, 48000}
    assert {plan.n_channels for plan in plans} == {1, 2}
    assert {Path(plan.relative_path).suffix for plan in plans} == {".mp3", ".wav"}
    assert len({plan.relative_path for plan in plans}) == len(plans)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"genres": ("polka", "jazz")}, "genres=.* must be two or more different ones of: class"),
        ({"genres": ("jazz",)}, "genres=.* must be two or more"),
        ({"genres": ("jazz", "jazz")}, "genres=.* must be two or more"),
        ({"n_artists_per_genre": 0}, "n_artists_per_genre=0 must be at least 1"),
        ({"n_artists_per_genre": 100}, "at most 600 artists"),
        ({"n_tracks_per_artist": 0}, "n_tracks_per_artist=0 must"),
        ({"min_seconds": 9.0, "max_seconds": 8.0}, "the first not above the second"),
        ({"min_seconds": 1.0}, "min_seconds=1.0"),
        ({"seed": -1}, "seed=-1 must be at least 0"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SampleConfig(**options)


def test_a_plan_follows_from_its_seed_alone() -> None:
    assert plan_tracks(TINY) == plan_tracks(TINY)
    assert plan_tracks(TINY) != plan_tracks(replace(TINY, seed=1))


def test_every_pair_of_genres_meets_in_some_artist() -> None:
    config = SampleConfig(genres=("jazz", "rock", "folk"), n_artists_per_genre=4)
    artists = {plan.artist.name: plan.artist for plan in plan_tracks(config)}.values()
    pairs = {(artist.genre, artist.second_genre) for artist in artists}
    assert pairs == {(a, b) for a in config.genres for b in config.genres if a != b}


def test_no_track_depends_on_another() -> None:
    plans = plan_tracks(SampleConfig())
    assert len({plan.seed for plan in plans}) == len(plans)
    draws = {float(np.random.default_rng(plan.seed).random()) for plan in plans}
    assert len(draws) == len(plans)


def test_a_track_lies_under_its_first_genre_and_its_artist() -> None:
    for plan in plan_tracks(TINY):
        folder, name = plan.relative_path.split("/")
        assert folder == plan.genres[0] == plan.artist.genre
        assert name.startswith(f"{plan.artist.name} - {plan.title}.")
