"""How long the tags around sound are."""

from genre.audio.tags import id3_bytes, tag_bytes
from tests.mpeg_frames import FRAME, ape_tag


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
