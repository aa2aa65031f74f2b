"""Raw AC-3 is recognised by its frames, worked by hand; decoding is in test_ffmpeg.py."""

import pytest

from genre.audio.readers.dolby import dolby_kind


def ac3(rate: int, size: int, n_bytes: int) -> bytes:
    return bytes([0x0B, 0x77, 0, 0, rate << 6 | size, 8 << 3]).ljust(n_bytes, b"\1")


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (ac3(0, 28, 1536), "ac3"),  # 48 kHz, 384 kbit/s: 32 ms are 1,536 bytes
        (ac3(1, 28, 1670), "ac3"),  # 44.1 kHz: 835 words of 835.9
        (ac3(1, 29, 1672), "ac3"),  # and one more in some frames
        (ac3(2, 37, 3840), "ac3"),  # 32 kHz, 640 kbit/s
        (bytes([0x0B, 0x77, 0x02, 0x3F, 0, 16 << 3]).ljust(1152, b"\1"), "eac3"),  # 0x23F + 1 words
    ],
)
def test_two_frames_are_a_stream(frame: bytes, kind: str) -> None:
    assert dolby_kind(frame * 2) == kind
    assert dolby_kind(frame) == kind  # and the end of the file
    assert dolby_kind(frame[:-1] + frame) is None
    assert dolby_kind(frame + b"\0" + frame) is None


@pytest.mark.parametrize("head", [b"", b"\x0b\x77", b"\x0bwhat is this", ac3(3, 0, 99) * 2])
def test_a_mark_alone_is_none(head: bytes) -> None:
    assert dolby_kind(head) is None
    assert dolby_kind(ac3(0, 60, 99) * 2) is None
