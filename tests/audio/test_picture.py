"""genre.audio.picture: a sound as columns of bytes, and genre.tagging.reading, which draws it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.audio.frontend import FrontEndConfig, extract
from genre.audio.mel import MelConfig
from genre.audio.picture import MAX_COLUMNS, Peaks, draw
from genre.tagging.reading import ReadJob, read_track
from tests.sounds import tone, write

CONFIG = MelConfig()


@pytest.mark.parametrize("cuts", [[], [1], [2, 4], [3, 3, 6], [7], [8]])
def test_peaks_are_those_of_the_whole_however_it_is_cut(cuts: list[int]) -> None:
    samples = np.array([0.1, -0.5, 0.2, 0.3, 0.0, -0.1, 0.9, -0.8], dtype=np.float32)
    peaks = Peaks(3)
    for piece in np.split(samples, cuts):
        peaks.push(piece)
    np.testing.assert_array_equal(peaks.all(), np.array([0.5, 0.3, 0.9], dtype=np.float32))


def test_a_short_sound_has_a_column_per_hop() -> None:
    mel = np.full((3, 96), -80.0)
    mel[1] = 0.0
    mel[2] = -40.0
    picture = draw(mel, np.array([0.0, 0.5, 2.0], dtype=np.float32), CONFIG)
    assert picture.peaks.tolist() == [0, 128, 255]  # clipped at full scale
    assert picture.mel.shape == (96, 3)
    assert picture.mel[0].tolist() == [0, 255, 128]
    assert (picture.floor_db, picture.ceiling_db) == (-80.0, 0.0)
    assert picture.seconds_per_column == pytest.approx(0.02)


def test_a_long_sound_is_gathered() -> None:
    # 2.5 columns' worth of frames: two hops to a column, and half a column at the end
    n_hops = 2 * MAX_COLUMNS - 1
    mel = np.tile(np.array([-10.0, -30.0])[:, None], (n_hops // 2 + 1, 96))[:n_hops]
    peaks = np.tile(np.array([0.2, 1.0], dtype=np.float32), n_hops // 2 + 1)[:n_hops]
    picture = draw(mel, peaks, CONFIG)
    assert picture.mel.shape == (96, MAX_COLUMNS)
    assert set(picture.peaks[:-1].tolist()) == {255}
    assert picture.peaks[-1] == 51
    assert set(picture.mel[:, :-1].ravel().tolist()) == {round(60 / 80 * 255)}  # -20 dB, the mean
    assert set(picture.mel[:, -1].tolist()) == {round(70 / 80 * 255)}
    assert picture.seconds_per_column == pytest.approx(0.04)


def test_loud_sound_moves_the_range_and_silence_does_not() -> None:
    loud = draw(np.full((4, 96), 25.0), np.ones(4, dtype=np.float32), CONFIG)
    assert (loud.floor_db, loud.ceiling_db) == (-55.0, 25.0)
    assert loud.mel.min() == 255
    silent = draw(np.full((4, 96), -80.0), np.zeros(4, dtype=np.float32), CONFIG)
    assert silent.ceiling_db == 0.0
    assert silent.mel.max() == silent.peaks.max() == 0


def test_a_pure_tone_is_a_line_at_its_height(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(3.0, 22050, frequency=1000.0), 22050)
    read = read_track(ReadJob(path=path, front_end=FrontEndConfig(), with_picture=True))
    picture = read.picture
    assert picture is not None
    middle = picture.mel[:, 10:-10]
    # 1 kHz is mel 15 of 50.3 on Slaney's scale: band 28 of 96
    assert set(np.argmax(middle, axis=0).tolist()) == {28}
    assert set(picture.peaks[10:-10].tolist()) <= {127, 128}
    assert picture.mel.shape[1] == len(picture.peaks) == 150


def test_features_are_the_same_with_and_without_a_picture(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 30_000)
    path = write(tmp_path / "a.wav", noise, 44100)
    config = FrontEndConfig()
    with_picture = read_track(ReadJob(path=path, front_end=config, with_picture=True))
    without = read_track(ReadJob(path=path, front_end=config))
    assert without.picture is None
    assert 0 < without.seconds < 10
    expected = extract(path, config)
    for read in (with_picture, without):
        np.testing.assert_array_equal(read.extracted.mel, expected.mel)
        assert read.extracted.facts == expected.facts


def test_another_logarithm_looks_the_same() -> None:
    power = 10.0 ** np.linspace(-7, 2, 96)
    by_decibels = draw(np.tile(10 * np.log10(power), (4, 1)), np.ones(4, dtype=np.float32), CONFIG)
    config = replace(CONFIG, compression="log10", log_gain=1e4, log_divisor=3.0)
    mel = np.tile(np.log10(1 + 1e4 * power) / 3, (4, 1))
    by_log10 = draw(mel, np.ones(4, dtype=np.float32), config)
    assert by_log10.ceiling_db == pytest.approx(by_decibels.ceiling_db, abs=1e-4)
    np.testing.assert_allclose(by_log10.mel.astype(int), by_decibels.mel, atol=1)
