"""What libsndfile reads: damaged, cut, of unknown length, and quietly."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from genre.audio.containers import Container, locate
from genre.audio.decode import load_waveform
from genre.audio.readers.libsndfile import (
    codec_silenced,
    open_sound,
    open_with_libsndfile,
)
from genre.audio.sound import Lengths
from genre.errors import AudioError, AudioErrorKind
from tests.sounds import FORMATS, fault_of, tone, write


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


def test_a_file_says_how_long_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.zeros(900), 44100)
    sound, lengths = open_sound(path, locate(path))
    assert lengths == Lengths(declared=900)
    buffer = np.ones((1000, 1), dtype=np.float32)
    assert sound.read_block(buffer) == (900, None)
    assert sound.read_block(buffer) == (0, None)
    sound.close()


def test_a_broken_flac_file_is_corrupt_and_a_rare_coding_unsupported(tmp_path: Path) -> None:
    broken = tmp_path / "a.flac"
    broken.write_bytes(b"fLaC" + bytes(100))
    with pytest.raises(
        AudioError, match=r"a.flac cannot be decoded \(.*\); copy it again"
    ) as caught:
        open_with_libsndfile(broken, Container.FLAC)
    assert caught.value.kind is AudioErrorKind.CORRUPT
    rare = write(tmp_path / "a.caf", tone(1.0, 44100), **FORMATS["caf"])
    rare.write_bytes(rare.read_bytes().replace(b"lpcm", b"ima4"))
    with pytest.raises(AudioError, match="is coded in a way that is not read here") as caught:
        open_with_libsndfile(rare, Container.CAF)
    assert caught.value.kind is AudioErrorKind.UNSUPPORTED


def test_a_codec_is_silenced_on_the_main_thread_only(capfd: pytest.CaptureFixture[str]) -> None:
    def complain(words: bytes) -> None:
        with codec_silenced():
            os.write(2, words)

    complain(b"nobody reads this")
    other = threading.Thread(target=complain, args=[b"from a thread, "])
    other.start()
    other.join()
    os.write(2, b"and back")
    assert capfd.readouterr().err == "from a thread, and back"
