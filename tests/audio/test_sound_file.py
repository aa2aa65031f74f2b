"""Headers that lie, files that are cut or damaged: what is there comes out, and is flagged."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.audio.decode import DecodeConfig, load_waveform, open_audio
from genre.errors import AudioError, AudioErrorKind
from tests.sounds import FORMATS, fault_of, tone, write


def with_declared_length(flac: bytes, n_frames: int) -> bytes:
    # STREAMINFO: the number of samples is 36 bits from the low half of byte 21 on
    changed = bytearray(flac)
    changed[21] = changed[21] & 0xF0 | n_frames >> 32
    changed[22:26] = struct.pack(">I", n_frames & 0xFFFFFFFF)
    return bytes(changed)


def test_a_flac_file_that_claims_too_much_costs_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(2.0, 44100), **FORMATS["flac"])
    path.write_bytes(with_declared_length(path.read_bytes(), 2**36 - 1))
    waveform = load_waveform(path)
    assert waveform.duration_seconds == 2.0
    assert waveform.facts.flags == ("truncated",)


def test_a_flac_file_of_unknown_length_is_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(2.0, 44100), **FORMATS["flac"])
    path.write_bytes(with_declared_length(path.read_bytes(), 0))
    waveform = load_waveform(path)
    assert (waveform.duration_seconds, waveform.facts.flags) == (2.0, ())


def test_damage_in_mid_stream_keeps_what_was_decoded(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    path = write(tmp_path / "a.flac", rng.normal(0, 0.1, 220500), **FORMATS["flac"])
    whole, content = load_waveform(path), path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(3000) + content[len(content) // 2 :])
    damaged = load_waveform(path)
    assert damaged.facts.flags == ("partial", "truncated")
    # about half of it, and no sample of what libsndfile had not written
    assert 2.0 < damaged.duration_seconds < 2.6
    n_safe = len(damaged.samples) - 4096
    np.testing.assert_array_equal(damaged.samples[:n_safe], whole.samples[:n_safe])
    early = tmp_path / "early.flac"
    early.write_bytes(content[:1000] + bytes(3000))
    assert fault_of(early).kind is AudioErrorKind.CORRUPT


@pytest.mark.parametrize("name", ["wav", "aiff", "mp3", "flac"])
def test_a_cut_file_is_flagged_truncated(tmp_path: Path, name: str) -> None:
    rng = np.random.default_rng(2)
    path = write(tmp_path / "a.x", rng.normal(0, 0.1, 220500), **FORMATS[name])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    waveform = load_waveform(path)
    assert "truncated" in waveform.facts.flags
    assert waveform.duration_seconds == pytest.approx(3.0, abs=0.15)


def test_a_wav_file_from_a_pipe_is_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1.0, 44100))
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = b"\xff" * 4  # sizes that the writer could not know
    path.write_bytes(content)
    waveform = load_waveform(path)
    assert (waveform.duration_seconds, waveform.facts.flags) == (1.0, ())


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


@pytest.mark.parametrize("n_bytes", [100, 200, 100_000])
@pytest.mark.parametrize("name", ["mp3", "flac"])
def test_sound_behind_a_tag_with_a_picture_is_read(tmp_path: Path, name: str, n_bytes: int) -> None:
    path = write(tmp_path / "a.x", tone(2.0, 44100), **FORMATS[name])
    size = bytes(n_bytes >> shift & 0x7F for shift in (21, 14, 7, 0))
    picture = b"\xff\xfb\x90\x00" * (n_bytes // 4)  # much like sound
    path.write_bytes(b"ID3\x04\x00\x00" + size + picture + path.read_bytes())
    waveform = load_waveform(path)
    assert waveform.facts.container == name
    assert waveform.duration_seconds == pytest.approx(2.0, abs=0.1)
    assert waveform.facts.flags == ()


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


@pytest.mark.real
def test_conformance_streams_have_the_length_of_their_frames(shared_data: Path) -> None:
    folder = shared_data / "hostile" / "mpeg_vectors"
    # 476 frames of 576 samples and 410 of 1152; libsndfile announces 9 and 4 times as much
    assert open_audio(folder / "l3-he_44khz.mp3").sample_rate == 44100
    for name, n_samples in (("M2L3_bitrate_24_all.mp3", 274176), ("l3-he_44khz.mp3", 472320)):
        decoder = open_audio(folder / name)
        assert sum(map(len, decoder.blocks())) == n_samples
        assert decoder.flags == ()
