"""APEv2 by hand: only the genre changes: genre.tagging.file_tags.apev2."""

from io import BytesIO
from typing import Any

import mutagen.apev2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.tagging.file_tags.apev2 import ApeTag, read_ape
from tests.tagged_files import ape_item, ape_tag

TITLE = ape_item(b"Title", "曲".encode())
GENRE = ape_item(b"genre", b"Rock\0Pop")
COVER = ape_item(b"Cover Art", b"a\0\xff", flags=2)


def read(content: bytes) -> ApeTag:
    tag, n_bytes = read_ape(BytesIO(content), len(content), 0)
    assert tag is not None
    assert n_bytes == len(content)
    return tag


@pytest.mark.parametrize("has_header", [True, False])
@pytest.mark.parametrize("items", [[TITLE, GENRE, COVER], [TITLE, COVER], [GENRE], []])
def test_other_items_keep_their_bytes_and_places(items: list[bytes], has_header: bool) -> None:
    content = ape_tag(items, has_header=has_header)
    tag = read(content)
    assert tag.to_bytes() == content
    assert tag.genre_texts() == (["Rock", "Pop"] if GENRE in items else [])
    new = tag.with_genres(["Ópera", "Jazz"]).to_bytes()
    value = "Ópera\0Jazz".encode()
    expected = [ape_item(b"genre", value) if found == GENRE else found for found in items]
    if GENRE not in items:
        expected.append(ape_item(b"Genre", value))
    assert new == ape_tag(expected, has_header=has_header)
    module: Any = mutagen.apev2  # it has no types
    assert list(module.APEv2(BytesIO(b"sound" * 20 + new))["Genre"]) == ["Ópera", "Jazz"]


def test_where_no_tag_ends_there_is_none() -> None:
    assert read_ape(BytesIO(bytes(100)), 100, 0) == (None, 0)
    assert read_ape(BytesIO(b"APETAGEX"), 8, 0) == (None, 0)


BARE = ape_tag([TITLE], has_header=False)


@pytest.mark.parametrize(
    "content",
    [
        BARE[-32:],  # without its items
        TITLE[:-1] + ape_tag([TITLE[:-1]], has_header=False)[-32:],
        BARE[:-16] + b"\2" + BARE[-15:],  # another number of items
        ape_tag([b"x"], has_header=False),
    ],
)
def test_what_is_damaged_is_said_to_be_so(content: bytes) -> None:
    with pytest.raises(ValueError, match="APEv2 that is"):
        read_ape(BytesIO(content), len(content), 0)


@given(st.binary(max_size=80), st.integers(0, 4))
def test_any_items_are_put_together_again_or_refused(body: bytes, n_items: int) -> None:
    bare = ape_tag([body], has_header=False)
    content = bare[:-16] + n_items.to_bytes(4, "little") + bare[-12:]
    try:
        tag = read(content)
    except ValueError:
        return
    assert tag.to_bytes() == content
