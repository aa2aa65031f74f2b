"""An MP4 file's tag: every other atom keeps its bytes: genre.tagging.file_tags.mp4_tags."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from mutagen.mp4 import MP4

from genre.errors import TagError
from genre.tagging.file_tags.mp4_tags import (
    check_mp4,
    mp4_entries,
    mp4_genre_texts,
    write_mp4_genre,
)
from tests.encoded import encode, needs_ffmpeg
from tests.tagged_files import change, make, samples_of, take_back


@needs_ffmpeg
@pytest.mark.parametrize("name", ["m4a", "m4a-faststart"])
def test_what_a_library_would_write_otherwise_stays(name: str, tmp_path: Path) -> None:
    """A text in UTF-16, a picture of an unknown kind, freeform atoms."""
    path = make(tmp_path, name, seconds=0.5)
    file: Any = MP4(path)  # type: ignore[no-untyped-call]
    file["\xa9nam"], file["trkn"], file["cpil"] = ["xxxxTITLE"], [(1, 2)], True
    file["covr"] = [b"\x89PNG picture"]
    file["----:com.apple.iTunes:OWN"] = [b"a", b"b"]
    file["\xa9gen"] = ["ROCK"]
    file.save()
    content = path.read_bytes()
    odd = content.replace(b"\0\0\0\1\0\0\0\0xxxxTITLE", b"\0\0\0\2\0\0\0\0\0x\0x\0xE\0x")
    odd = odd.replace(b"\0\0\0\x0d\0\0\0\0\x89PNG", b"\0\0\0\x63\0\0\0\0\x89PNG")
    path.write_bytes(odd)
    before, sound = mp4_entries(path), samples_of(path)
    assert before != []
    assert odd != content
    assert mp4_genre_texts(path) == ["ROCK"]
    write_mp4_genre(path, ["ROCK", "Drum & Bass" * 50])
    assert mp4_genre_texts(path) == ["ROCK", "Drum & Bass" * 50]
    assert sorted(mp4_entries(path)) == sorted(before)
    assert samples_of(path) == sound


@needs_ffmpeg
def test_a_number_of_itunes_is_a_genre(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a", seconds=0.3)
    file: Any = MP4(path)  # type: ignore[no-untyped-call]
    file["\xa9gen"] = ["a" * 10]
    file.save()
    content = path.read_bytes()
    at = content.index(b"\xa9gen") - 4
    # the atom that iTunes writes for Rock, and an empty one for what is left of the room
    number = b"\0\0\0\x1agnre\0\0\0\x12data" + bytes(8) + b"\0\x12" + b"\0\0\0\x08free"
    path.write_bytes(content[:at] + number + content[at + len(number) :])
    assert mp4_genre_texts(path) == ["Rock"]
    assert {name for name, _ in mp4_entries(path)} & {b"gnre", b"\xa9gen"} == set()
    before = mp4_entries(path)
    write_mp4_genre(path, ["Jazz"])
    assert mp4_genre_texts(path) == ["Jazz"]
    assert b"gnre" not in path.read_bytes()
    assert sorted(mp4_entries(path)) == sorted(before)


@needs_ffmpeg
def test_a_file_without_a_tag_gets_one(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a", seconds=0.3)
    file: Any = MP4(path)  # type: ignore[no-untyped-call]
    file.delete()
    before = path.read_bytes()
    assert mp4_genre_texts(path) == []
    assert mp4_entries(path) == []
    change(path, tmp_path / "j.jsonl", ("Jazz",))
    assert mp4_genre_texts(path) == ["Jazz"]
    assert mp4_entries(path) == []
    take_back(tmp_path / "j.jsonl")
    assert path.read_bytes() == before


@needs_ffmpeg
@pytest.mark.parametrize("kind", ["mov", "3gp"])
def test_tags_of_another_kind_are_not_hidden(kind: str, tmp_path: Path) -> None:
    """QuickTime and 3GPP keep title and artist elsewhere, where players look in the second place.

    Without such tags, or with those of iTunes beside them, the genre is written.
    """
    options = {"mov": "-c:a pcm_s16le", "3gp": "-c:a aac"}[kind]
    bare = encode(tmp_path / f"bare.{kind}", options, seconds=0.3)
    check_mp4(bare)
    path = encode(tmp_path / f"song.{kind}", f"{options} -metadata artist=Nina", seconds=0.3)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="tags of QuickTime or 3GPP"):
        check_mp4(path)
    with pytest.raises(TagError, match="would be hidden by one that is; convert it to M4A first"):
        change(path, tmp_path / "j.jsonl", ("Jazz",))
    assert path.read_bytes() == before
    write_mp4_genre(path, ["Jazz"])
    check_mp4(path)


@needs_ffmpeg
def test_keys_of_quicktime_are_not_hidden(tmp_path: Path) -> None:
    """An M4A whose names are QuickTime's keys would keep its old genre there: it is named."""
    path = tmp_path / "a.m4a"
    command = (
        "ffmpeg -v error -f lavfi -i sine=d=1 -movflags use_metadata_tags -metadata genre=Blues"
    )
    subprocess.run([*command.split(), str(path)], check=True)
    with pytest.raises(ValueError, match="tags of QuickTime"):
        check_mp4(path)


@needs_ffmpeg
def test_a_genre_under_a_name_of_its_own_is_not_contradicted(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", "-c:a aac", seconds=0.3)
    file: Any = MP4(path)  # type: ignore[no-untyped-call]
    file["----:com.apple.iTunes:Genre"] = [b"Blues"]
    file.save()
    with pytest.raises(ValueError, match="would go on saying what it says"):
        check_mp4(path)
