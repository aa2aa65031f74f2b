"""How much sound an MPEG stream holds, on frames built by hand."""

import io

import pytest

from genre.audio.readers import mpeg_stream
from genre.audio.readers.mpeg import find_first_frame
from tests.mpeg_frames import FRAME, HEAD, PADDED, ape_tag, scan_stream


def test_a_stream_is_counted_to_its_last_whole_frame() -> None:
    stream = scan_stream(FRAME * 3 + PADDED * 2 + FRAME[:400])
    assert stream is not None
    assert (stream.start, stream.n_frames, stream.n_samples) == (0, 5, 5 * 1152)
    assert stream.n_declared_frames is None


def test_counting_goes_on_behind_damage() -> None:
    stream = scan_stream(FRAME * 3 + b"\xff\x00junk" * 50 + FRAME * 4 + b"TAG".ljust(128))
    assert stream is not None
    assert stream.n_frames == 7


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"<html>" * 999, b"\xff\xfe\x0a\x00h\x00", HEAD, FRAME[:-1], b"\xff" * 5000],
    ids=["nothing", "byte", "html", "utf-16", "head", "piece", "ones"],
)
def test_what_is_no_stream_is_none(data: bytes) -> None:
    assert find_first_frame(data) is None
    assert scan_stream(data) is None


# Free format: 900 bytes a frame and 901 with padding, which no bit rate has.
FREE = bytes([0xFF, 0xFB, 0x00, 0x00]).ljust(900, b"\x01")
FREE_PADDED = bytes([0xFF, 0xFB, 0x02, 0x00]).ljust(901, b"\x01")


def test_frames_of_free_format_are_counted_by_their_distance() -> None:
    stream = scan_stream(FREE * 3 + FREE_PADDED * 2 + FREE * 5 + FREE[:500])
    assert stream is not None
    assert (stream.first.n_bytes, stream.n_frames) == (0, 10)


def test_a_lone_frame_of_free_format_is_recognised_and_not_counted() -> None:
    assert find_first_frame(FREE) == 0
    assert scan_stream(FREE) is None


def test_the_frame_count_of_a_vbri_header_is_read() -> None:
    vbri = bytearray(FRAME)
    vbri[36:40] = b"VBRI"
    vbri[50:54] = (3210).to_bytes(4, "big")
    stream = scan_stream(bytes(vbri) + FRAME * 5)
    assert stream is not None
    assert (stream.n_declared_frames, stream.n_frames, stream.sound_start) == (3210, 5, 417)


def test_what_looks_like_frames_in_a_tag_is_not_counted() -> None:
    picture = ape_tag(FRAME * 20, has_header=True)
    id3 = b"ID3\x04\x00\x00" + bytes([0, 0, 65, 18]) + (FRAME * 20)[: 65 * 128 + 18]
    for tail in (picture, id3, picture + b"TAG" + FRAME[:125], id3 + picture):
        stream = scan_stream(FRAME * 7 + tail + FRAME * 4)
        assert stream is not None
        assert stream.n_frames == 11


@pytest.mark.parametrize("n_bytes", [20_000, 300_000, 1_000_000])
def test_counting_does_not_depend_on_how_the_file_is_cut_into_pieces(
    n_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_frames = n_bytes // 417
    data = FRAME * n_frames + b"junk" * 700 + PADDED * n_frames + bytes(200_000) + FRAME * 3
    stream = scan_stream(data)
    assert stream is not None
    assert stream.n_frames == 2 * n_frames + 3
    monkeypatch.setattr(mpeg_stream, "_PIECE_BYTES", 20_000)
    assert scan_stream(data) == stream


def test_the_search_for_frames_gives_up_behind_much_junk() -> None:
    data = FRAME * 5 + bytes(5 * 2**20) + FRAME * 5
    stream = scan_stream(data)
    assert stream is not None
    assert stream.n_frames == 5


OTHER = {
    "mono": bytes([0xFF, 0xFB, 0x90, 0xC0]).ljust(417, b"\x01"),
    "48 kHz": bytes([0xFF, 0xFB, 0x94, 0x00]).ljust(384, b"\x01"),
    "layer II": bytes([0xFF, 0xFD, 0x80, 0x00]).ljust(417, b"\x01"),
    "MPEG 2": bytes([0xFF, 0xF3, 0x80, 0x00]).ljust(208, b"\x01"),
}


@pytest.mark.parametrize("name", OTHER)
@pytest.mark.parametrize("between", [b"", b"TAG".ljust(128), b"\xff\x00junk" * 50])
def test_a_stream_ends_where_another_format_begins(name: str, between: bytes) -> None:
    data = FRAME * 6 + between + OTHER[name] * 9 + FRAME * 5
    streams = mpeg_stream.scan_streams(io.BytesIO(data))
    place = 6 * 417 + len(between)
    assert [stream.n_frames for stream in streams] == [6, 9, 5]
    assert [stream.start for stream in streams] == [0, place, place + 9 * len(OTHER[name])]
    assert [stream.end for stream in streams] == [streams[1].start, streams[2].start, None]


@pytest.mark.parametrize("n_odd", [1, 2, 3])
def test_a_few_frames_of_another_format_are_damage(n_odd: int) -> None:
    for odd in (OTHER["mono"], OTHER["48 kHz"]):
        (stream,) = mpeg_stream.scan_streams(io.BytesIO(FRAME * 6 + odd * n_odd + FRAME * 5))
        assert stream.n_frames == 11 + n_odd
