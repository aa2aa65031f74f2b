"""The genres that files name themselves: genre.tagging.file_tags.genre_tags."""

from collections.abc import Callable
from pathlib import Path

import mutagen
import pytest

from genre.errors import AudioError, TagError
from genre.tagging.file_tags.genre_tags import other_entries, read_genres, set_genres
from tests.sounds import tone, write
from tests.tagged_files import EVERY, change, framed, give_genres, give_tags, id3, make, take_back


@pytest.mark.parametrize("version", [3, 4])
def test_a_tag_keeps_its_version_and_all_else_its_bytes(
    version: int, song: Path, tmp_path: Path
) -> None:
    tags = id3.ID3(song)
    tags.add(id3.APIC(mime="image/png", data=bytes(range(256)) * 200))
    tags.add(id3.TXXX(desc="mine", text=["kept"]))
    tags.setall("TCON", [id3.TCON(text=["(17)"])])
    if version == 3:
        tags.update_to_v23()
    tags.save(song, v1=2, v2_version=version)
    before = song.read_bytes()
    assert before[-128:-125] == b"TAG"
    assert read_genres(song) == ("Rock",)
    change(song, tmp_path / "j.jsonl", ("Rock", "jazz"))
    after = id3.ID3(song, translate=False)
    assert song.read_bytes()[3] == version
    # what means the same stays as it is written
    assert after["TCON"].text == ["Rock" if version == 3 else "(17)", "jazz"]
    assert song.read_bytes()[-128:] == before[-128:]
    assert others_of(song) == others_of_bytes(before, tmp_path)
    take_back(tmp_path / "j.jsonl")
    assert song.read_bytes() == before


def others_of(path: Path) -> dict[str, str]:
    tags = id3.ID3(path, translate=False)
    return {key: repr(frame) for key, frame in tags.items() if key != "TCON"}


def others_of_bytes(content: bytes, folder: Path) -> dict[str, str]:
    (folder / "before").write_bytes(content)
    return others_of(folder / "before")


@pytest.mark.parametrize("name", EVERY)
def test_a_value_that_stays_keeps_its_spelling(name: str, tmp_path: Path) -> None:
    """A number, spaces around a name: what means a genre that stays is not written anew."""
    path = make(tmp_path, name, seconds=0.3)
    give_tags(path, title="Ours", genre="Folk", artist="We")
    file = mutagen.File(path)
    key = {"mp3": "TCON", "m4a": "\xa9gen"}.get(path.suffix[1:], "GENRE")
    if key == "TCON":
        file.tags.setall(key, [id3.TCON(encoding=3, text=[" ROCK ", "17", "x"])])
    else:
        file[key] = [" ROCK ", "17", "x"]
    file.save()
    assert read_genres(path) == ("ROCK", "Rock", "x")
    set_genres(path, ["ROCK", "Rock", "jazz"])
    texts = id3.ID3(path, translate=False)[key].text if key == "TCON" else mutagen.File(path)[key]
    assert list(texts) == [" ROCK ", "17", "jazz"]
    assert read_genres(path) == ("ROCK", "Rock", "jazz")


@pytest.mark.parametrize("kind", ["flac", "ogg"])
def test_comments_keep_their_names_and_places(kind: str, tmp_path: Path) -> None:
    path = make(tmp_path, kind, seconds=0.3)
    file = mutagen.File(path)
    before = [("TITLE", "a"), ("Genre", "x"), ("artist", "b"), ("GENRE", "y"), ("Title", "c")]
    file.tags[:] = before
    file.save()
    set_genres(path, ["p", "q", "r"])
    genres = [("Genre", "p"), ("Genre", "q"), ("Genre", "r")]
    assert list(mutagen.File(path).tags) == [before[0], *genres, before[2], before[4]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["(17)(4)Eurodisco"], ("Rock", "Disco", "Eurodisco")),  # ID3's numbers
        (["17", "Rock", " Rock "], ("Rock",)),
        (["a", "", "b", "a"], ("a", "b")),
    ],
)
def test_genres_are_read_as_names_each_once(
    written: list[str], read: tuple[str, ...], song: Path
) -> None:
    give_genres(song, *written)
    assert read_genres(song) == read


def test_an_mp3_without_a_tag_has_no_genres_and_gets_some(song: Path) -> None:
    id3.ID3(song).delete(song)
    assert read_genres(song) == ()
    set_genres(song, ["a", "b"])
    assert read_genres(song) == ("a", "b")


@pytest.mark.parametrize("act", [read_genres, other_entries, lambda path: set_genres(path, ["a"])])
def test_a_damaged_tag_is_an_error_that_names_the_file(
    act: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "song.flac"
    path.write_bytes(b"fLaC" + bytes(100))
    with pytest.raises(TagError, match=r"song\.flac has a tag that cannot be read or written: "):
        act(path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    wave = write(tmp_path / "song.wav", tone(0.5, 8000), 8000)
    with pytest.raises(TagError, match=r"song\.wav is a file of type WAV, into which no"):
        read_genres(wave)
    (tmp_path / "x.mp3").write_text("<html>")
    with pytest.raises(AudioError, match="not_audio"):
        read_genres(tmp_path / "x.mp3")


def test_a_flac_whose_tags_are_id3_is_left_alone(tmp_path: Path) -> None:
    """Players would see the new comments instead of the title and the artist that are there."""
    path = make(tmp_path, "flac")
    plain = path.read_bytes()
    path.write_bytes(framed([(b"TPE1", b"\3Foxes")], 4) + plain)
    before = path.read_bytes()
    with pytest.raises(TagError, match="has its tags as ID3, which Vorbis comments would hide"):
        set_genres(path, ["Jazz"])
    assert path.read_bytes() == before
    path.write_bytes(plain)
    set_genres(path, ["Jazz"])
    assert read_genres(path) == ("Jazz",)
