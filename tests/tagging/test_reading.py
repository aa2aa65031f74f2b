"""From a file to features, as a worker does it: genre.tagging.reading."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.audio.decoder import DecodeConfig
from genre.audio.frontend import Extracted, FrontEndConfig, extract
from genre.audio.mel import MelConfig
from genre.audio.rows import FrontEnd, RowFrontEnd, RowPart
from genre.errors import AudioError, AudioErrorKind
from genre.tagging.reading import ReadJob, read_track
from tests.sounds import tone, write


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return write(tmp_path / "song.wav", tone(2.0, 22050), 22050)


def test_what_is_read_is_what_the_front_end_extracts(song: Path) -> None:
    job = ReadJob(path=song, front_end=FrontEndConfig())
    assert str(job) == str(song)
    read = read_track(job)
    expected = extract(song, FrontEndConfig())
    np.testing.assert_array_equal(read.extracted.mel, expected.mel)
    assert read.extracted.facts == expected.facts
    assert read.picture is None
    assert 0 < read.seconds < 60


def test_looking_at_a_file_changes_nothing_of_what_is_heard(song: Path) -> None:
    plain = read_track(ReadJob(path=song, front_end=FrontEndConfig()))
    drawn = read_track(ReadJob(path=song, front_end=FrontEndConfig(), with_picture=True))
    np.testing.assert_array_equal(drawn.extracted.mel, plain.extracted.mel)
    assert drawn.picture is not None
    # 2 s in columns of 20 ms; a tone of half of full scale
    assert drawn.picture.mel.shape == (96, 100)
    assert drawn.picture.seconds_per_column == 0.02
    assert int(drawn.picture.peaks.max()) == pytest.approx(0.5 * 255, abs=2)


EAR = FrontEndConfig(
    decode=DecodeConfig(sample_rate=8000, min_seconds=3.0),
    mel=MelConfig(sample_rate=8000, f_max=4000.0),
)


def test_another_network_hears_the_file_as_it_would_alone(song: Path) -> None:
    read = read_track(ReadJob(path=song, front_end=FrontEndConfig(), heard=EAR))
    assert read.heard is not None  # a sound of 2 s: the limits are those of the first
    alone = replace(EAR, decode=DecodeConfig(sample_rate=8000))
    np.testing.assert_array_equal(read.heard.mel, extract(song, alone).mel)
    np.testing.assert_array_equal(read.extracted.mel, extract(song, FrontEndConfig()).mel)


def test_what_hears_the_same_is_decoded_once(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []

    def counted(path: Path, front_end: FrontEnd) -> Extracted:
        calls.append(path)
        return extract(path, front_end)

    monkeypatch.setattr("genre.tagging.reading.extract", counted)
    limited = FrontEndConfig(decode=DecodeConfig(max_seconds=60.0))
    read = read_track(ReadJob(path=song, front_end=limited, heard=FrontEndConfig()))
    assert read.heard is read.extracted
    assert calls == [song]


def test_what_hears_whole_windows_is_drawn_through_a_spectrogram(song: Path) -> None:
    rows = RowFrontEnd(decode=DecodeConfig(sample_rate=16000), parts=(RowPart(sample_rate=16000),))
    plain, drawn = (
        read_track(ReadJob(path=song, front_end=front_end, with_picture=True))
        for front_end in (FrontEndConfig(), rows)
    )
    assert plain.picture is not None
    assert drawn.picture is not None
    np.testing.assert_array_equal(drawn.picture.mel, plain.picture.mel)
    assert drawn.extracted.mel.shape == (1, 64000)


def test_what_a_worker_takes_and_gives_can_be_sent(song: Path) -> None:
    job = ReadJob(path=song, front_end=FrontEndConfig(), with_picture=True)
    assert pickle.loads(pickle.dumps(job)) == job  # noqa: S301 - our own bytes
    read = read_track(job)
    again = pickle.loads(pickle.dumps(read))  # noqa: S301
    np.testing.assert_array_equal(again.extracted.mel, read.extracted.mel)
    np.testing.assert_array_equal(again.picture.mel, read.picture.mel if read.picture else None)


def test_a_bad_file_is_an_error_with_a_kind(tmp_path: Path) -> None:
    (tmp_path / "x.mp3").write_text("<html>")
    with pytest.raises(AudioError, match="not_audio") as caught:
        read_track(ReadJob(path=tmp_path / "x.mp3", front_end=FrontEndConfig()))
    assert caught.value.kind is AudioErrorKind.NOT_AUDIO
