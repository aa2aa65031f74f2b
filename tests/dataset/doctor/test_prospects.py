"""What can be learned from a folder, and what can be shown with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.dataset.doctor import summary_text
from genre.dataset.doctor.prospects import outlook
from tests.doctor_examples import examine_folder, make_ill_folder, noise
from tests.sounds import write


def test_what_the_folder_can_show(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    lines = outlook(examination)
    assert lines[0] == "2 of 3 genres can be trained and tested by artist: folk, jazz"
    # 20 tracks by ten artists, A, B and nobody; none is in rock alone
    assert lines[1].startswith("a test part of 20 % would have 4 tracks by 3 artists: with fewer")
    assert lines[2].startswith("12 known artists")
    assert lines[3] == "the test figures of folk rest on one artist"
    # Rare genres, those of one artist and unknown artists are among the things to mend.
    assert len(lines) == 4


@pytest.mark.parametrize("n_genres", [1, 50])
def test_one_genre_and_fifty(n_genres: int, tmp_path: Path) -> None:
    for number in range(n_genres):
        folder = tmp_path / "music" / f"genre{number}"
        folder.mkdir(parents=True)
        write(folder / "A - a.wav", noise(0.5, seed=number), 22050)
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    assert len(examination.genres) == n_genres
    assert outlook(examination)[0] == (
        f"nothing can be trained yet: 0 genres of {n_genres} with tracks by 3 artists or more, at "
        "least 2 are needed"
    )


def test_the_more_artists_the_more_can_be_shown(tmp_path: Path) -> None:
    write(tmp_path / "music.wav", noise(0.5), 22050)
    music = tmp_path / "music"
    (music / "jazz").mkdir(parents=True)
    (tmp_path / "music.wav").rename(music / "jazz" / "a.wav")
    one, _ = examine_folder(music, tmp_path / "cache")
    track = one.tracks[0]
    for n_artists, n_tracks, end in [
        (49, 1, "10 tracks by 10 artists: one track is 10.0 points"),
        (50, 6, "60 tracks by 10 artists"),
        (40, 6, "on every track in turn, --folds artists on every artist"),
    ]:
        tracks = tuple(
            replace(track, track_id=f"{n}", artist=f"A{n // n_tracks}", artist_source="labels")
            for n in range(n_artists * n_tracks)
        )
        (jazz,) = one.genres
        genres = tuple(replace(jazz, genre=name, n_artists=n_artists) for name in ("jazz", "rock"))
        line = outlook(replace(one, tracks=tracks, genres=genres))[1]
        assert end in line


def test_doubts_come_first_and_artists_are_counted(tmp_path: Path) -> None:
    for number in range(3):
        folder = tmp_path / "music" / f"00{number}"
        folder.mkdir(parents=True)
        write(folder / "A - a.wav", noise(0.5, seed=number), 22050)
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    lines = outlook(examination)
    assert lines[0].startswith("not to be trained as it is: the folders in ")
    assert "are numbered rather than called after genres (000, 001, 002)" in lines[0]
    assert "1 known artist, from file names (3 tracks)" in lines
    assert "not to be trained as it is" in summary_text(examination)
