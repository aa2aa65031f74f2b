"""Any file in: sound of every usual kind comes out, everything else is a typed error."""

import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.audio.decode import load_waveform
from genre.audio.decoder import DecodeConfig
from genre.errors import AudioError, AudioErrorKind
from tests.sounds import FORMATS, fault_of, tone, write


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_its_tone(tmp_path: Path, name: str, n_channels: int) -> None:
    sample_rate = 48000 if name == "ogg-opus" else 44100
    samples = np.tile(tone(2.0, sample_rate)[:, None], (1, n_channels))
    # the name says nothing, in letters of three scripts
    waveform = load_waveform(write(tmp_path / "Ö 音 ф.x", samples, sample_rate, **FORMATS[name]))
    assert (waveform.facts.sample_rate, waveform.facts.n_channels) == (sample_rate, n_channels)
    assert waveform.facts.container == name.split("-")[0]
    assert waveform.facts.flags == ()
    assert waveform.samples.dtype == np.float32
    # MP3 encoders may leave a frame of delay at either end
    assert waveform.duration_seconds == pytest.approx(2.0, abs=0.06)
    middle = waveform.samples[11025:33075]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / math.sqrt(2), rel=0.02)
    assert np.abs(np.fft.rfft(middle)).argmax() == 440  # one second: bins of 1 Hz


def test_a_file_that_is_not_whole_text_in_its_name_is_read(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.wav", tone(1.0, 22050), 22050)
    try:
        odd = plain.rename(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.wav")))
    except OSError:
        pytest.skip("this file system takes only names that are text")
    assert load_waveform(odd).duration_seconds == 1.0
    odd.write_bytes(b"no sound")
    with pytest.raises(AudioError) as caught:
        load_waveform(odd)
    assert str(caught.value).encode("utf-8")


def test_a_missing_file_a_folder_and_an_empty_file(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "no.wav").kind is AudioErrorKind.MISSING
    assert fault_of(tmp_path).kind is AudioErrorKind.UNSAFE
    (tmp_path / "empty.mp3").touch()
    assert fault_of(tmp_path / "empty.mp3").kind is AudioErrorKind.EMPTY


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert fault_of(tmp_path / "pipe.wav").kind is AudioErrorKind.UNSAFE


@settings(max_examples=60)
@given(data=st.data())
def test_no_damage_makes_anything_but_sound_or_a_typed_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    name = data.draw(st.sampled_from(sorted(FORMATS)))
    path = folder / f"{name}.x"
    if not path.exists():
        rate = 48000 if name == "ogg-opus" else 44100
        write(path, tone(0.5, rate), rate, **FORMATS[name])
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 5))):
        where = data.draw(st.integers(0, min(len(content) - 1, 2000)))
        content[where] = data.draw(st.integers(0, 255))
    damaged = folder / "damaged.x"
    damaged.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        waveform = load_waveform(damaged, DecodeConfig(max_seconds=60.0))
    except AudioError:
        return
    assert np.isfinite(waveform.samples).all()
    assert 0.1 - 1e-3 <= waveform.duration_seconds <= 60.1
