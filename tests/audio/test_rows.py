"""genre.audio.rows: whole windows, of one front end or of several."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.audio.decode import load_waveform
from genre.audio.decoder import DecodeConfig
from genre.audio.frontend import FrontEndConfig, extract
from genre.audio.mel import MelConfig
from genre.audio.rows import RowFrontEnd, RowPart
from genre.audio.windows import WindowConfig
from genre.config import from_mapping, to_mapping
from genre.errors import ConfigError

RATE = 8000
MEL = MelConfig(sample_rate=RATE, n_fft=256, hop_length=100, n_mels=8, f_max=4000.0)
WINDOWS = WindowConfig(window_seconds=0.5, step_seconds=0.3, min_tail_seconds=0.1)
DECODE = DecodeConfig(sample_rate=RATE)


def write_steps(path: Path, *, seconds: float = 2.0) -> Path:
    """Noise that gets louder every quarter of a second."""
    n_samples = round(seconds * RATE)
    loud = np.arange(n_samples) // (RATE // 4) + 1.0
    noise = np.random.default_rng(0).normal(0.02, 0.02, n_samples) * loud
    soundfile.write(path, noise, RATE, subtype="FLOAT")
    return path


def test_a_row_is_a_window_of_each_part(tmp_path: Path) -> None:
    path = write_steps(tmp_path / "a.wav")
    low = replace(MEL, sample_rate=4000, hop_length=100, f_max=2000.0, n_mels=4)
    parts = (RowPart(sample_rate=RATE, mel=MEL), RowPart(sample_rate=4000, mel=low))
    config = RowFrontEnd(decode=DECODE, parts=parts, windows=WINDOWS)
    assert config.shapes == ((8, 40), (4, 20))
    assert (config.n_columns, config.dtype) == (400, np.dtype(np.float16))
    found = extract(path, config)
    first = extract(path, FrontEndConfig(decode=DECODE, mel=MEL)).mel
    other = extract(path, FrontEndConfig(decode=replace(DECODE, sample_rate=4000), mel=low)).mel
    # 161 frames: the sixth window begins at 120, a tail of one frame gets none.
    assert found.mel.shape == (6, 400)
    assert found.facts.duration_seconds == pytest.approx(2.0)
    for row, start in zip(found.mel, range(0, 121, 24), strict=True):
        assert np.array_equal(row[:320], first[start : start + 40].T.reshape(-1))
        assert np.array_equal(row[320:], other[start // 2 : start // 2 + 20].T.reshape(-1))


def test_a_waveform_comes_as_it_is_and_is_padded_with_silence(tmp_path: Path) -> None:
    config = RowFrontEnd(decode=DECODE, parts=(RowPart(sample_rate=RATE),), windows=WINDOWS)
    path = write_steps(tmp_path / "a.wav")
    samples = load_waveform(path, DECODE).samples
    rows = extract(path, config).mel
    assert rows.dtype == np.float32
    assert np.array_equal(rows[2], samples[4800:8800])
    (short,) = extract(write_steps(tmp_path / "b.wav", seconds=0.3), config).mel
    assert np.array_equal(short[:2400], samples[:2400])
    assert not short[2400:].any()
    # A tail of 0.2 s: its window ends with the track.
    longer = load_waveform(write_steps(tmp_path / "c.wav", seconds=2.2), DECODE).samples
    assert np.array_equal(extract(tmp_path / "c.wav", config).mel[-1], longer[-4000:])


def test_rows_count_as_frames_and_are_drawn_through_a_spectrogram() -> None:
    plain, heard = RowPart(sample_rate=RATE), RowPart(sample_rate=RATE, mel=MEL)
    config = RowFrontEnd(decode=DECODE, parts=(plain, heard), windows=WINDOWS)
    assert config.mel.n_mels == config.n_columns == 4000 + 320
    assert config.mel.frames_per_second == pytest.approx(1 / 0.3)
    assert config.drawn == FrontEndConfig(decode=DECODE, mel=MEL)
    assert replace(config, parts=(plain,)).drawn == FrontEndConfig()
    assert from_mapping(RowFrontEnd, to_mapping(config)) == config
    other = replace(config, decode=replace(DECODE, max_seconds=9.0))
    assert other.features_fingerprint == config.features_fingerprint
    other = replace(config, windows=replace(WINDOWS, step_seconds=0.2))
    assert other.features_fingerprint != config.features_fingerprint


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigError, match="parts must have at least one"):
        RowFrontEnd(decode=DECODE, parts=())
    with pytest.raises(ConfigError, match=r"must be the same as mel.sample_rate=8000"):
        RowPart(sample_rate=16000, mel=MEL)
    with pytest.raises(ConfigError, match="at least 1 Hz"):
        RowPart(sample_rate=0)
    with pytest.raises(ConfigError, match=r"must be the same as parts\[0\].sample_rate=8000"):
        RowFrontEnd(parts=(RowPart(sample_rate=RATE),))
    with pytest.raises(ConfigError, match="must leave at most 2,000,000 numbers to a row"):
        RowFrontEnd(
            decode=DECODE,
            parts=(RowPart(sample_rate=RATE),),
            windows=replace(WINDOWS, window_seconds=300.0),
        )
