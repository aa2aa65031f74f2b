"""What is told of a track, as a table and in a line."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre.errors import MissingPackageError
from genre.tagging.track_tags import FRAME_COLUMNS, Timeline, TrackTags

TAGS = TrackTags(
    path=Path("song.mp3"),
    genres=("hiphop",),
    scores={"hiphop": 0.875, "jazz": 0.25},
    thresholds={"hiphop": 0.5, "jazz": 0.5},
    timeline=Timeline(
        genres=("hiphop", "jazz"),
        starts_seconds=np.zeros(1),
        window_seconds=4.0,
        scores=np.array([[0.875, 0.25]]),
    ),
    duration_seconds=4.0,
    flags=(),
    names={"hiphop": "Hip-Hop"},
)


def test_the_scores_are_a_table() -> None:
    table = TAGS.to_frame()
    assert tuple(table.columns) == FRAME_COLUMNS
    assert table.to_dict("records") == [
        {
            "path": "song.mp3",
            "genre": "hiphop",
            "name": "Hip-Hop",
            "score": 0.875,
            "threshold": 0.5,
            "decided": True,
        },
        {
            "path": "song.mp3",
            "genre": "jazz",
            "name": "jazz",
            "score": 0.25,
            "threshold": 0.5,
            "decided": False,
        },
    ]
    assert len(pd.concat([table, table])) == 4


def test_a_line_says_what_it_is() -> None:
    assert repr(TAGS) == "TrackTags('song.mp3', genres=('hiphop',), best hiphop 0.88 of 2)"
    assert repr(TAGS.timeline) == "Timeline(1 window of 4 s, 2 genres)"


def test_without_pandas_the_table_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingPackageError, match=r"pandas must be installed: .*\[train\]"):
        TAGS.to_frame()
