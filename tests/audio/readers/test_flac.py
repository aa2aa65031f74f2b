"""How long a FLAC file is: by hand on its frames, then on files."""

import struct
from pathlib import Path

import pytest

from genre.audio.decode import load_waveform
from genre.audio.readers.flac import flac_lengths
from genre.audio.sound import Lengths
from tests.sounds import FORMATS, tone, write


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


def head_of(n_frames: int, *, block_size: int = 4096) -> bytes:
    """Write the first 42 bytes of a file: mono, 44,100 Hz, 16 bits, STREAMINFO alone."""
    layout = 44100 << 44 | 0 << 41 | 15 << 36 | n_frames
    sizes = block_size.to_bytes(2, "big") * 2 + bytes(6)
    return b"fLaC\x80\x00\x00\x22" + sizes + layout.to_bytes(8, "big") + bytes(16)


def check_sum(data: bytes) -> int:
    """Divide by x^8 + x^2 + x + 1 on the long way: RFC 9639, section 9.1.8."""
    rest = int.from_bytes(data, "big") << 8
    for bit in range(rest.bit_length(), 8, -1):
        if rest >> (bit - 1) & 1:
            rest ^= 0x107 << (bit - 9)
    return rest


def frame(
    number: int, *, size_code: int = 12, sync: bytes = b"\xff\xf8", more: bytes = b""
) -> bytes:
    """Write a frame's header and 50 bytes of no account; code 12 is a block of 4,096 samples."""
    header = sync + bytes([size_code << 4, 0]) + chr(number).encode() + more
    return header + bytes([check_sum(header)]) + bytes(50)


def lengths_of(folder: Path, content: bytes, start: int = 0) -> tuple[Lengths, bytes]:
    path = folder / "a.flac"
    path.write_bytes(content)
    return flac_lengths(path, start)


def test_the_last_two_frames_say_how_long_a_file_is(tmp_path: Path) -> None:
    content = head_of(7 * 4096) + frame(5) + frame(6)
    expected = Lengths(declared=28672, present=28672, slack=4096)
    assert lengths_of(tmp_path, content) == (expected, b"")
    assert lengths_of(tmp_path, b"tag" + content, 3) == (expected, b"")


def test_a_header_that_claims_less_is_given_none(tmp_path: Path) -> None:
    # by more than a block, so that the last one may be short
    lengths, head = lengths_of(tmp_path, head_of(6 * 4096 - 1) + frame(5) + frame(6))
    assert (lengths.declared, lengths.present) == (24575, 28672)
    assert head == head_of(0)
    assert lengths_of(tmp_path, head_of(6 * 4096) + frame(5) + frame(6))[1] == b""


def test_frames_of_varying_length_carry_the_number_of_their_first_sample(tmp_path: Path) -> None:
    # code 6: one byte behind the number has the length less one; code 1 is 192 samples
    first = frame(4096, size_code=6, sync=b"\xff\xf9", more=b"\x63")
    second = frame(4196, size_code=1, sync=b"\xff\xf9")
    lengths, _ = lengths_of(tmp_path, head_of(4388) + first + second)
    assert lengths.present == 4096 + 100 + 192


@pytest.mark.parametrize(
    "frames",
    [b"", frame(6), frame(5) + frame(7), frame(5)[:-1] + b"\xff\xf8" + frame(6)[2:-50]],
    ids=["none", "one", "not in turn", "too short"],
)
def test_what_does_not_follow_on_another_is_not_believed(tmp_path: Path, frames: bytes) -> None:
    assert lengths_of(tmp_path, head_of(9) + frames)[0].present is None


def test_a_frame_with_a_wrong_check_sum_is_none(tmp_path: Path) -> None:
    broken = bytearray(frame(6))
    broken[5] ^= 1
    assert lengths_of(tmp_path, head_of(9) + frame(5) + broken)[0].present is None


@pytest.mark.parametrize("content", [b"fLaC", head_of(9)[:41], b"fLaC\x84" + head_of(9)[5:]])
def test_without_streaminfo_nothing_is_known(tmp_path: Path, content: bytes) -> None:
    assert lengths_of(tmp_path, content) == (Lengths(), b"")
