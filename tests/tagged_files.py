"""Sound files of every kind with tags of their own, and what is done to them in tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mutagen
import mutagen.id3
import numpy as np
import pytest
import soundfile

from genre.tagging.file_tags.journal import Journal, RecordedChanges
from genre.tagging.file_tags.writing import Undone, undo, write_genres
from tests.encoded import needs_ffmpeg
from tests.sounds import FORMATS, tone, write

# mutagen says little of its types
id3: Any = mutagen.id3
NEW = ("jazz", "drum_and_bass", "Ópera")


WITH_LIBSNDFILE = {"mp3": "mp3", "flac": "flac", "ogg": "ogg-vorbis", "opus": "ogg-opus"}


FFMPEG_OPTIONS = {
    "m4a": "-c:a aac",
    "m4a-faststart": "-c:a aac -movflags +faststart",
    "m4a-alac": "-c:a alac",
}


EVERY = [*WITH_LIBSNDFILE, *(pytest.param(name, marks=needs_ffmpeg) for name in FFMPEG_OPTIONS)]


def make(folder: Path, name: str, *, seconds: float = 3.0) -> Path:
    """Write two different channels, noisy enough to fill many frames."""
    rate = 48000 if name == "opus" else 44100
    left = tone(seconds, rate) + np.random.default_rng(0).normal(0, 0.05, round(seconds * rate))
    samples = np.stack([left, tone(seconds, rate, frequency=300.0)], axis=1)
    if name in WITH_LIBSNDFILE:
        return write(folder / f"song.{name}", samples, rate, **FORMATS[WITH_LIBSNDFILE[name]])
    source = write(folder / "source.wav", samples, rate)
    path = folder / "song.m4a"
    options = FFMPEG_OPTIONS[name].split()
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source), *options, str(path)]
    subprocess.run(command, check=True, timeout=60)
    source.unlink()
    return path


def samples_of(path: Path) -> bytes:
    """Decode all channels by what the project's own decoder is built on, at their own rate."""
    if path.suffix != ".m4a":
        samples: bytes = soundfile.read(path, dtype="float32")[0].tobytes()
        return samples
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-f", "f32le", "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def give_tags(path: Path, **values: str) -> None:
    """Write what a user has in a file before."""
    file = mutagen.File(path, easy=True)
    if file.tags is None:
        file.add_tags()
    for key, value in values.items():
        file[key] = value
    file.save()


def give_genres(path: Path, *genres: str) -> None:
    """Write the genres of an MP3 as another program does."""
    tags = id3.ID3()
    tags.add(id3.TCON(text=[*genres]))
    tags.save(path)


def framed(frames: Sequence[tuple[bytes, bytes]], version: int) -> bytes:
    """Write an ID3 tag by hand, with frames that no library writes."""
    body = b""
    for name, content in frames:
        size = len(content).to_bytes(4, "big")  # below 128 the same in all versions
        body += name + (size[1:] + content if version == 2 else size + b"\0\0" + content)
    length = bytes([len(body) >> 21, len(body) >> 14 & 127, len(body) >> 7 & 127, len(body) & 127])
    return b"ID3" + bytes([version, 0, 0]) + length + body


def ape_item(key: bytes, value: bytes, flags: int = 0) -> bytes:
    """Write one item of an APEv2 tag."""
    return len(value).to_bytes(4, "little") + flags.to_bytes(4, "little") + key + b"\0" + value


def ape_tag(items: Sequence[bytes], *, has_header: bool = True) -> bytes:
    """Write an APEv2 tag by hand."""
    flags = 0x80000000 if has_header else 0
    size, n_items = 32 + sum(map(len, items)), len(items)
    header, footer = (
        b"APETAGEX"
        + b"".join(number.to_bytes(4, "little") for number in (2000, size, n_items, word))
        + bytes(8)
        for word in (flags | 0x20000000, flags)
    )
    return (header if has_header else b"") + b"".join(items) + footer


def change(path: Path, journal: Path, genres: tuple[str, ...] = NEW) -> None:
    record = Journal(journal)
    try:
        write_genres(path, genres, record)
    finally:
        record.close()


def take_back(journal: Path) -> list[Undone]:
    changes = RecordedChanges(journal)
    return [undo(changes[index], journal) for index in reversed(range(len(changes)))]


def events_of(act: Callable[[], object], *, end_at: int) -> int:
    """Run in a child that ends without a word at its n-th dealing with the file system."""
    child = os.fork()
    if child == 0:
        left = end_at

        def count(event: str, _: object) -> None:
            nonlocal left
            if event.startswith(("open", "os.", "shutil.", "tempfile.")):
                left -= 1
                if left == 0:
                    os._exit(9)

        try:
            sys.addaudithook(count)
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def tag_words(bundle: Path, *rest: Path | str) -> list[str]:
    """List the words of `genre tag` for a bundle on one worker."""
    return ["tag", str(bundle), *map(str, rest), "--n-workers", "1", "--device", "cpu"]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
