"""A field that says who wrote the genres: genre.tagging.file_tags.notes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mutagen
import pytest
from mutagen.apev2 import APEv2

from genre.errors import ConfigError, TagError
from genre.tagging.file_tags.genre_tags import read_genres, set_genres
from genre.tagging.file_tags.journal import Journal
from genre.tagging.file_tags.notes import Note
from genre.tagging.file_tags.writing import Undone, check_writable, write_genres
from tests.tagged_files import (
    EVERY,
    ape_item,
    ape_tag,
    framed,
    give_tags,
    id3,
    make,
    samples_of,
    take_back,
)

NOTE = Note(field="GENRE_MODEL", model="attn; x", bundle_sha256="0f" * 32, date="2026-11-28")


def test_it_says_model_bundle_and_day() -> None:
    assert NOTE.text == f"model=attn; x; bundle={'0f' * 32}; date=2026-11-28"


def test_only_what_is_a_note_gives_way() -> None:
    NOTE.check_free([])
    NOTE.check_free([NOTE.text.replace("attn", "other"), NOTE.text])
    for own in ("my favourite", "", f"{NOTE.text} ", "model=a; bundle=0f; date=2026-11-28"):
        with pytest.raises(ValueError, match="its field GENRE_MODEL says something of its own"):
            NOTE.check_free([NOTE.text, own])


def test_capitals_of_the_name_make_no_difference() -> None:
    assert NOTE.is_named("genre_model")
    assert not NOTE.is_named("genre_models")


@pytest.mark.parametrize(
    "field", ["", "x", "genre", "Genre", "TAG", "a=b", "a:b", "ä", "a\n", "a" * 41]
)
def test_a_name_that_a_format_does_not_know_is_refused(field: str) -> None:
    with pytest.raises(ConfigError, match=r"provenance=.* must be the name of a field"):
        Note(field=field, model="m", bundle_sha256="0" * 64, date="2026-11-28")


def noted(path: Path) -> list[str]:
    """Read the field of the note as another program does."""
    file = mutagen.File(path)
    if path.suffix == ".mp3":
        return [text for frame in file.tags.getall("TXXX:GENRE_MODEL") for text in frame.text]
    if path.suffix == ".m4a":
        values = file.tags.get("----:com.apple.iTunes:GENRE_MODEL", [])
        return [bytes(value).decode() for value in values]
    return [str(text) for text in (file.tags or {}).get("GENRE_MODEL", [])]


@pytest.mark.parametrize("name", EVERY)
def test_the_note_is_written_replaced_and_taken_back(name: str, tmp_path: Path) -> None:
    path = make(tmp_path, name, seconds=0.5)
    give_tags(path, title="Ours", genre="Folk")
    before, sound = path.read_bytes(), samples_of(path)
    journal = Journal(tmp_path / "j.jsonl")
    later = replace(NOTE, model="another", date="2026-12-01")
    write_genres(path, ["jazz"], journal, note=NOTE)
    assert noted(path) == [NOTE.text]
    write_genres(path, ["jazz", "soul"], journal, note=later)
    assert noted(path) == [later.text]
    write_genres(path, ["jazz"], journal)
    journal.close()
    assert noted(path) == [later.text]  # what is not asked for stays
    assert read_genres(path) == ("jazz",)
    assert mutagen.File(path, easy=True)["title"] == ["Ours"]
    assert samples_of(path) == sound
    assert take_back(tmp_path / "j.jsonl") == [Undone.RESTORED] * 3
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", EVERY)
def test_an_owners_field_of_that_name_stays(name: str, tmp_path: Path) -> None:
    path = make(tmp_path, name, seconds=0.5)
    file = mutagen.File(path)
    if path.suffix == ".mp3":
        file.add_tags()
        file.tags.add(id3.TXXX(encoding=1, desc="genre_model", text=["mine ü"]))
    else:
        key = "----:com.apple.iTunes:genre_model" if path.suffix == ".m4a" else "genre_model"
        file[key] = [b"mine"] if path.suffix == ".m4a" else ["mine"]
    file.save()
    before = path.read_bytes()
    journal = Journal(tmp_path / "j.jsonl")
    acts: tuple[Callable[[], None], ...] = (
        lambda: check_writable(path, ["jazz"], note=NOTE),
        lambda: write_genres(path, ["jazz"], journal, note=NOTE),
    )
    for act in acts:
        with pytest.raises(TagError, match="its field GENRE_MODEL says something of its own"):
            act()
    journal.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [2, 3, 4])
def test_every_version_of_id3_has_room(version: int, tmp_path: Path) -> None:
    path = make(tmp_path, "mp3", seconds=0.5)
    names = {2: (b"TT2", b"TXX"), 3: (b"TIT2", b"TXXX"), 4: (b"TIT2", b"TXXX")}[version]
    frames = [(names[0], b"\0Ours"), (names[1], b"\0other\0kept")]
    path.write_bytes(framed(frames, version) + path.read_bytes())
    set_genres(path, ["jazz"], NOTE)
    assert path.read_bytes()[3] == version
    assert noted(path) == [NOTE.text]
    assert id3.ID3(path).getall("TXXX:other")[0].text == ["kept"]


def test_a_tag_of_ape_alone_has_the_note(tmp_path: Path) -> None:
    path = make(tmp_path, "mp3", seconds=0.5)
    path.write_bytes(path.read_bytes() + ape_tag([ape_item(b"Title", b"Ours")]))
    set_genres(path, ["jazz"], NOTE)
    set_genres(path, ["jazz"], NOTE)
    tag: Any = APEv2(path)  # type: ignore[no-untyped-call]  # mutagen has no types
    assert (tag["GENRE_MODEL"], tag["Title"]) == (NOTE.text, "Ours")
    path.write_bytes(path.read_bytes().replace(b"model=attn", b"hello=attn"))
    with pytest.raises(TagError, match="says something of its own"):
        set_genres(path, ["jazz"], NOTE)


def test_id3v1_alone_has_no_room(tmp_path: Path) -> None:
    path = make(tmp_path, "mp3", seconds=0.5)
    path.write_bytes(path.read_bytes() + b"TAG" + b"Ours".ljust(124, b"\0") + b"\x11")
    with pytest.raises(TagError, match="ID3v1 alone has no room for GENRE_MODEL"):
        set_genres(path, ["jazz"], NOTE)
