"""MPEG files are read to their end, whatever libsndfile expects; joins are in test_chain.py."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.audio.containers import locate
from genre.audio.decode import load_waveform, open_audio
from genre.audio.readers.chain import Chain
from genre.audio.readers.mpeg_file import open_mpeg
from tests.sounds import FORMATS, tone, write


def without_first_frame(mp3: bytes) -> bytes:
    return mp3[mp3.find(mp3[:2], 4) :]


def varying_mp3(path: Path) -> bytes:
    # silence first makes the decoder's estimate too long, noise first too short
    rng = np.random.default_rng(4)
    samples = np.concatenate([rng.normal(0, 0.3, 4 * 44100), np.zeros(16 * 44100)])
    options = {**FORMATS["mp3"], "bitrate_mode": "VARIABLE", "compression_level": 0.1}
    written = write(path, samples, **options)
    return written.read_bytes()


def test_an_mp3_file_without_a_length_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(without_first_frame(varying_mp3(path)))
    with soundfile.SoundFile(path) as file:
        assert file.frames < 15 * 44100  # what libsndfile would stop at
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(20.0, abs=0.1)
    assert waveform.facts.flags == ()


def test_the_padding_of_an_encoder_is_no_fault(tmp_path: Path) -> None:
    # 13,230 samples in 14 frames of 1152: taking the padding off leaves 18 % less than counted
    path = write(tmp_path / "a.mp3", tone(0.3, 44100), **FORMATS["mp3"])
    waveform = load_waveform(path)
    assert waveform.facts.flags == ()
    assert waveform.duration_seconds == pytest.approx(0.3, abs=1e-3)  # and it is taken off


def test_mp3_files_behind_each_other_are_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(3.0, 44100), **FORMATS["mp3"])
    path.write_bytes(path.read_bytes() * 2)
    waveform = load_waveform(path)
    assert waveform.duration_seconds == pytest.approx(6.0, abs=0.15)
    assert waveform.facts.flags == ("truncated",)  # that is: the header says another length


@pytest.mark.parametrize("name", ["a.mp3", "a.x"])  # libsndfile goes by the name here
def test_an_mp3_file_behind_other_bytes_is_read(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, tone(2.0, 44100), **FORMATS["mp3"])
    path.write_bytes(b"leftovers of a tag" * 50 + path.read_bytes())
    assert load_waveform(path).duration_seconds == pytest.approx(2.0, abs=0.1)


def test_only_a_file_whose_format_changes_is_a_chain(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(1.0, 44100), **FORMATS["mp3"])
    one = path.read_bytes()
    other = write(path, tone(1.0, 48000), 48000, **FORMATS["mp3"]).read_bytes()
    for data, is_chain in ((one, False), (one + one, False), (one + other, True)):
        path.write_bytes(data)
        sound, lengths = open_mpeg(path, locate(path))
        sound.close()
        assert isinstance(sound, Chain) is is_chain
        assert lengths.present is not None
        seconds = lengths.present / 44100
        assert seconds == pytest.approx(len(data) / len(one), abs=0.15)


@pytest.mark.real
def test_conformance_streams_have_the_length_of_their_frames(shared_data: Path) -> None:
    folder = shared_data / "hostile" / "mpeg_vectors"
    # 476 frames of 576 samples and 410 of 1152; libsndfile announces 9 and 4 times as much
    assert open_audio(folder / "l3-he_44khz.mp3").sample_rate == 44100
    for name, n_samples in (("M2L3_bitrate_24_all.mp3", 274176), ("l3-he_44khz.mp3", 472320)):
        decoder = open_audio(folder / name)
        assert sum(map(len, decoder.blocks())) == n_samples
        assert decoder.flags == ()
