"""Tags as plain values, by hand: genre.tagging.plain_values."""

import doctest
import json
from pathlib import Path

import numpy as np
import pytest

from genre.tagging import plain_values
from genre.tagging.plain_values import plain_tags, plain_windows
from genre.tagging.track_tags import Timeline, TrackTags


@pytest.fixture
def timeline() -> Timeline:
    """Make the time line of a track of 5 s: a window at its start, one that ends with it."""
    return Timeline(
        genres=("jazz", "pop", "rock"),
        starts_seconds=np.array([0.0, 1.02]),
        window_seconds=4.0,
        scores=np.array([[0.2, 0.6, 0.6], [0.123456789, 0.0, 0.7]]),
    )


@pytest.fixture
def tags(timeline: Timeline) -> TrackTags:
    return TrackTags(
        path=Path("song.mp3"),
        genres=("rock", "pop"),
        scores={"rock": 0.65, "pop": 0.3, "jazz": 0.16172839},
        thresholds={"rock": 0.5, "pop": 0.25, "jazz": 1 / 3},
        timeline=timeline,
        duration_seconds=5.0000004,
        flags=("truncated",),
        names={"rock": "Rock", "pop": "POP", "jazz": "Jazz"},
    )


def test_all_that_a_model_says_of_a_track(tags: TrackTags) -> None:
    plain = plain_tags(tags)
    assert plain == {
        "genres": ["rock", "pop"],
        "scores": {"rock": 0.65, "pop": 0.3, "jazz": 0.161728},
        "thresholds": {"rock": 0.5, "pop": 0.25, "jazz": 0.333333},
        "duration_seconds": 5.0,
        "flags": ["truncated"],
        "names": {"rock": "Rock", "pop": "POP", "jazz": "Jazz"},
    }
    assert list(plain["scores"]) == ["rock", "pop", "jazz"]  # best first
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize("top", [1, 2, 3, 9])
def test_the_best_scores_alone(top: int, tags: TrackTags) -> None:
    plain = plain_tags(tags, top=top, timeline=True)
    best = ["rock", "pop", "jazz"][:top]
    assert list(plain["scores"]) == list(plain["thresholds"]) == best
    assert plain["genres"] == ["rock", "pop"]  # what is decided is decided
    assert [len(window["scores"]) for window in plain["timeline"]] == [min(top, 3)] * 2


def test_windows_end_with_the_track_and_have_their_own_order(timeline: Timeline) -> None:
    windows = plain_windows(timeline, 5.0)
    assert windows == [
        {
            "start_seconds": 0.0,
            "end_seconds": 4.0,
            "scores": {"pop": 0.6, "rock": 0.6, "jazz": 0.2},
        },
        {
            "start_seconds": 1.02,
            "end_seconds": 5.0,
            "scores": {"rock": 0.7, "jazz": 0.123457, "pop": 0.0},
        },
    ]
    # equal scores stay in the order of the vocabulary
    assert [list(window["scores"]) for window in windows] == [
        ["pop", "rock", "jazz"],
        ["rock", "jazz", "pop"],
    ]


def test_a_track_shorter_than_a_window_ends_where_it_ends() -> None:
    short = Timeline(
        genres=("jazz",), starts_seconds=np.zeros(1), window_seconds=4.0, scores=np.ones((1, 1))
    )
    assert plain_windows(short, 1.5)[0]["end_seconds"] == 1.5


def test_the_examples_are_true() -> None:
    found = doctest.testmod(plain_values)
    assert found.attempted > 0
    assert found.failed == 0
