"""Speech Commands with its official lists: genre.dataset.layouts.published.speech_commands."""

import csv
from pathlib import Path

import pytest

from genre.dataset.layouts import choose_layout, scan
from genre.dataset.layouts.published.speech_commands import (
    TEN_WORDS,
    WORDS,
    find_speech_commands,
)
from genre.errors import DatasetError
from tests.published_examples import by_id, only_note, write_sounds


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write two words, noise, and the lists."""
    write_sounds(
        tmp_path,
        [
            "yes/0a7c2a8d_nohash_0.wav",
            "yes/0a7c2a8d_nohash_1.wav",
            "yes/ffd2ba2f_nohash_0.wav",
            "tree/00f0204f_nohash_0.wav",
            "_background_noise_/pink_noise.wav",
            "sofa/00f0204f_nohash_0.wav",
        ],
    )
    (tmp_path / "validation_list.txt").write_text("yes/ffd2ba2f_nohash_0.wav\n")
    (tmp_path / "testing_list.txt").write_text(
        "tree/00f0204f_nohash_0.wav\nbed/0c40e715_nohash_0.wav\n"
    )
    return tmp_path


def test_the_words_are_those_of_the_published_set() -> None:
    assert len(WORDS) == 35
    assert len(TEN_WORDS) == 10
    assert TEN_WORDS < WORDS


def test_words_speakers_and_parts(root: Path) -> None:
    listing = find_speech_commands(root)
    told = {
        name: (entry.genres, entry.artist, entry.split) for name, entry in by_id(listing).items()
    }
    assert told == {
        "tree/00f0204f_nohash_0.wav": (("tree",), "00f0204f", "test"),
        "yes/0a7c2a8d_nohash_0.wav": (("yes",), "0a7c2a8d", "train"),
        "yes/0a7c2a8d_nohash_1.wav": (("yes",), "0a7c2a8d", "train"),
        "yes/ffd2ba2f_nohash_0.wav": (("yes",), "ffd2ba2f", "val"),
    }
    assert only_note(listing, "not found").endswith("in the folder: bed/0c40e715_nohash_0")
    assert only_note(listing, "on no list").endswith(
        "_background_noise_/pink_noise.wav, sofa/00f0204f_nohash_0.wav"
    )


def test_of_twelve_classes_the_other_words_are_one(root: Path) -> None:
    listing = choose_layout(root, "speech_commands:12").find(root)
    assert [entry.genres for entry in listing.entries] == [("unknown",), *[("yes",)] * 3]
    assert "silence" in only_note(listing, "12 classes")


def test_it_is_found_by_itself_and_says_its_source(root: Path) -> None:
    found = scan(root)
    assert (found.layout, len(found.tracks)) == ("speech_commands", 4)
    assert found.notes[0].startswith("Speech Commands v0.02 (Warden 2018, arXiv:1804.03209)")
    assert {track.artist_source for track in found.tracks} == {"labels"}


@pytest.mark.parametrize("name", ["validation_list.txt", "testing_list.txt"])
def test_a_list_that_is_not_there_is_named(root: Path, name: str) -> None:
    (root / name).unlink()
    assert choose_layout(root).name == "folder-per-genre"
    with pytest.raises(DatasetError, match=f"must hold {name}, which Speech Commands is published"):
        find_speech_commands(root)


def test_byte_order_mark_line_ends_and_a_line_again_change_nothing(root: Path) -> None:
    before = find_speech_commands(root)
    path = root / "testing_list.txt"
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([*lines, b"", lines[0]]))
    assert find_speech_commands(root) == before


def test_a_list_of_something_else_is_refused(root: Path) -> None:
    (root / "testing_list.txt").write_text("cats/1.wav\n")
    assert choose_layout(root).name == "folder-per-genre"
    (root / "testing_list.txt").write_text("yes/0a7c2a8d_nohash_0.wav\nsofa/x.wav\n")
    with pytest.raises(DatasetError, match=r"testing_list\.txt: 'sofa/x\.wav' must be of the form"):
        find_speech_commands(root)


@pytest.mark.real
def test_real_clips_have_the_speakers_of_their_table(shared_data: Path, tmp_path: Path) -> None:
    clips = shared_data / "speech_commands"
    for word in ("yes", "no", "up", "down"):
        (tmp_path / word).symlink_to(clips / word)
    with (clips / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    # they are of the test set, where their names end in .wav
    names = [row["path"].replace(".flac", ".wav") for row in rows]
    (tmp_path / "testing_list.txt").write_text("".join(f"{name}\n" for name in names))
    (tmp_path / "validation_list.txt").touch()
    found = by_id(choose_layout(tmp_path).find(tmp_path))
    assert len(found) == 1655
    assert {name: (entry.genres, entry.artist, entry.split) for name, entry in found.items()} == {
        row["path"]: ((row["genres"],), row["artist"], "test") for row in rows
    }
    assert len({entry.artist for entry in found.values()}) == 226
