"""Headers of MPEG frames, worked by hand."""

import pytest

from genre.audio.readers.mpeg import find_first_frame, parse_frame_header, xing_frame
from tests.mpeg_frames import FRAME, HEAD, scan_stream


@pytest.mark.parametrize(
    ("head", "n_bytes", "n_samples", "sample_rate", "layer"),
    [
        ("fffb90", 417, 1152, 44100, 3),
        ("fffb92", 418, 1152, 44100, 3),  # padded
        ("fffa90", 417, 1152, 44100, 3),  # with a check sum
        ("fffb18", 144, 1152, 32000, 3),  # 32 kbit/s
        ("fffbe4", 960, 1152, 48000, 3),  # 320 kbit/s
        ("fff380", 208, 576, 22050, 3),  # MPEG 2, 64 kbit/s
        ("ffe318", 72, 576, 8000, 3),  # MPEG 2.5, 8 kbit/s
        ("fffd80", 417, 1152, 44100, 2),  # layer II, 128 kbit/s
        ("ffff80", 276, 384, 44100, 1),  # layer I, 256 kbit/s: 4 * floor(12 * 256000 / 44100)
        ("fffb00", 0, 1152, 44100, 3),  # free format
    ],
)
def test_headers_worked_by_hand(
    head: str, n_bytes: int, n_samples: int, sample_rate: int, layer: int
) -> None:
    header = parse_frame_header(bytes.fromhex(head), 0)
    assert header is not None
    assert (header.n_bytes, header.n_samples) == (n_bytes, n_samples)
    assert (header.sample_rate, header.layer) == (sample_rate, layer)


@pytest.mark.parametrize(
    "head",
    ["fffbf0", "fffb9c", "ffeb90", "fff990", "fefb90", "ffdb90", "fffb"],
    ids=["bit rate", "sample rate", "version", "layer", "sync", "sync 2", "too short"],
)
def test_invalid_headers_are_none(head: str) -> None:
    assert parse_frame_header(bytes.fromhex(head), 0) is None


@pytest.mark.parametrize(
    "head", [HEAD, bytes([0xFF, 0xFA, 0xA2, 0xC0]), bytes([0xFF, 0xF3, 0x84, 0x40])]
)
def test_a_length_that_was_written_is_read_back(head: bytes) -> None:
    header = parse_frame_header(head, 0)
    assert header is not None
    frames = head.ljust(header.n_bytes, b"\x01") * 4
    tag = xing_frame(head, 123456, len(frames))
    stream = scan_stream(tag + frames)
    assert stream is not None
    assert stream.n_declared_frames == 123456
    assert (stream.n_frames, stream.sound_start) == (4, len(tag))


def test_a_tag_is_not_made_for_what_is_no_frame() -> None:
    with pytest.raises(ValueError, match="must be the start of an MPEG frame"):
        xing_frame(b"\x00\x00\x00\x00", 1, 1)


def test_a_stream_is_found_behind_other_bytes() -> None:
    data = b"\x00\xff\xfb\x90junk" * 20 + FRAME * 3
    assert find_first_frame(data) == 160
    assert find_first_frame(data[:-418]) is None
