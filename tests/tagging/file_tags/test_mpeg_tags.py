"""An MP3's tags before and behind the sound: genre.tagging.file_tags.mpeg_tags."""

from pathlib import Path

import mutagen
import pytest

from genre.errors import TagError
from genre.tagging.file_tags.genre_tags import check_kept, read_genres, set_genres
from genre.tagging.file_tags.mpeg_tags import MpegTags, read_mpeg_tags, write_mpeg_tags
from tests.tagged_files import ape_item, ape_tag, change, framed, make, take_back

ROCK, JAZZ, HIPHOP, NO_GENRE = 17, 8, 7, 255
TITLE = ape_item(b"Title", "曲".encode())


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make(tmp_path_factory.mktemp("sound"), "mp3", seconds=0.5).read_bytes()


def v1(genre: int, title: bytes = "曲".encode("cp932")) -> bytes:
    """Write ID3v1 in the letters of another country, as old programs did."""
    texts = b"".join(text.ljust(30, b"\0") for text in (title, title, title))
    return b"TAG" + texts + b"    " + b" " * 28 + b"\0\0" + bytes([genre])


def ape(*genres: str) -> bytes:
    value = "\0".join(genres).encode()
    return ape_tag([TITLE, ape_item(b"Genre", value)] if genres else [TITLE])


def v2(*genres: str, title: bytes = b"Ours") -> bytes:
    genre = [(b"TCON", b"\0" + "\0".join(genres).encode())] if genres else []
    return framed([(b"TIT2", b"\0" + title), *genre], 3)


def written(folder: Path, content: bytes, *genres: str) -> bytes:
    """Write genres, and look at what the dry run and the way back say of it too."""
    path = folder / "song.mp3"
    path.write_bytes(content)
    check_kept(path, genres)
    change(path, folder / "j.jsonl", genres)
    found = path.read_bytes()
    take_back(folder / "j.jsonl")
    assert path.read_bytes() == content
    (folder / "j.jsonl").unlink()
    path.write_bytes(found)
    return found


def test_apev2_alone_gets_the_genre_itself(stream: bytes, tmp_path: Path) -> None:
    """A bare ID3v2 tag beside it would hide title and artist from players that prefer that."""
    assert written(tmp_path, stream + ape(), "Jazz", "Folk") == stream + ape("Jazz", "Folk")
    found = written(tmp_path, stream + ape("ROCK") + v1(ROCK), "ROCK", "Jazz")
    assert found == stream + ape("ROCK", "Jazz") + v1(ROCK)
    assert read_genres(tmp_path / "song.mp3") == ("ROCK", "Jazz")


@pytest.mark.parametrize(
    ("genre", "number", "read"),
    [("Jazz", JAZZ, "Jazz"), ("hiphop", HIPHOP, "Hip-Hop"), ("HIP HOP", HIPHOP, "Hip-Hop")],
)
def test_id3v1_alone_gets_the_number_of_a_genre(
    genre: str, number: int, read: str, stream: bytes, tmp_path: Path
) -> None:
    """It grows no frames, whose texts nobody has asked for and nobody could decode."""
    for before in (ROCK, NO_GENRE, number):
        if before != number:
            assert written(tmp_path, stream + v1(before), genre) == stream + v1(number)
    assert read_genres(tmp_path / "song.mp3") == (read,)


@pytest.mark.parametrize("genres", [["Rock", "Jazz"], ["Vaporwave"], ["Rock; Jazz"]])
def test_id3v1_alone_without_room_is_left_alone_and_named(
    genres: list[str], stream: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(stream + v1(ROCK))
    for act in (check_kept, set_genres):
        with pytest.raises(TagError, match=r"song\.mp3 .*ID3v1 alone has no room for genres="):
            act(path, genres)
    assert path.read_bytes() == stream + v1(ROCK)


def test_an_empty_id3v1_hides_nothing(stream: bytes, tmp_path: Path) -> None:
    found = written(tmp_path, stream + v1(NO_GENRE, b""), "Vaporwave", "Jazz")
    assert found.endswith(stream + v1(JAZZ, b""))
    assert mutagen.File(tmp_path / "song.mp3", easy=True)["genre"] == ["Vaporwave", "Jazz"]


@pytest.mark.parametrize(
    ("before", "genres", "after"),
    [
        (ROCK, ["Jazz", "Rock"], ROCK),  # the one that is there is true
        (ROCK, ["Vaporwave", "Jazz"], JAZZ),
        (ROCK, ["Vaporwave"], NO_GENRE),
        (NO_GENRE, ["Jazz"], JAZZ),
    ],
)
def test_id3v1_follows_with_its_number_alone(
    before: int, genres: list[str], after: int, stream: bytes, tmp_path: Path
) -> None:
    """Title and comment are not written anew from ID3v2, nor into it."""
    found = written(tmp_path, v2("Folk") + stream + v1(before), *genres)
    assert found == v2(*genres) + stream + v1(after)


def test_the_tags_agree_afterwards(stream: bytes, tmp_path: Path) -> None:
    """Where APEv2 has a genre beside ID3v2, both say the same; where it has none, it gets none."""
    found = written(tmp_path, v2("Folk") + stream + ape("Rock"), "Jazz")
    assert found == v2("Jazz") + stream + ape("Jazz")
    assert written(tmp_path, v2("Folk") + stream + ape(), "Jazz") == v2("Jazz") + stream + ape()
    found = written(tmp_path, v2() + stream + ape("Rock"), "Rock", "Jazz")
    assert found == v2("Rock", "Jazz") + stream + ape("Rock", "Jazz")


def test_the_first_tag_with_a_genre_is_read(stream: bytes, tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    for content, genres in {
        stream: (),
        stream + v1(NO_GENRE): (),
        stream + v1(ROCK): ("Rock",),
        stream + ape("Folk") + v1(ROCK): ("Folk",),
        v2() + stream + ape("Folk") + v1(ROCK): ("Folk",),
        v2("(17)", "8") + stream + ape("Folk"): ("Rock", "Jazz"),
        v2("") + stream + v1(ROCK): ("Rock",),
    }.items():
        path.write_bytes(content)
        assert read_genres(path) == genres


def test_the_name_of_a_newer_tag_is_no_older_one(stream: bytes, tmp_path: Path) -> None:
    """The last 128 bytes may begin with the TAG of APETAGEX."""
    item = ape_item(b"Title", b"x" * 53)
    path = tmp_path / "song.mp3"
    path.write_bytes(stream + ape_tag([item]))
    assert path.read_bytes()[-131:-123] == b"APETAGEX"
    tags = read_mpeg_tags(path)
    assert tags.v1 is None
    assert tags.ape is not None


def test_what_is_cut_off_is_left_alone(stream: bytes, tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3\4\0\0\0\x7f\0\0" + stream)
    with pytest.raises(TagError, match="cannot be read or written: ID3 that is cut off"):
        read_genres(path)


def test_tags_are_written_where_there_were_none_and_others(stream: bytes, tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(stream)
    tags = MpegTags().with_genres(lambda _: ["Jazz"])
    write_mpeg_tags(path, tags)
    assert tags.id3 is not None
    assert path.read_bytes() == tags.id3.to_bytes() + stream
    assert read_mpeg_tags(path).genre_texts() == ["Jazz"]
    assert tags.others() == MpegTags().others()
