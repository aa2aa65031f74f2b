"""The genres that files name themselves: genre.tagging.file_tags.genre_tags."""

from collections.abc import Callable
from pathlib import Path

import pytest

from genre.errors import AudioError, TagError
from genre.tagging.file_tags.genre_tags import check_kept, read_genres, set_genres
from tests.sounds import tone, write
from tests.tagged_files import change, give_genres, id3, take_back


def test_an_mp3_gets_a_tag_of_version_2_4_and_keeps_the_rest(song: Path, tmp_path: Path) -> None:
    tags = id3.ID3(song)
    tags.add(id3.APIC(mime="image/png", data=bytes(range(256)) * 200))
    tags.add(id3.TXXX(desc="mine", text=["kept"]))
    tags.setall("TCON", [id3.TCON(text=["(17)"])])
    tags.update_to_v23()
    tags.save(song, v1=2, v2_version=3)
    before = song.read_bytes()
    assert before[3] == 3
    assert before[-128:-125] == b"TAG"
    assert read_genres(song) == ("Rock",)
    change(song, tmp_path / "j.jsonl", ("Rock", "jazz"))
    after = id3.ID3(song)
    assert song.read_bytes()[3] == 4
    assert after["TCON"].text == ["Rock", "jazz"]
    assert after["APIC:"].data == bytes(range(256)) * 200
    assert after["TXXX:mine"].text == ["kept"]
    take_back(tmp_path / "j.jsonl")
    assert song.read_bytes() == before


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


@pytest.mark.parametrize("act", [read_genres, check_kept, lambda path: set_genres(path, ["a"])])
def test_a_damaged_tag_is_an_error_that_names_the_file(
    act: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "song.flac"
    path.write_bytes(b"fLaC" + bytes(100))
    with pytest.raises(TagError, match=r"song\.flac has a tag that cannot be read or written: "):
        act(path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    wave = write(tmp_path / "song.wav", tone(0.5, 8000), 8000)
    with pytest.raises(TagError, match=r"song\.wav is wav, which must be MP3, FLAC"):
        read_genres(wave)
    (tmp_path / "x.mp3").write_text("<html>")
    with pytest.raises(AudioError, match="not_audio"):
        read_genres(tmp_path / "x.mp3")
