"""What a tag holds beside the genre: kept, or the file is refused.

The module genre.tagging.file_tags.lost_content.
"""

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import mutagen.ogg
import numpy as np
import pytest
from mutagen.flac import FLAC
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from genre.errors import AudioError, TagError
from genre.tagging.file_tags import writing
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Journal
from genre.tagging.file_tags.lost_content import lost_comments
from genre.tagging.file_tags.writing import check_writable, write_genres
from tests.sounds import FORMATS, write
from tests.tagged_files import id3

OPENERS: dict[str, Any] = {"flac": FLAC, "ogg-vorbis": OggVorbis, "ogg-opus": OggOpus}


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sounds")
    noise = np.random.default_rng(0).normal(0, 0.1, 48000)
    for name in ("mp3", *OPENERS):
        write(folder / name, noise, 48000, **FORMATS[name])
    return folder


def apply(path: Path) -> None:
    journal = Journal(path.with_suffix(".jsonl"))
    try:
        write_genres(path, ("jazz",), journal)
    finally:
        journal.close()


def refuse(path: Path, message: str) -> None:
    """Let the dry run and the writing say the same, and leave the file as it is."""
    before = path.read_bytes()
    for act in (lambda path: check_writable(path, ["jazz"]), apply):
        with pytest.raises(TagError, match=message) as caught:
            act(path)
        assert str(path) in str(caught.value)
        assert "genre-tmp" not in str(caught.value)
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("name", OPENERS)
@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"artist=Bj@rk", "artist=Björk".encode("latin1"), "artist"),
        (b"artist=Bj@rk", "artist=Bj\ufffd".encode(), "artist"),
        (b"artist=Bj@rk", b"artist Bj@rk", "one without a legal name"),
        (b"artist=Bj@rk", b"\0rtist=Bj@rk", "one without a legal name"),
    ],
)
def test_comments_that_would_be_changed_are_named(
    name: str, old: bytes, new: bytes, what: str, sounds: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(sounds / name, tmp_path / f"song.{name}"))
    file = OPENERS[name](path)
    file["title"], file["artist"] = ["Ünser Lied"], ["Bj@rk"]
    file.save()
    check_writable(path, ["jazz"])
    content = path.read_bytes()
    assert content.count(old) == 1
    content = content.replace(old, new[: len(old)].ljust(len(old), b"."))
    path.write_bytes(content if name == "flac" else with_checksums(content))
    refuse(path, f"that writing would lose: {what}; mend")


def with_checksums(ogg: bytes) -> bytes:
    """Compute the checksums of Ogg pages anew, so that they can be decoded."""
    page: Any = mutagen.ogg.OggPage
    file, pages = BytesIO(ogg), []
    while file.tell() < len(ogg):
        pages.append(page(file).write())
    return b"".join(pages)


@pytest.mark.parametrize("ending", ["flac", "mp3", ""])
def test_a_flac_behind_an_id3_tag_is_written_whatever_its_name(
    ending: str, sounds: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(sounds / "flac", tmp_path / f"song.{ending}"))
    file: Any = FLAC(path)  # type: ignore[no-untyped-call]
    file["title"] = "Ours"
    file.save()
    tags = id3.ID3()
    tags.add(id3.TIT2(encoding=3, text="Theirs"))
    tags.save(path)
    head = path.read_bytes()[: tags.size]
    check_writable(path, ["jazz"])
    apply(path)
    assert read_genres(path) == ("jazz",)
    assert path.read_bytes().startswith(head)


def test_what_goes_wrong_with_the_copy_is_said_of_the_file(
    sounds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(sounds / "mp3", tmp_path / "song.mp3"))
    link = tmp_path / "link.mp3"
    link.symlink_to(path)

    def spoil(copy: Path, *_: object) -> None:
        copy.write_bytes(b"no sound")

    monkeypatch.setattr(writing, "set_genres", spoil)
    with pytest.raises(AudioError) as caught:
        apply(link)
    assert caught.value.message.startswith(f"{link} begins with")

    def refuse_copy(copy: Path, *_: object) -> None:
        raise TagError(f"{copy} has a damaged tag")

    monkeypatch.setattr(writing, "set_genres", refuse_copy)
    with pytest.raises(TagError) as refused:
        apply(link)
    assert str(refused.value) == f"{link} has a damaged tag"


@pytest.mark.parametrize("name", OPENERS)
def test_comments_that_are_read_as_they_are_are_kept(
    name: str, sounds: Path, tmp_path: Path
) -> None:
    file = OPENERS[name](Path(shutil.copy(sounds / name, tmp_path / "song")))
    file["title"] = ["Ünser Lied"]
    file.save()
    assert lost_comments(OPENERS[name](tmp_path / "song")) == ()
    file["title"] = ["\ufffd"]
    file.save()
    assert lost_comments(OPENERS[name](tmp_path / "song")) == ("title",)
