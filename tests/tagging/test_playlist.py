"""genre.tagging.playlist: what a player reads, names that a line cannot hold."""

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from genre.tagging.playlist import Entry, write_playlist


def lines_of(path: Path, *tracks: Path, seconds: float | None = 61.6) -> list[str]:
    write_playlist(path, [Entry(path=track, duration_seconds=seconds) for track in tracks])
    return path.read_text(encoding="utf-8").split("\n")


def test_tracks_are_named_from_the_playlist_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    playlist = tmp_path / "lists" / "near.m3u8"
    found = lines_of(playlist, Path("music/ünï – 日本.mp3"), tmp_path / "lists" / "b.ogg")
    assert found == [
        "#EXTM3U",
        "#EXTINF:62,ünï – 日本",
        "../music/ünï – 日本.mp3",
        "#EXTINF:62,b",
        "b.ogg",
        "",
    ]


def test_an_unknown_length_and_no_tracks(tmp_path: Path) -> None:
    assert lines_of(tmp_path / "a.m3u", tmp_path / "x.mp3", seconds=None)[1] == "#EXTINF:-1,x"
    assert lines_of(tmp_path / "a.m3u") == ["#EXTM3U", ""]


@pytest.mark.parametrize(
    "name", [b"a\nb.mp3", b"a\r#EXTINF.mp3", b" a.mp3", b"a.mp3 ", b"\xff.mp3", b"a\x1b[2J.mp3"]
)
def test_a_name_that_a_line_cannot_hold_is_an_address(name: bytes, tmp_path: Path) -> None:
    track = tmp_path / os.fsdecode(name)
    first, title, address, last = lines_of(tmp_path / "a.m3u", track)
    assert (first, last) == ("#EXTM3U", "")
    assert title.startswith("#EXTINF:62,")
    assert title.isprintable()
    assert address.startswith("file:///")
    assert unquote_to_bytes(address.removeprefix("file://")) == os.fsencode(track)


def test_a_name_that_looks_like_a_remark_is_none(tmp_path: Path) -> None:
    assert lines_of(tmp_path / "a.m3u", tmp_path / "#1.mp3")[2] == "./#1.mp3"


def test_without_a_way_from_the_playlist_the_whole_path_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def apart(*_: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", apart)
    assert lines_of(tmp_path / "a.m3u", tmp_path / "x.mp3")[2] == (tmp_path / "x.mp3").as_posix()
