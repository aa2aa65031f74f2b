"""Tags are found by what a file is, in every container: genre.dataset.layouts.stored_tags."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen
import mutagen.apev2
import mutagen.id3
import pytest

from genre.audio.containers import AUDIO_SUFFIXES, DECODABLE, Container, sniff
from genre.audio.readers.ffprobe import FORMATS
from genre.dataset.layouts import stored_tags as module
from genre.dataset.layouts.stored_tags import stored_tags
from genre.dataset.layouts.tags import read_tags
from genre.errors import TagError
from tests.dataset_examples import write_sound
from tests.encoded import ENCODINGS, encode, needs_ffmpeg
from tests.tagged_files import id3

# What is written by ffmpeg, and how; those of `ENCODINGS` that it gives no tags are left out.
BY_FFMPEG = {
    name: (found.options, found.suffix)
    for name, found in ENCODINGS.items()
    if name not in ("adts", "w64-mp3", "ac3", "ac3-48", "eac3", "dts")
} | {
    "adts-id3": ("-c:a aac -write_id3v2 1", "aac"),
    "aiff-id3": ("-write_id3v2 1", "aiff"),
    "au": ("", "au"),
    "caf": ("-c:a pcm_s16le", "caf"),
    "flac": ("", "flac"),
    "mp3": ("-c:a libmp3lame", "mp3"),
    "ogg": ("-c:a libvorbis", "ogg"),
    "opus": ("-c:a libopus -ar 48000", "opus"),
    "wav-info": ("-c:a pcm_s16le", "wav"),
    "rf64-info": ("-c:a pcm_s16le -rf64 always", "wav"),
}
SUFFIXES = sorted({f".{suffix}" for _, suffix in BY_FFMPEG.values()} | {".txt", ""})


def ape(path: Path, **values: str) -> None:
    module: Any = mutagen.apev2  # it has no types
    tags = module.APEv2()
    tags.update(values or {"Artist": "Nina", "Genre": "Jazz"})
    tags.save(path)


def id3_v1(path: Path) -> None:
    frames = [id3.TPE1(encoding=0, text=["Nina"]), id3.TCON(encoding=0, text=["Jazz"])]
    tags = id3.ID3()
    for frame in frames:
        tags.add(frame)
    tags.save(path, v1=2)
    mutagen.id3.delete(path, delete_v1=False, delete_v2=True)


def id3_chunk(path: Path) -> None:
    file: Any = mutagen.File(path)
    file.add_tags()
    file.tags.add(id3.TPE1(encoding=3, text=["Nina"]))
    file.tags.add(id3.TCON(encoding=3, text=["Jazz"]))
    file.save()


@needs_ffmpeg
@pytest.mark.parametrize("name", BY_FFMPEG)
def test_what_ffmpeg_wrote_is_found_whatever_the_file_is_called(name: str, tmp_path: Path) -> None:
    """All pairs of content and suffix: the name of a file says nothing about its tags."""
    options, suffix = BY_FFMPEG[name]
    tags = " -metadata artist=Nina -metadata genre=Jazz"
    path = encode(tmp_path / f"a.{suffix}", options + tags, seconds=0.2)
    # ffprobe takes a tenth of a second, and is told what the file is: a few names are enough.
    is_probed = sniff(path) not in module._READERS or suffix == "mov"
    for other in SUFFIXES[:: 6 if is_probed else 1]:
        path = path.rename(tmp_path / f"a{other}")
        found = read_tags(path)
        assert (found.artist, found.genres) == ("Nina", ("jazz",)), other


@pytest.mark.parametrize(
    ("suffix", "tag"),
    [(".mp3", ape), (".mp3", id3_v1), (".wav", id3_chunk), (".aiff", id3_chunk)],
)
def test_what_ffmpeg_does_not_write_is_found_too(
    suffix: str, tag: Callable[[Path], None], tmp_path: Path
) -> None:
    path = write_sound(tmp_path / f"a{suffix}")
    tag(path)
    for other in SUFFIXES:
        path = path.rename(tmp_path / f"a{other}")
        found = read_tags(path)
        assert (found.artist, found.genres) == ("Nina", ("jazz",)), other


@needs_ffmpeg
@pytest.mark.parametrize("codec", ["libvorbis", "libopus"])
def test_a_cover_as_a_stream_of_pictures_hides_no_tags(codec: str, tmp_path: Path) -> None:
    path = encode(
        tmp_path / "a.ogg",
        f"-map 0:a -map 1:v -c:a {codec} -ar 48000 -c:v libtheora "
        "-metadata:s:a:0 artist=Nina -metadata:s:a:0 genre=Jazz",
        seconds=0.2,
    )
    assert (read_tags(path).artist, read_tags(path).genres) == ("Nina", ("jazz",))


@needs_ffmpeg
def test_a_genre_that_a_tag_editor_adds_to_mp4_is_read(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", "-c:a aac", seconds=0.2)
    file: Any = mutagen.mp4.MP4(path)  # type: ignore[no-untyped-call]
    file["----:com.apple.iTunes:GENRE"] = [b"Jazz", "Ópera".encode()]
    file.save()
    assert read_tags(path).genres == ("jazz", "ópera")


@needs_ffmpeg
@pytest.mark.parametrize("codec", ["ac3", "eac3"])
def test_a_bare_stream_may_have_a_tag_behind_it(codec: str, tmp_path: Path) -> None:
    """Ffmpeg gives such streams no tags; programs that know APEv2 do."""
    path = encode(tmp_path / f"a.{codec}", f"-c:a {codec}", seconds=0.2)
    assert read_tags(path).genres == ()
    ape(path)
    assert (read_tags(path).artist, read_tags(path).genres) == ("Nina", ("jazz",))


def test_the_fuller_tag_counts_first(tmp_path: Path) -> None:
    """ID3v1 cuts texts off and guesses their letters; what it alone has is still read."""
    path = write_sound(tmp_path / "a.mp3")
    name = "Nina with a name that is longer than ID3v1 has room for"
    ape(path, Artist=name)
    id3_v1(path)
    assert read_tags(path).artist == name
    assert read_tags(path).genres == ("jazz",)
    newer = id3.ID3()
    newer.add(id3.TCON(encoding=3, text=["Folk"]))
    newer.save(path)
    assert read_tags(path).genres == ("folk",)
    assert read_tags(path).artist == name


def test_a_flac_file_behind_an_id3_tag_has_its_own_tags(tmp_path: Path) -> None:
    """What its own tag lacks is still read: writing a genre into it must not hide the artist."""
    path = write_sound(tmp_path / "a.flac", genre="Jazz")
    bare = write_sound(tmp_path / "b.flac")
    for file in (path, bare):
        id3.ID3().save(tmp_path / "tag")
        tags = id3.ID3()
        tags.add(id3.TCON(encoding=3, text=["Rock"]))
        tags.add(id3.TPE1(encoding=3, text=["Nina"]))
        tags.save(tmp_path / "tag")
        file.write_bytes((tmp_path / "tag").read_bytes() + file.read_bytes())
    assert read_tags(path).genres == ("jazz",)
    assert read_tags(bare).genres == ("rock",)
    assert read_tags(path).artist == read_tags(bare).artist == "Nina"


def test_every_container_has_a_reader() -> None:
    """Each kind of file that the intake knows is read here or asked of ffprobe."""
    assert {*Container} - set(module._READERS) <= set(FORMATS)
    assert set(module._READERS) >= DECODABLE - {Container.W64, Container.AU}
    assert len(SUFFIXES) < len(AUDIO_SUFFIXES)


@needs_ffmpeg
def test_what_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = encode(tmp_path / "a.mka", "-c:a flac -metadata genre=Jazz", seconds=0.2)
    monkeypatch.setattr(module, "has_ffmpeg", lambda: False)
    with pytest.raises(TagError, match="type Matroska or WebM, whose tags need ffmpeg; install it"):
        stored_tags(path)
    assert read_tags(path).genres == ()
    monkeypatch.undo()
    path.write_bytes(path.read_bytes()[:40])
    assert sniff(path) is Container.MATROSKA
    with pytest.raises(TagError, match=r"has no tags that can be read \(corrupt\); replace it"):
        stored_tags(path)
    path.write_bytes(b"OggS" + bytes(24) + b"\x80unknown" + bytes(200))
    with pytest.raises(TagError, match=r"has a tag that cannot be read \(.*\); mend it"):
        stored_tags(path)


def test_ffprobe_gives_no_sense(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.mka"
    path.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(100))
    script = tmp_path / "ffprobe"
    script.write_text("#!/bin/sh\necho '{'\n")
    script.chmod(0o755)
    monkeypatch.setattr(module, "has_ffmpeg", lambda: True)
    monkeypatch.setattr(shutil, "which", lambda name: str(script) if name == "ffprobe" else None)
    with pytest.raises(TagError, match="has a tag that cannot be read"):
        stored_tags(path)
