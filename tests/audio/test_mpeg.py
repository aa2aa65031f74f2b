"""MPEG frame headers and streams, on frames built by hand."""

import io

import pytest

from genre.audio.readers import mpeg_stream
from genre.audio.readers.mpeg import find_first_frame, parse_frame_header, xing_frame
from genre.audio.readers.mpeg_stream import MpegStream
from genre.audio.tags import id3_bytes, tag_bytes

# MPEG 1, layer III, 128 kbit/s, 44.1 kHz, stereo: 144 * 128000 / 44100 = 417.96 bytes
HEAD = bytes([0xFF, 0xFB, 0x90, 0x00])
FRAME = HEAD.ljust(417, b"\x01")
PADDED = bytes([0xFF, 0xFB, 0x92, 0x00]).ljust(418, b"\x01")


def scan_stream(data: bytes, start: int = 0) -> MpegStream | None:
    return mpeg_stream.scan_stream(io.BytesIO(data), start)


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


def test_a_stream_is_counted_to_its_last_whole_frame() -> None:
    stream = scan_stream(FRAME * 3 + PADDED * 2 + FRAME[:400])
    assert stream is not None
    assert (stream.start, stream.n_frames, stream.n_samples) == (0, 5, 5 * 1152)
    assert stream.n_declared_frames is None


def test_counting_goes_on_behind_damage() -> None:
    stream = scan_stream(FRAME * 3 + b"\xff\x00junk" * 50 + FRAME * 4 + b"TAG".ljust(128))
    assert stream is not None
    assert stream.n_frames == 7


def test_a_stream_is_found_behind_other_bytes() -> None:
    data = b"\x00\xff\xfb\x90junk" * 20 + FRAME * 3
    assert find_first_frame(data) == 160
    assert find_first_frame(data[:-418]) is None


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


def ape_tag(items: bytes, *, has_header: bool) -> bytes:
    # version 2000: size of items and footer, one item, flags (bit 29: this is the header)
    def end(is_header: int) -> bytes:
        size = (len(items) + 32).to_bytes(4, "little")
        flags = ((1 << 31) | is_header << 29).to_bytes(4, "little")
        return (
            b"APETAGEX"
            + (2000).to_bytes(4, "little")
            + size
            + bytes([1, 0, 0, 0])
            + flags
            + bytes(8)
        )

    return (end(1) if has_header else b"") + items + end(0)


def test_tags_are_as_long_as_they_say() -> None:
    ape = ape_tag(b"x" * 100, has_header=True)
    assert tag_bytes(ape) == len(ape) == 164
    assert tag_bytes(ape_tag(b"", has_header=False)) == 32
    assert tag_bytes(b"TAG" + bytes(125)) == 128
    assert tag_bytes(FRAME) == tag_bytes(b"") == 0
    assert id3_bytes(b"ID3\x04\x00\x00\x00\x00\x01\x00") == 10 + 128
    assert id3_bytes(b"ID3\x04\x00\x10\x00\x00\x01\x00") == 20 + 128  # with a footer
    assert id3_bytes(b"ID3\x04\x00\x00\x80\x00\x01\x00") == 0  # no length has this bit


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
