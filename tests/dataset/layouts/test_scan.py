"""From a folder to tracks: every layout, copies, artists, and every way to get it wrong."""

import os
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from genre.dataset.labels import select_genres
from genre.dataset.layouts.scan import scan
from genre.errors import DatasetError
from tests.dataset_examples import genres_of, write_labels, write_sound

MIXED = unicodedata.normalize("NFD", "é") + "/" + unicodedata.normalize("NFC", "ö") + " á.wav"


def test_empty_and_unreadable_files_are_problems(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav")
    (tmp_path / "jazz" / "empty.wav").touch()
    (tmp_path / "jazz" / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    os.mkfifo(tmp_path / "jazz" / "pipe.wav")
    found = scan(tmp_path)
    assert genres_of(found) == {"jazz/a.wav": ("jazz",)}
    assert [(fault.path.name, fault.kind) for fault in found.problems] == [
        ("empty.wav", "empty"),
        ("gone.wav", "unreadable"),
        ("pipe.wav", "unreadable"),
    ]


def test_the_same_recording_in_several_folders_has_severalgenres_of(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "Nina - One.wav", 0.1)
    write_sound(tmp_path / "hip hop" / "copy.wav", 0.1)
    write_sound(tmp_path / "jazz" / "two.wav", 0.2)
    found = scan(tmp_path)
    assert genres_of(found) == {"hip hop/copy.wav": ("hiphop", "jazz"), "jazz/two.wav": ("jazz",)}
    assert found.tracks[0].artist == "Nina"
    (note,) = found.notes
    assert note.startswith("1 file found again, byte for byte, counted once (hip hop/copy.wav = ")


@pytest.mark.parametrize("labels", ["folders", "tags"])
def test_track_ids_are_composed_in_every_layout(
    tmp_path: Path, labels: Literal["folders", "tags"]
) -> None:
    file = write_sound(tmp_path / "jazz" / Path(MIXED).with_suffix(".flac"), genre="Jazz")
    (track,) = scan(tmp_path, labels=labels).tracks
    assert track.track_id == unicodedata.normalize("NFC", f"jazz/{MIXED}").replace("wav", "flac")
    assert track.path == file


def test_where_the_artist_comes_from(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz/Name - One.flac", 0.1, artist="Tag")
    write_sound(tmp_path / "jazz/Name - Two.flac", 0.2, artist="Various Artists")
    write_sound(tmp_path / "jazz/three.flac", 0.3)
    artists = {
        track.path.name: (track.artist, track.artist_source) for track in scan(tmp_path).tracks
    }
    assert artists == {
        "Name - One.flac": ("Tag", "tag"),
        "Name - Two.flac": ("Name", "name"),
        "three.flac": ("jazz/three.flac", "track"),
    }
    write_labels(tmp_path, "path,genres,artist\njazz/Name - One.flac,jazz,Label\n")
    assert (scan(tmp_path).tracks[0].artist, scan(tmp_path).tracks[0].artist_source) == (
        "Label",
        "labels",
    )


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"data=.*/no must be an existing folder"):
        scan(tmp_path / "no")


def test_no_tracks_found_says_where_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        DatasetError,
        match=rf"No tracks found: looked in {tmp_path} \(folder-per-genre\) and saw no audio files;"
        rf" put audio files in {tmp_path}/<genre>/, or write labels.csv, or .* --labels tags",
    ):
        scan(tmp_path)
    write_sound(tmp_path / "a.wav")
    (tmp_path / "b.xyz").touch()
    with pytest.raises(DatasetError, match=r"saw 1 audio file, none usable .*\.xyz \(1\); put"):
        scan(tmp_path)
    with pytest.raises(DatasetError, match=r"\(embedded-tags\) .*; write genre tags"):
        scan(tmp_path, labels="tags")
    with pytest.raises(DatasetError, match=r"labels.csv must be readable: No such file"):
        scan(tmp_path, labels="csv")


@pytest.mark.usefixtures("live_bars")
def test_the_bar_is_drawn_on_demand(three: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_labels(three, "path,genres\nx.wav,jazz\n")
    scan(three)
    assert capsys.readouterr().err == ""
    scan(three, progress=True)
    assert "1/1" in capsys.readouterr().err


@pytest.mark.real
def test_open_music(shared_data: Path) -> None:
    found = scan(shared_data / "open_music")
    assert (found.layout, len(found.tracks), found.problems) == ("labels-csv", 25, ())
    selection = select_genres(found.tracks)
    assert selection.vocabulary.genres == ("classical", "folk", "hiphop")
    assert set(selection.dropped) == {"electronic", "game", "jazz", "pop", "soundtrack"}
    assert (len(selection.tracks), selection.n_tracks_dropped) == (16, 9)


@pytest.mark.real
def test_esc10_by_table_and_by_folder(shared_data: Path) -> None:
    by_table = scan(shared_data / "esc10", labels="csv")
    by_folder = scan(shared_data / "esc10", labels="folders")
    assert len(by_table.tracks) == 398
    assert genres_of(by_table) == genres_of(by_folder)
    assert {track.fold for track in by_table.tracks} == {1, 2, 3, 4, 5}
    # the artist is the second part of every name, "1-100032-A.ogg"
    assert all(track.artist == track.path.name.split("-")[1] for track in by_table.tracks)


def test_the_most_frequent_spelling_of_the_labels_is_kept(tmp_path: Path) -> None:
    """Whatever the layout; what machines call the genre stays as it is."""
    for name in ("Drum & Bass/a.flac", "Drum & Bass/b.flac", "dnb/c.flac", "hip_hop+ROCK/d.flac"):
        write_sound(tmp_path / name, len(name) / 100 + ord(name[-6]) / 1000, genre="Hip-Hop; Rock")
    assert scan(tmp_path).display_names == {
        "drum_and_bass": "Drum & Bass",
        "hiphop": "hip hop",
        "rock": "ROCK",
    }
    assert scan(tmp_path, labels="tags").display_names == {"hiphop": "Hip-Hop", "rock": "Rock"}
    write_labels(tmp_path, "path,genres\ndnb/c.flac,D&B|ROCK\n")
    assert scan(tmp_path).display_names == {"drum_and_bass": "D&B", "rock": "ROCK"}


@pytest.mark.real
def test_odd_files_never_stop_a_scan(shared_data: Path) -> None:
    found = scan(shared_data / "hostile", labels="tags")
    artists = {track.path.name: track.artist for track in found.tracks}
    assert artists["classical.m4a"] == artists["classical.mp3"] == artists["classical.ogg"]
    assert len(found.tracks) > 20
    by_folder = scan(shared_data / "hostile", labels="folders")
    assert {fault.kind for fault in by_folder.problems} <= {"empty", "no_genre"}


def test_a_file_is_no_folder_of_music(tmp_path: Path) -> None:
    write_sound(tmp_path / "song.wav")
    with pytest.raises(DatasetError, match=rf"and is another file; use --data {tmp_path}$"):
        scan(tmp_path / "song.wav")
