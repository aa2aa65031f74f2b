"""The artist in a folder's name; which folders stand for artists, see `test_artist_guesses.py`."""

from pathlib import Path

import pytest

from genre.dataset.layouts.artist_folders import artist_folders, artist_of_folder
from genre.dataset.layouts.entries import Entry

FOLDERS = {
    "Nina Simone": "Nina Simone",
    "Nina_Simone": "Nina Simone",
    "Nina Simone - Pastel Blues": "Nina Simone",
    "Nina Simone - Pastel Blues (1965)": "Nina Simone",
    "01 Nina Simone - Pastel Blues": "Nina Simone",
    "50 Cent": "50 Cent",
    "2004 - Pastel Blues": "2004 - Pastel Blues",
    "The 1975": "The 1975",
    "1349": "1349",
    "2004": None,
    "(2004)": None,
    "CD1": None,
    "CD 2": None,
    "disc_1": None,
    "01": None,
    "Various Artists": None,
    "Unknown Artist": None,
    "[unknown]": None,
}


@pytest.mark.parametrize(("name", "artist"), FOLDERS.items())
def test_one_folder(name: str, artist: str | None) -> None:
    assert artist_of_folder(name) == artist


def test_files_directly_in_a_genre_have_no_folder() -> None:
    entry = Entry(track_id="a.wav", path=Path("/music/rock/a.wav"), genres=("rock",))
    assert artist_folders([entry]) == []
