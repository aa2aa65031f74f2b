"""Lyrics in tags and beside the track, and their verses: genre.describe.lyrics."""

import struct
from pathlib import Path

import mutagen
import mutagen.id3
import pytest

from genre.describe.card import Absent
from genre.describe.lyrics import Lyrics, Verse, find_lyrics, verses_of
from tests.encoded import needs_ffmpeg
from tests.tagged_files import id3, make


def test_lyrics_in_the_tags_of_an_mp3(tmp_path: Path) -> None:
    path = make(tmp_path, "mp3", seconds=1.0)
    tags = id3.ID3()
    tags.add(id3.USLT(encoding=1, lang="rus", desc="", text="Привет\r\nдым"))
    tags.save(path)
    assert find_lyrics(path) == Lyrics("USLT", "Привет\nдым")
    tags.add(id3.SYLT(encoding=3, lang="eng", format=2, type=1, text=[("one", 0), ("two", 61_500)]))
    tags.save(path)
    found = find_lyrics(path)
    assert found.source == "SYLT"
    assert verses_of(found.text, max_characters=1000) == [Verse("one\ntwo", 0.0)]


def test_times_in_frames_of_mpeg_are_left_out(tmp_path: Path) -> None:
    path = make(tmp_path, "mp3", seconds=1.0)
    tags = id3.ID3()
    tags.add(id3.SYLT(encoding=3, lang="eng", format=1, type=1, text=[("one\n", 0), ("two", 9)]))
    tags.save(path)
    assert find_lyrics(path) == Lyrics("SYLT", "one\ntwo")


@pytest.mark.parametrize("name", ["flac", "ogg"])
def test_lyrics_in_comments(tmp_path: Path, name: str) -> None:
    path = make(tmp_path, name, seconds=1.0)
    file = mutagen.File(path)
    file["LYRICS"] = "春は\nあけぼの"
    file.save()
    assert find_lyrics(path).text == "春は\nあけぼの"


@needs_ffmpeg
def test_lyrics_in_an_m4a(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a", seconds=1.0)
    file = mutagen.File(path)
    file["©lyr"] = "la la"
    file.save()
    assert find_lyrics(path) == Lyrics("©lyr", "la la")


@pytest.mark.parametrize("suffix", [".lrc", ".txt"])
def test_lyrics_beside_the_track(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "song.wav").write_bytes(b"no sound")
    (tmp_path / f"song{suffix}").write_bytes("[00:01]Белая берёза".encode("cp1251"))
    assert find_lyrics(tmp_path / "song.wav") == Lyrics(f"song{suffix}", "[00:01]Белая берёза")


def test_tags_that_cannot_be_read_leave_the_file_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise struct.error("unpack requires a buffer of 4 bytes")

    monkeypatch.setattr(mutagen, "File", fail)
    (tmp_path / "a.txt").write_text("la la")
    assert find_lyrics(tmp_path / "a.mp3") == Lyrics("a.txt", "la la")


def test_where_there_are_none_it_is_said_what_helps(tmp_path: Path) -> None:
    (tmp_path / "song.txt").write_text(" \n")
    for name in ("song.mp3", "song.txt"):
        with pytest.raises(Absent) as caught:
            find_lyrics(tmp_path / name)
        assert ".lrc" in caught.value.advice


def test_lrc_has_times_heads_and_an_offset() -> None:
    text = (
        "[ar:Somebody]\n[offset:+500]\n[00:01.50]first\n[01:02:25]<01:02.30>second\n"
        "[00:10]\n[00:05.125][02:00]again\n"
    )
    assert verses_of(text, max_characters=1000) == [
        Verse("first\nagain", 1.0),
        Verse("second\nagain", 61.75),
    ]


def test_plain_text_is_parted_by_empty_lines_and_names_of_sections() -> None:
    text = "[Verse 1]\none\ntwo\n\n\nthree\n[Chorus]\nfour\n"
    assert [verse.text for verse in verses_of(text, max_characters=1000)] == [
        "one\ntwo",
        "three",
        "four",
    ]


def test_without_an_empty_line_four_lines_are_a_verse() -> None:
    found = verses_of("\n".join("abcdefghij"), max_characters=1000)
    assert [verse.text for verse in found] == ["a\nb\nc\nd", "e\nf\ng\nh", "i\nj"]


def test_lyrics_have_an_end() -> None:
    assert verses_of("abc\n\ndef", max_characters=6) == [Verse("abc"), Verse("d")]
    assert verses_of(" \n\n", max_characters=10) == []
