"""What a file is, by its first bytes."""

from pathlib import Path

import pytest

from genre.audio.containers import (
    AUDIO_SUFFIXES,
    MAX_TAGS,
    Container,
    Content,
    cannot_open,
    id3_bytes,
    locate,
    sniff,
    tag_bytes,
)
from genre.audio.decode import load_waveform
from genre.errors import AudioError, AudioErrorKind
from tests.mpeg_frames import FRAME, ape_tag
from tests.sounds import FORMATS, fault_of, tone, write


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


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html>" * 100,
        b"PK\x03\x04" + bytes(5000),
        b"ffconcat version 1.0\nfile other.mp3\n",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(5000),
        b"\xff\xfe\x0a\x00h\x00e\x00l\x00l\x00o\x00",
        b"\x00",
        b"ID3\x04\x00\x00\x00\x00\x00\x05hello",
    ],
    ids=["html", "zip", "ffconcat", "jpeg", "utf-16", "zero", "tag only"],
)
def test_what_is_no_sound_is_not_audio(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    assert fault_of(path).kind is AudioErrorKind.NOT_AUDIO


@pytest.mark.parametrize(
    ("content", "container"),
    [
        (b"\x00\x00\x00\x20ftypM4A ", Container.MP4),
        (b"\x00\x00\x00\x20moov", Container.MP4),
        (bytes.fromhex("3026b2758e66cf11"), Container.ASF),
        (b"\xff\xf1\x50\x80", Container.AAC),
        (b"ID3\x04\x00\x00\x00\x00\x00\x02hi\xff\xf1\x50\x80", Container.AAC),
        (b"\x1a\x45\xdf\xa3", Container.MATROSKA),
        (b"RIFF\x00\x00\x00\x00AVI LIST", Container.AVI),
        (b"OggS".ljust(28, b"\0") + b"Speex   1.2", Container.SPEEX),
        (b"MAC \x96\x0f", Container.APE),
        (b"wvpk", Container.WAVPACK),
        (b"MP+\x07", Container.MUSEPACK),
        (b"MPCK", Container.MUSEPACK8),
        (b"TTA1", Container.TTA),
        (b"DSD ", Container.DSF),
        (b"FRM8", Container.DSDIFF),
        (b"#!AMR\n", Container.AMR),
        (b"tBaK", Container.TAK),
        (b"ajkg\x02", Container.SHORTEN),
        (b"\x7f\xfe\x80\x01", Container.DTS),
        ((b"\x0b\x77" + bytes(4)).ljust(128, b"\1") + b"\x0b\x77", Container.AC3),
    ],
)
def test_without_ffmpeg_a_file_for_it_says_what_to_install(
    tmp_path: Path, content: bytes, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.mp3"
    path.write_bytes(content + bytes(100))
    assert sniff(path) is container
    fault = fault_of(path)
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert "install ffmpeg (Debian: apt-get install ffmpeg) or convert it" in fault.message


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"my song".ljust(1080, b"\0") + b"M.K.", "MOD"),
        (b"".ljust(1080, b"\0") + b"8CHN", "MOD"),
        (b"Extended Module: my song", "XM"),
        (b"IMPM my song", "IT"),
        (b"my song".ljust(44, b"\0") + b"SCRM", "S3M"),
        (b"MThd\0\0\0\6", "MIDI"),
    ],
)
def test_notes_are_named_and_it_is_said_what_to_do(
    tmp_path: Path, content: bytes, name: str
) -> None:
    # The rule: whoever has such files learns what they are; they are music, and no sound.
    path = tmp_path / "a.mp3"
    path.write_bytes(content + bytes(2000))
    fault = fault_of(path)
    assert fault.kind is AudioErrorKind.UNSUPPORTED
    assert name in fault.message
    assert "render it to FLAC or WAV" in fault.message
    assert f".{name.lower()}" in AUDIO_SUFFIXES


def test_suffixes_are_lower_case_and_have_what_people_have() -> None:
    assert {".mp3", ".wav", ".flac", ".ogg", ".opus", ".aiff", ".m4a", ".wma"} <= AUDIO_SUFFIXES
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in AUDIO_SUFFIXES)


def id3(n_bytes: int) -> bytes:
    """Make a tag of n_bytes after its ten of header."""
    return (
        b"ID3\x04\x00\x00"
        + bytes(n_bytes >> shift & 0x7F for shift in (21, 14, 7, 0))
        + bytes(n_bytes)
    )


@pytest.mark.parametrize(
    ("before", "start", "is_plain"),
    [
        (b"", 0, True),
        (id3(20), 30, True),  # libsndfile skips one tag by itself
        (id3(20) + id3(5), 45, False),
    ],
)
def test_the_sound_begins_behind_its_tags(
    tmp_path: Path, before: bytes, start: int, is_plain: bool
) -> None:
    path = tmp_path / "a"
    path.write_bytes(before + b"fLaC" + bytes(100))
    assert locate(path) == Content(Container.FLAC, start, is_plain)


def test_sound_within_a_tag_that_claims_too_much_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(id3(4000)[:40] + FRAME * 3)
    assert locate(path) == Content(Container.MP3, 40, is_plain=False)


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (b"", AudioErrorKind.EMPTY, "a.mp3 has no bytes; replace it by a whole copy"),
        (id3(20), AudioErrorKind.NOT_AUDIO, "a.mp3 has a tag and no sound; replace it"),
        (b"hello", AudioErrorKind.NOT_AUDIO, "a.mp3 begins with b'hello' and holds no sound"),
    ],
)
def test_what_cannot_be_recognised_is_named(
    tmp_path: Path, content: bytes, kind: AudioErrorKind, message: str
) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=message) as caught:
        sniff(path)
    assert caught.value.kind is kind


def test_a_chain_of_tags_is_not_followed_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(id3(1) * MAX_TAGS + b"fLaC")
    assert locate(path).start == 11 * MAX_TAGS
    path.write_bytes(id3(1) * (MAX_TAGS + 1) + b"fLaC")
    with pytest.raises(AudioError, match="begins with b'ID3"):
        locate(path)


def test_a_failure_of_the_file_system_names_the_file() -> None:
    error = cannot_open(Path("a.mp3"), PermissionError(13, "Permission denied"))
    assert error.kind is AudioErrorKind.MISSING
    assert error.message == "path='a.mp3' must be a readable file (Permission denied)"
    assert "(odd)" in cannot_open(Path("a.mp3"), OSError("odd")).message


def test_tags_are_as_long_as_they_say() -> None:
    ape = ape_tag(b"x" * 100, has_header=True)
    assert tag_bytes(ape) == len(ape) == 164
    assert tag_bytes(ape_tag(b"", has_header=False)) == 32
    assert tag_bytes(b"TAG" + bytes(125)) == 128
    assert tag_bytes(FRAME) == tag_bytes(b"") == 0
    assert id3_bytes(b"ID3\x04\x00\x00\x00\x00\x01\x00") == 10 + 128
    assert id3_bytes(b"ID3\x04\x00\x10\x00\x00\x01\x00") == 20 + 128  # with a footer
    assert id3_bytes(b"ID3\x04\x00\x00\x80\x00\x01\x00") == 0  # no length has this bit


def test_the_longest_id3_tag_and_pieces_of_one() -> None:
    # four bytes of seven bits
    assert id3_bytes(b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f") == 10 + 2**28 - 1
    assert id3_bytes(b"ID3\x04\x00\x00\x7f\x7f\x7f") == 0
    assert id3_bytes(b"") == 0
    assert tag_bytes(b"APETAGEX" + bytes(23)) == 0  # its size would stand behind the end
