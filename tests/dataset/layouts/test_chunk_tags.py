"""Chunks of WAV, AIFF and CAF by hand: genre.dataset.layouts.chunk_tags."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.audio.containers import Container
from genre.dataset.layouts.chunk_tags import chunk_tags
from genre.dataset.layouts.tags import read_tags


def chunk(
    name: bytes, content: bytes, order: str = "little", *, length: int | None = None
) -> bytes:
    size = len(content) if length is None else length
    head = name + size.to_bytes(4, "little" if order == "little" else "big")
    return head + content + bytes(len(content) % 2)


def info(artist: bytes, genre: bytes) -> bytes:
    return chunk(b"LIST", b"INFO" + chunk(b"IART", artist) + chunk(b"IGNR", genre))


def wave(*chunks: bytes, kind: bytes = b"RIFF") -> bytes:
    content = b"WAVE" + b"".join(chunks)
    return kind + len(content).to_bytes(4, "little") + content


DATA = chunk(b"data", bytes(5))
JAZZ = info(b"Nina\0", b"Jazz\0")


@pytest.mark.parametrize(
    ("content", "artist"),
    [
        (wave(JAZZ, DATA), "Nina"),
        (wave(DATA, JAZZ), "Nina"),  # odd chunks are filled up
        (wave(DATA, info("Björk".encode(), b"Jazz")), "Björk"),
        (wave(DATA, info("Björk".encode("cp1252"), b"Jazz")), "Björk"),
        (wave(DATA, chunk(b"LIST", b"adtl1234"), JAZZ), "Nina"),
        (
            wave(
                chunk(b"ds64", bytes(8) + (6).to_bytes(8, "little") + bytes(12)),
                chunk(b"data", bytes(6), length=0xFFFFFFFF),
                JAZZ,
                kind=b"RF64",
            ),
            "Nina",
        ),
        (
            b"FORM\0\0\0\0AIFF"
            + chunk(b"SSND", bytes(5), "big")
            + chunk(b"AUTH", b"Nina", "big"),
            "Nina",
        ),
        (
            b"caff\0\1\0\0data"
            + (5).to_bytes(8, "big") + bytes(5)
            + b"info" + (27).to_bytes(8, "big") + b"\0\0\0\2Artist\0Nina\0genre\0Jazz\0",
            "Nina",
        ),
    ],
)  # fmt: skip
def test_tags_of_a_file_by_hand(content: bytes, artist: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    found = read_tags(path)
    assert found.artist == artist
    assert found.genres == (() if content[:4] == b"FORM" else ("jazz",))


@pytest.mark.parametrize(
    "content",
    [
        wave(chunk(b"data", bytes(5), length=0xFFFFFFFF), JAZZ),  # nobody knows where it ends
        wave(DATA, JAZZ)[:-12],
        wave(DATA, chunk(b"LIST", b"INFO" + b"IART\xff\xff\xff\xff")),
        wave(DATA, chunk(b"LIST", b"IN")),
        b"caff\0\1\0\0" + b"info" + b"\xff" * 8 + b"\0\0\0\1genre\0Jazz\0",
        b"caff\0\1\0\0" + b"info" + (6).to_bytes(8, "big") + b"\0\0\0\1ge",
    ],
)
def test_what_is_cut_off_has_no_tags(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert (read_tags(path).artist, read_tags(path).genres) == (None, ())


@given(st.binary(max_size=200))
def test_any_bytes_end_in_tags_or_none(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    for head, container in {
        wave(): Container.WAV,
        b"FORM\0\0\0\0AIFF": Container.AIFF,
        b"caff\0\1\0\0": Container.CAF,
    }.items():
        path.write_bytes(head + rest)
        for tags in chunk_tags(path, container):
            assert all(isinstance(text, str) for texts in tags.values() for text in texts)
