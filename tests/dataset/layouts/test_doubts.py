"""Whether folders look like genres.

The rule: what is called after anything but genres is used rightly where that is clear (a split),
else named, before a file is decoded; and what may be no genre is not learned unasked.
"""

from pathlib import Path

import pytest

from genre.dataset.layouts import scan
from genre.dataset.layouts.doubts import check_doubts, folder_doubts, folder_notes, sibling_hint
from genre.errors import DatasetError
from tests.dataset_examples import write_sound

ROOT = Path("/music")


def doubts(*folders: str) -> tuple[str, ...]:
    return folder_doubts(ROOT, [tuple(folder.split("/")) for folder in folders])


def notes(*folders: str, root: Path = ROOT) -> tuple[str, ...]:
    return folder_notes(root, [tuple(folder.split("/")) for folder in folders])


@pytest.mark.parametrize(
    "names",
    [
        "000 001 002",
        "1 2 3 4 5 6 7 8 9 10",
        "fold1 fold2 fold3",
        "fold_01 fold_02",
        "part-1 part-2",
        "CD1 CD2",
        "Disc.1 Disc.2",
        "batch_0 batch_1",
        "A B C",
        "0-9 A-C D-F",
        "class0 class1",
        "1999 2000 2001",
    ],
)
def test_numbered_folders_stop_a_training(names: str) -> None:
    (doubt,) = doubts(*names.split())
    assert "are numbered rather than called after genres" in doubt
    assert names.split()[0] in doubt
    assert "labels.csv" in doubt
    assert "--folders-are-genres true" in doubt


@pytest.mark.parametrize(
    "names",
    [
        "rock jazz pop",
        "80s 90s",
        "1980s 1990s",
        "2step dubstep",
        "8bit chiptune",
        "hip-hop k-pop r&b",
        "rock 2tone",
        "jazz 01",
        "Ópera 🎭",
        "yes no up down",
        "Ragga Jungle/one Ragga Jungle/two Dub",
        "classical opera",
    ],
)
def test_genres_are_not_doubted(names: str) -> None:
    folders = names.split() if "/" not in names else ["Ragga Jungle/one", "Ragga Jungle/two", "Dub"]
    assert doubts(*folders) == ()
    assert notes(*folders) == ()


@pytest.mark.parametrize("name", ["train", "Test", "validation", "val", "dev", "eval"])
def test_a_part_of_a_split_among_genres_is_doubted(name: str) -> None:
    (doubt,) = doubts("rock", "jazz", name)
    assert doubt.startswith(f"{name} in /music is called like a part of a split")


def test_one_folder_too_high_names_the_right_one() -> None:
    (doubt,) = doubts("genres_original/rock", "genres_original/jazz")
    assert "use --data /music/genres_original" in doubt
    (doubt,) = doubts("data/gtzan/genres/rock", "data/gtzan/genres/jazz/x")
    assert "use --data /music/data/gtzan/genres" in doubt
    (doubt,) = doubts("train/rock", "train/jazz")
    assert "use --data /music/train" in doubt
    assert doubts("rock", "rock") == ()


@pytest.mark.parametrize("folder", ["audio", "000", "wavs", "Clips", "train", "audio/x"])
def test_one_folder_that_only_holds_the_audio_is_doubted(folder: str) -> None:
    """A set with one folder of audio has its genres elsewhere; `audio` is not one of them."""
    (doubt,) = doubts(folder)
    top = folder.partition("/")[0]
    assert doubt.startswith(f"all audio in /music lies in one folder, {top}, and that is not")
    assert "write a labels.csv, read the files' tags with --labels tags" in doubt
    assert doubts("jazz") == doubts("Ópera/one") == ()


def test_several_sets_side_by_side_are_named() -> None:
    (note,) = notes("demo/rock", "demo/jazz", "mine/rock", "mine/jazz", "mine/pop")
    assert "jazz, rock lie in several folders of /music (demo, mine)" in note
    assert "--data /music/demo" in note
    assert notes("rock/CD1", "rock/CD2", "jazz/CD1", "jazz/CD2") == ()
    assert notes("rock/Foxes", "rock/Bears", "jazz/Foxes", "jazz/Owls", "jazz/Cats") == ()


def test_albums_of_artists_point_higher_never_deeper(tmp_path: Path) -> None:
    library = [f"{artist}/{album}" for artist in ("Foxes", "Bears") for album in ("Den", "Lair")]
    (note,) = notes(*library, root=tmp_path)
    assert f"use --data {tmp_path.parent} where that holds the genres" in note
    assert str(tmp_path / "Foxes") not in note
    assert notes("rock/Den", "rock/Lair", "jazz/Den", "jazz/Lair") == ()


@pytest.mark.parametrize("name", ["audio", "Unsorted", "wav", "New Folder", "misc", "temp"])
def test_folders_that_hardly_are_genres_are_named(name: str) -> None:
    (note,) = notes("rock", "jazz", name)
    assert note.startswith(f"folders that are learned as genres and hardly are any: {name};")


def test_a_folder_called_after_a_genre_with_folders_that_are_not() -> None:
    artists = [("Foxes", "One"), ("Bears", "Two"), ("Owls", "Three")]
    (doubt,) = folder_doubts(Path("/music/rock"), artists)
    assert "rock is the name of a genre, and those of its folders are not" in doubt
    assert "use --data /music, else confirm them with --folders-are-genres true" in doubt
    assert folder_doubts(Path("/music/electronic"), [("House",), ("Techno",), ("Hitech",)]) == ()
    assert folder_doubts(Path("/music/tracks"), artists) == ()


def test_folders_called_like_the_artists_in_them(tmp_path: Path) -> None:
    """One folder too deep: the names of artists must not be learned as genres."""
    for number, artist in enumerate(("Foxes", "Bears", "Owls")):
        write_sound(tmp_path / artist / "a.flac", 0.1 + number / 10, artist=artist)
    (doubt,) = scan(tmp_path).doubts
    assert "are called like the artists in them (bears, foxes, owls)" in doubt
    assert f"--data {tmp_path.parent}" in doubt


def test_some_artists_may_be_called_like_their_genre(tmp_path: Path) -> None:
    for number, (folder, artist) in enumerate(
        [("rock", "Rock"), ("rock", "Foxes"), ("jazz", "Jazz"), ("jazz", "Owls"), ("jazz", "Cats")]
    ):
        write_sound(tmp_path / folder / f"{number}.flac", 0.1 + number / 10, artist=artist)
    assert scan(tmp_path).doubts == ()


def test_audio_in_the_folder_itself_points_to_the_folder_above(tmp_path: Path) -> None:
    for number, name in enumerate(("rock", "jazz", "pop")):
        write_sound(tmp_path / name / "a.wav", 0.1 + number / 10)
    with pytest.raises(DatasetError, match=rf"has 3 folders of audio: .* --data {tmp_path}$"):
        scan(tmp_path / "rock")
    assert sibling_hint(tmp_path) == ""


def test_doubts_are_an_error_where_they_are_checked() -> None:
    check_doubts(())
    with pytest.raises(DatasetError, match="the folders may be no genres: one; two"):
        check_doubts(("one", "two"))
