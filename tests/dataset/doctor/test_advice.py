"""What to mend, from grave to slight, and what a folder can show."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.audio.decode import DecodeConfig
from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.dataset.doctor.advice import FAULTS, ODDITIES, outlook, steps
from genre.dataset.doctor.diagnosis import dominated_genres, rare_genres
from genre.dataset.recordings import RecordingPair
from genre.errors import AudioErrorKind
from tests.doctor_examples import examine_folder, make_ill_folder, noise
from tests.sounds import write


def test_what_to_mend_goes_from_grave_to_slight(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    fine = [f"jazz/Artist {number} - Fine.wav" for number in range(4)]
    pairs = [
        RecordingPair(first=fine[0], second="folk/nobody.wav", offset_seconds=0.0, similarity=1.0),
        RecordingPair(first=fine[2], second=fine[3], offset_seconds=0.0, similarity=1.0),
    ]
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache", pairs=pairs)
    listed = [step.kind for step in steps(examination)]
    assert listed == [
        *("empty", "no_genre", "not_audio", "too_short"),
        *("label_conflict", "same_recording", "unknown_artist", "rare", "dominated"),
        *("silent", "partial", "truncated", "short", "clipped", "low_pass"),
        *("odd_sample_rate", "odd_channels", "copy"),
    ]
    by_kind = {step.kind: step for step in steps(examination)}
    assert by_kind["label_conflict"].count == "2 files"
    assert by_kind["empty"].count == "1 file"
    # folk: eight tracks by A, one each by B and nobody; rock: one by B
    assert rare_genres(examination.genres) == ["rock"]
    assert dominated_genres(examination.genres) == ["folk"]
    assert "rock" in by_kind["rare"].what_to_do


def test_what_the_folder_can_show(tmp_path: Path) -> None:
    make_ill_folder(tmp_path / "music")
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    lines = outlook(examination)
    assert lines[0] == "2 of 3 genres can be trained and tested by artist: folk, jazz"
    # 20 tracks by ten artists, A, B and nobody; none is in rock alone
    assert lines[1].startswith("a test part of 20 % would have 4 tracks by 3 artists: with fewer")
    assert "genre rock: 1 track from 1 artist; too few for training, validation and test" in lines


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


def test_every_kind_of_fault_has_advice() -> None:
    assert set(FAULTS) == {kind.value for kind in AudioErrorKind} | {
        *("no_genre", "unreadable", "error")
    }
    for advice in (*FAULTS.values(), *ODDITIES.values()):
        assert advice.what_to_do.endswith(".")
        assert advice.title == advice.title.rstrip(".")


def test_limits_are_those_of_the_program() -> None:
    assert FAULTS["too_short"].title == f"shorter than {DecodeConfig().min_seconds} s"
    window = WindowConfig().window_seconds
    assert ODDITIES["short"].title == f"shorter than one window of {window:g} s"
    assert f"{FrontEndConfig().mel.sample_rate:,} Hz" in ODDITIES["odd_sample_rate"].what_to_do
    assert ODDITIES["odd_channels"].title == "more than 2 channels"


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
        (40, 6, "no difference between two models can be shown; --folds all tests on every track"),
    ]:
        tracks = tuple(
            replace(track, track_id=f"{n}", artist=f"A{n // n_tracks}", artist_source="labels")
            for n in range(n_artists * n_tracks)
        )
        genres = one.genres.loc[["jazz", "jazz"]].set_axis(["jazz", "rock"])
        genres = genres.assign(n_artists=n_artists)
        line = outlook(replace(one, tracks=tracks, genres=genres))[1]
        assert end in line
