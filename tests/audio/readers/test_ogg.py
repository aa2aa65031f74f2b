"""Pages of Ogg, written by hand: where streams begin and whether the last one has its end."""

from pathlib import Path

import pytest

from genre.audio.readers.ogg import OggLinks, ogg_links

FIRST, LAST = 2, 4


def page(flags: int = 0, n_bytes: int = 300) -> bytes:
    """Write one page of 29 bytes of header (up to 510 bytes of content) and its content."""
    lacing = [min(255, n_bytes), max(0, n_bytes - 255)]
    head = b"OggS\x00" + bytes([flags]) + bytes(8 + 4 + 4 + 4) + bytes([2, *lacing])
    return head + bytes(n_bytes)


WHOLE = page(FIRST) + page() + page(LAST)  # 3 * 329 bytes


@pytest.mark.parametrize(
    ("content", "spans", "is_cut"),
    [
        (WHOLE, [(0, 987)], False),
        (page(FIRST | LAST), [(0, 329)], False),
        (WHOLE * 2, [(0, 987), (987, 1974)], False),
        (WHOLE[:-329], [(0, 658)], True),  # no last page
        (WHOLE[:-1], [(0, 986)], True),  # in the middle of a page
        (WHOLE + WHOLE[:-329], [(0, 987), (987, 1645)], True),
        (page(FIRST) * 2 + page(LAST) * 2, [(0, 1316)], False),  # side by side, as with pictures
        (page(FIRST) * 2 + page(LAST), [(0, 987)], True),
        (WHOLE + b"junk" * 20, [(0, 1067)], False),
    ],
    ids=[
        "whole",
        "one page",
        "chain",
        "no end",
        "cut",
        "cut chain",
        "side by side",
        "one end",
        "junk",
    ],
)
def test_pages_are_walked(
    tmp_path: Path, content: bytes, spans: list[tuple[int, int]], is_cut: bool
) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(content)
    assert ogg_links(path, 0) == OggLinks(spans, is_cut)


def test_the_walk_begins_behind_a_tag(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(b"tag" + WHOLE)
    assert ogg_links(path, 3) == OggLinks([(3, 990)], is_cut=False)


def test_a_file_of_very_many_streams_is_not_followed_through_them(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(page(FIRST | LAST, 0) + (page(0, 0) + page(FIRST | LAST, 0)) * 1100)
    assert len(ogg_links(path, 0).spans) == 1000
