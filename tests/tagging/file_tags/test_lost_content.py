"""What a tag holds beside the genre: kept, or the file is refused.

The module genre.tagging.file_tags.lost_content.
"""

import shutil
from collections.abc import Sequence
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
from genre.tagging.file_tags.genre_tags import check_kept, read_genres
from genre.tagging.file_tags.journal import Journal
from genre.tagging.file_tags.lost_content import lost_comments, lost_frames
from genre.tagging.file_tags.writing import check_writable, write_genres
from tests.sounds import FORMATS, write
from tests.tagged_files import id3

OPENERS: dict[str, Any] = {"flac": FLAC, "ogg-vorbis": OggVorbis, "ogg-opus": OggOpus}

Frame = tuple[bytes, bytes]


TITLE = (b"TIT2", b"\0Ours")


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sounds")
    noise = np.random.default_rng(0).normal(0, 0.1, 48000)
    for name in ("mp3", *OPENERS):
        write(folder / name, noise, 48000, **FORMATS[name])
    return folder


def framed(frames: Sequence[Frame], version: int) -> bytes:
    """Write an ID3 tag by hand, with frames that no library writes."""
    body = b""
    for name, content in frames:
        size = len(content).to_bytes(4, "big")  # below 128 the same in all versions
        body += name + (size[1:] + content if version == 2 else size + b"\0\0" + content)
    length = bytes([len(body) >> 21, len(body) >> 14 & 127, len(body) >> 7 & 127, len(body) & 127])
    return b"ID3" + bytes([version, 0, 0]) + length + body


def tagged(sounds: Path, folder: Path, frames: Sequence[Frame], version: int) -> Path:
    path = folder / "song.mp3"
    path.write_bytes(framed(frames, version) + (sounds / "mp3").read_bytes())
    return path


def apply(path: Path) -> None:
    journal = Journal(path.with_suffix(".jsonl"))
    try:
        write_genres(path, ("jazz",), journal)
    finally:
        journal.close()


def refuse(path: Path, message: str) -> None:
    """Let the dry run and the writing say the same, and leave the file as it is."""
    before = path.read_bytes()
    for act in (check_writable, apply):
        with pytest.raises(TagError, match=message) as caught:
            act(path)
        assert str(path) in str(caught.value)
        assert "genre-tmp" not in str(caught.value)
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("version", "frames", "lost"),
    [
        (3, [(b"RVAD", b"\3\x10\0\1\0\1"), (b"EQUA", b"\x10\x80\1\0\5")], "RVAD, EQUA"),
        (3, [(b"TRDA", b"\0recorded in May")], "TRDA"),
        (3, [(b"XABC", b"own frame"), (b"NCON", b"another")], "XABC, NCON"),
        (2, [(b"XAB", b"own frame"), (b"CRM", b"a\0b\0c")], "XAB, CRM"),
        (4, [(b"APIC", b"\3broken")], "APIC"),
        (4, [(b"TDRC", b"\0in May")], "TDRC"),
        (4, [(b"USLT", b"\0eng\0one"), (b"USLT", b"\0eng\0two")], "USLT"),
        (3, [(b"TYER", b"\0about 1999")], "TYER"),
        (3, [(b"TYER", b"\x001999"), (b"TDRC", b"\x002001")], "TYER"),
        (3, [(b"TDAT", b"\x000605")], "TDAT"),
        (3, [(b"TYER", b"\x001999"), (b"TIME", b"\x001020")], "TIME"),
        (3, [(b"IPLS", b"\0a\0b\0"), (b"TIPL", b"\0c\0d\0")], "IPLS"),
    ],
)
def test_frames_that_would_be_lost_are_named(
    version: int, frames: list[Frame], lost: str, sounds: Path, tmp_path: Path
) -> None:
    title = [(b"TT2", b"\0Ours")] if version == 2 else [TITLE]
    path = tagged(sounds, tmp_path, [*title, *frames], version)
    refuse(path, f"that writing would lose: {lost}; mend or delete them with a tag editor first")


@pytest.mark.parametrize(
    ("version", "frames", "after"),
    [
        (
            3,
            [(b"TYER", b"\x001999"), (b"TDAT", b"\x000605"), (b"TIME", b"\x001020")],
            {"TDRC": ["1999-05-06 10:20:00"]},
        ),
        (3, [(b"TORY", b"\x001969")], {"TDOR": ["1969"]}),
        (3, [(b"IPLS", b"\0producer\0Me\0")], {"TIPL": [["producer", "Me"]]}),
        (3, [(b"TYER", b"\x001999"), (b"TDRC", b"\x001999-05")], {"TDRC": ["1999-05"]}),
        (3, [(b"TSIZ", b"\x0012345"), (b"TCOM", b"\0"), (b"TYER", b"\1")], {}),
        (2, [(b"TYE", b"\x001999"), (b"TOR", b"\x001969")], {"TDRC": ["1999"], "TDOR": ["1969"]}),
        (4, [(b"XABC", b"own frame")], {}),
        (4, [(b"TPE1", b"\3A"), (b"TPE1", b"\3B")], {"TPE1": ["A", "B"]}),
        (4, [(b"TXXX", b"\3mine\0A"), (b"TXXX", b"\3mine\0B")], {"TXXX:mine": ["A", "B"]}),
    ],
)
def test_what_moves_to_another_frame_is_kept(
    version: int, frames: list[Frame], after: dict[str, list[object]], sounds: Path, tmp_path: Path
) -> None:
    path = tagged(
        sounds, tmp_path, [*frames, (b"TCO" if version == 2 else b"TCON", b"\0X")], version
    )
    check_writable(path)
    apply(path)
    tags = id3.ID3(path, translate=False)
    found = {
        key: frame.people if key == "TIPL" else list(map(str, frame.text))
        for key, frame in tags.items()
        if key != "TCON"
    }
    assert found == after
    assert tags.unknown_frames == ([framed(frames, 4)[10:]] if frames[0][0] == b"XABC" else [])
    assert read_genres(path) == ("jazz",)


def test_a_picture_as_large_as_pictures_are_is_kept(sounds: Path, tmp_path: Path) -> None:
    path = shutil.copy(sounds / "mp3", tmp_path / "song.mp3")
    for version in (3, 4):
        tags = id3.ID3()
        for kind in (3, 4):
            tags.add(id3.APIC(mime="PNG", type=kind, desc="x" * kind, data=bytes(range(256)) * 500))
        tags.save(path, v2_version=version)
        check_kept(Path(path))


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
    check_writable(path)
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
    tags = id3.ID3()
    tags.add(id3.TIT2(encoding=3, text="Theirs"))
    tags.save(path)
    head = path.read_bytes()[: tags.size]
    check_writable(path)
    apply(path)
    assert read_genres(path) == ("jazz",)
    assert path.read_bytes().startswith(head)


def test_what_goes_wrong_with_the_copy_is_said_of_the_file(
    sounds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(sounds / "mp3", tmp_path / "song.mp3"))
    link = tmp_path / "link.mp3"
    link.symlink_to(path)

    def spoil(copy: Path, _: object) -> None:
        copy.write_bytes(b"no sound")

    monkeypatch.setattr(writing, "set_genres", spoil)
    with pytest.raises(AudioError) as caught:
        apply(link)
    assert caught.value.message.startswith(f"{link} begins with")

    def refuse_copy(copy: Path, _: object) -> None:
        raise TagError(f"{copy} has a damaged tag")

    monkeypatch.setattr(writing, "set_genres", refuse_copy)
    with pytest.raises(TagError) as refused:
        apply(link)
    assert str(refused.value) == f"{link} has a damaged tag"


def test_the_names_of_what_is_lost_come_in_order_and_once(sounds: Path, tmp_path: Path) -> None:
    own = (b"XABC", b"own frame")
    path = tagged(sounds, tmp_path, [own, TITLE, (b"RVAD", b"\3\x10\0\1\0\1"), own], 3)
    assert lost_frames(path) == ("XABC", "RVAD")
    assert lost_frames(tagged(sounds, tmp_path, [TITLE], 3)) == ()
    assert lost_frames(sounds / "mp3") == ()  # no tag at all


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
