"""Asking ffprobe what a file is and what its tags say."""

from pathlib import Path

import pytest

from genre.audio.containers import Container
from genre.audio.readers.ffprobe import address, probe, probe_tags, restricted
from genre.errors import AudioError
from tests.encoded import encode, needs_ffmpeg


@needs_ffmpeg
def test_tags_are_read_under_small_letters(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mka", "-c:a flac -metadata GENRE=Jazz", seconds=0.2)
    assert probe_tags(path, Container.MATROSKA)["genre"] == "Jazz"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(AudioError, match="cannot be decoded"):
        probe_tags(path, Container.MATROSKA)


@needs_ffmpeg
def test_a_stream_is_what_its_encoder_was_told(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mka", "-c:a flac -ar 32000 -ac 2", seconds=0.5)
    found = probe(path, Container.MATROSKA, None)
    assert (found.codec, found.sample_rate, found.n_channels) == ("flac", 32000, 2)
    assert found.seconds == pytest.approx(0.5, abs=0.01)


def test_a_name_is_only_a_name() -> None:
    assert address(Path("/m/-i http:x.mp3"), None) == "file:/m/-i http:x.mp3"
    assert address(Path("/m/a.aac"), (7, 99)) == "subfile,,start,7,end,99,,:file:/m/a.aac"
    assert restricted(Container.AAC, None) == ["-protocol_whitelist", "file,pipe", "-f", "aac"]
