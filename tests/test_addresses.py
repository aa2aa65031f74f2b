"""Addresses are text with the parts of a path: genre.addresses."""

import pickle
from pathlib import Path

import pytest

from genre.addresses import Address, is_address, place


@pytest.mark.parametrize(
    "text", ["s3://b/k", "sftp://me@host:2222/x", "https://h/a.mp3", "file:///x"]
)
def test_what_has_a_scheme_is_an_address_and_keeps_its_slashes(text: str) -> None:
    assert place(text) == Address(text)
    assert str(place(text)) == text
    assert is_address(text)


@pytest.mark.parametrize("text", ["music/a.mp3", "/a//b", "C:/x", "a://b", ""])
def test_all_else_is_a_path(text: str) -> None:
    assert place(text) == Path(text)


def test_what_is_a_place_stays_one() -> None:
    assert place(Path("a")) == Path("a")
    assert place(Address("s3://b")) == Address("s3://b")


def test_parts_are_those_of_a_path() -> None:
    address = Address("s3://bucket/music/a.b.FLAC")
    assert (address.name, address.stem, address.suffix) == ("a.b.FLAC", "a.b", ".FLAC")
    assert address.parent == Address("s3://bucket/music")
    assert [str(each) for each in address.parents] == ["s3://bucket/music", "s3://bucket"]
    assert Address("s3://bucket").parent == Address("s3://bucket")
    assert Address("file:///a").parent == Address("file:///a")
    assert Address("s3://bucket/music/") / "x" == Address("s3://bucket/music/x")
    assert address.scheme == "s3"
    assert address.as_posix() == str(address)


def test_what_a_web_address_asks_is_no_name() -> None:
    address = Address("https://host/dir/a.mp3?token=x.y/z#t")
    assert (address.name, address.suffix) == ("a.mp3", ".mp3")
    assert Address("s3://b/what?.mp3").name == "what?.mp3"


def test_it_travels_to_workers_and_stands_in_sets() -> None:
    address = Address("s3://b/k")
    assert pickle.loads(pickle.dumps(address)) == address  # noqa: S301 - our own
    assert len({address, Address("s3://b/k")}) == 1
