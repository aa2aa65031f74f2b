"""What names of folders carry besides a genre: genre.dataset.layouts.folder_names.

The rule: marks that systems put on names are no part of a genre, and where they would be learned
as one the folders are named; names of genres that look a little alike are left alone.
"""

import pytest

from genre.dataset.layouts.doubts import folder_notes
from genre.dataset.layouts.folder_names import copied_folders, numbered_genres
from tests.dataset.layouts.test_doubts import ROOT


@pytest.mark.parametrize(
    "copy",
    [
        "jazz (1)",
        "Jazz(2)",
        "jazz - Copy",
        "jazz - Copy (2)",
        "Copy of jazz",
        "jazz copy",
        "jazz copy 2",
        "jazz (copy)",
        "jazz - Kopie",
        "Kopie von jazz",
        "jazz-20240101T101010Z-001",
        "jazz-001",
        "jazz_2",
        "jazz 2",
    ],
)
def test_a_copy_beside_its_genre_is_named(copy: str) -> None:
    (note,) = copied_folders(["jazz", copy, "rock"])
    assert note == (
        "folders that look like copies of one, and are learned as different genres: "
        f"jazz and {copy}; move what is in them into one"
    )
    assert folder_notes(ROOT, [("jazz",), (copy,), ("rock",)]) == (note,)
    assert copied_folders(["rock", copy]) == ()


def test_parts_of_a_download_without_the_whole() -> None:
    (note,) = copied_folders(["jazz-001", "jazz-002", "rock-001"])
    assert "jazz-001 and jazz-002; move" in note


@pytest.mark.parametrize(
    "names",
    [
        ["jazz", "Jazz"],
        ["hip hop", "Hip-Hop"],
        ["80s", "90s"],
        ["copyleft", "left"],
        ["techno", "techno (raw)"],
        ["fold 1", "rock"],
        ["(1)", "-", "jazz"],
    ],
)
def test_genres_are_no_copies(names: list[str]) -> None:
    assert copied_folders(names) == ()


@pytest.mark.parametrize(
    ("names", "becomes"),
    [
        (["01 jazz", "02 rock", "03 blues"], "jazz"),
        (["1. Jazz", "2. Rock", "pop"], "Jazz"),
        (["01_jazz", "02-rock"], "jazz"),
        (["(01) jazz", "(02) rock"], "jazz"),
    ],
)
def test_numbers_that_order_genres_are_named(names: list[str], becomes: str) -> None:
    (note,) = numbered_genres(names)
    assert note.endswith(f"; rename them, such as {names[0]} to {becomes}")
    assert folder_notes(ROOT, [(name,) for name in names]) == (note,)


@pytest.mark.parametrize(
    "names", [["2 Step", "Dub"], ["80s", "90s"], ["8bit", "2tone"], ["01", "02"], ["2-Step", "3 a"]]
)
def test_numbers_of_genres_stay(names: list[str]) -> None:
    assert numbered_genres(names) == ()
