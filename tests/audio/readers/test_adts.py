"""Where raw AAC changes its format, on frames built by hand; what is heard is in test_chain.py."""

from pathlib import Path

import pytest

from genre.audio.readers import adts
from genre.audio.readers.adts import adts_spans


def frame(rate: int = 4, channels: int = 2, n_bytes: int = 300) -> bytes:
    # MPEG-4, no check sum, low complexity; index 4 is 44.1 kHz
    third = 0x40 | rate << 2 | channels >> 2
    fourth = (channels & 3) << 6 | n_bytes >> 11
    head = bytes([0xFF, 0xF1, third, fourth, n_bytes >> 3 & 0xFF, (n_bytes & 7) << 5 | 0x1F, 0xFC])
    return head.ljust(n_bytes, b"\1")


def spans(tmp_path: Path, data: bytes, start: int = 0) -> list[tuple[int, int]]:
    path = tmp_path / "a.aac"
    path.write_bytes(data)
    return adts_spans(path, start)


def test_a_file_of_one_format_is_one_span(tmp_path: Path) -> None:
    data = b"".join(frame(n_bytes=200 + 7 * k) for k in range(50))
    assert spans(tmp_path, data) == [(0, len(data))]
    assert spans(tmp_path, b"tag" + data, 3) == [(3, 3 + len(data))]


@pytest.mark.parametrize("other", [frame(rate=3), frame(channels=1), frame(channels=6)])
@pytest.mark.parametrize("piece_bytes", [2**18, 2**15 + 5000])
def test_a_change_begins_a_span(
    tmp_path: Path, other: bytes, piece_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adts, "_PIECE_BYTES", piece_bytes)
    tag = b"TAG".ljust(128)
    data = frame() * 400 + tag + other * 300 + frame() * 20
    first, second = 400 * 300 + 128, 700 * 300 + 128
    assert spans(tmp_path, data) == [(0, first), (first, second), (second, len(data))]


@pytest.mark.parametrize("n_odd", [1, 3])
def test_a_few_odd_frames_and_what_cannot_be_followed_change_nothing(
    tmp_path: Path, n_odd: int
) -> None:
    data = frame() * 9 + frame(rate=3) * n_odd + frame() * 9
    assert spans(tmp_path, data) == [(0, len(data))]
    for broken in (b"", b"junk", frame() * 3 + b"junk" + frame(rate=3) * 9, frame() * 3 + b"\xff"):
        assert spans(tmp_path, broken) == [(0, len(broken))]
