"""A folder per genre, at any depth."""

from pathlib import Path

from genre.dataset.layouts import scan
from genre.dataset.layouts.folders import FOLDER_PER_GENRE, find_in_folders
from tests.dataset_examples import genres_of, write_sound


def test_folder_per_genre_at_any_depth(tmp_path: Path) -> None:
    write_sound(tmp_path / "Hip-Hop" / "artist" / "album" / "a.WAV", 0.1)
    write_sound(tmp_path / "jazz+hiphop" / "b.flac", 0.2)
    write_sound(tmp_path / "Ópera 🎭" / "c.ogg", 0.3)
    found = scan(tmp_path)
    assert found.layout == "folder-per-genre"
    assert genres_of(found) == {
        "Hip-Hop/artist/album/a.WAV": ("hiphop",),
        "jazz+hiphop/b.flac": ("hiphop", "jazz"),
        "Ópera 🎭/c.ogg": ("ópera_🎭",),
    }
    assert found.tracks[0].path == tmp_path / "Hip-Hop/artist/album/a.WAV"
    assert (found.problems, found.notes) == ((), ())


def test_audio_without_a_genre_is_a_problem(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav", 0.1)
    write_sound(tmp_path / "b.wav", 0.2)
    write_sound(tmp_path / "---" / "c.wav", 0.3)
    problems = scan(tmp_path).problems
    assert [(fault.path.name, fault.stage, fault.kind) for fault in problems] == [
        ("c.wav", "scan", "no_genre"),
        ("b.wav", "scan", "no_genre"),
    ]
    assert "folder '---' must hold at least one letter" in problems[0].message
    assert "move it to <genre>/" in problems[1].message


def test_entries_are_sorted_and_carry_nothing_but_genres(tmp_path: Path) -> None:
    for name in ("rock/b.wav", "jazz/c.wav", "jazz/a.wav"):
        write_sound(tmp_path / name)
    entries = find_in_folders(tmp_path).entries
    assert [entry.track_id for entry in entries] == ["jazz/a.wav", "jazz/c.wav", "rock/b.wav"]
    assert {(entry.artist, entry.split, entry.fold) for entry in entries} == {(None, None, None)}


def test_it_is_never_a_guess(tmp_path: Path) -> None:
    # `auto` falls back on it; a layout that is added later is asked first
    write_sound(tmp_path / "jazz" / "a.wav")
    assert not FOLDER_PER_GENRE.applies(tmp_path)
