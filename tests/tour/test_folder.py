"""The folder: every count is what the tracks say."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from genre.tour import Shown, Sound, Tour
from genre.tour.folder import Folder


def table_of(shown: Shown) -> pd.DataFrame:
    """Take the one table of a step."""
    (table,) = [part for part in shown.parts if isinstance(part, pd.DataFrame)]
    return table


def test_facts_count_what_is_there(small_tour: Tour) -> None:
    shown = small_tour.folder.facts()
    facts = table_of(shown)["in the folder"]
    assert facts["tracks"] == 18
    assert facts["artists"] == 9
    assert facts["hours of music"] == "0.05"
    shares = small_tour.subject.y_true.mean(axis=0)
    assert f"{shares.max():.0%}" in shown.words
    assert f"{shares.min():.0%}" in shown.words


def test_each_picture_is_one_and_says_something(small_tour: Tour) -> None:
    room = Folder(small_tour.subject)
    for step in (room.genres, room.together, room.artists, room.track, room.split):
        shown = step()
        assert sum(isinstance(part, Figure) for part in shown.parts) == 1, step
        assert shown.words.endswith("."), step
    assert "nothing to mend" in room.doctor().words


def test_what_is_together_is_counted(small_tour: Tour) -> None:
    y_true = small_tour.subject.y_true.astype(int)
    most = (np.triu(y_true.T @ y_true, k=1)).max()
    several = int((y_true.sum(axis=1) > 1).sum())
    assert f"{several} of 18 tracks" in small_tour.folder.genres().words
    words = small_tour.folder.together().words
    assert f"on {most} track" in words if most else words == "No track has two genres."


def test_the_track_is_heard(small_tour: Tour) -> None:
    shown = small_tour.folder.track()
    assert sum(isinstance(part, Sound) for part in shown.parts) == 1
    assert "It lasts 10.0 s and is heard in 4 windows." in shown.words


def test_parts_share_nothing(small_tour: Tour) -> None:
    shown = small_tour.folder.leaks()
    assert shown.words == "Nothing leaks."
    table = table_of(shown)
    assert list(table.index) == [
        "training and validation",
        "training and test",
        "validation and test",
    ]
    assert (table[["shared artists", "shared recordings"]] == 0).all(axis=None)
