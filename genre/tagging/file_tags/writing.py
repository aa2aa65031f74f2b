"""Write genres into files, with a journal, and take it back.

What is written is checked before it takes the file's place: the tag reads as meant, the sound
decodes to the same samples, and the journal gives the old file back byte by byte.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from genre.audio.decode import open_audio
from genre.errors import AudioError, TagError
from genre.hashing import hash_file
from genre.tagging.file_tags.delta import Delta, difference, restore
from genre.tagging.file_tags.genre_tags import check_kept, read_genres, set_genres
from genre.tagging.file_tags.journal import Change, Journal
from genre.tagging.file_tags.rewriting import own_file, replacing
from genre.wording import shown


class Undone(StrEnum):
    """What taking a change back came to."""

    RESTORED = "restored"
    UNCHANGED = "was never changed"


def write_genres(path: Path, genres: Sequence[str], journal: Journal) -> None:
    """Write genres into a file's own tag and record how to take it back.

    Parameters
    ----------
    path : Path
        An MP3, FLAC, OGG Vorbis, Opus or M4A file; through a link, the file it leads to.
    genres : sequence of str
        They replace those that are there; at least one.
    journal : Journal
        Has the change before the file has.

    Raises
    ------
    TagError, AudioError
        Where the file cannot be written as meant; it is then as it was.
    OSError
        Where the disk is full; the file is then as it was.
    """
    file = own_file(path)
    with replacing(file) as copy, _naming(path, copy):
        shutil.copyfile(file, copy)
        before, mtime_ns = hash_file(copy), file.stat().st_mtime_ns
        genres_before, sound = read_genres(copy), sound_digest(copy)
        set_genres(copy, genres)
        if read_genres(copy) != tuple(genres):
            raise TagError(f"{shown(path)} would not keep genres={list(genres)}")
        if sound_digest(copy) != sound:
            raise TagError(f"{shown(path)} would sound otherwise with another tag")
        change = Change(
            path=file,
            before=before,
            after=hash_file(copy),
            mtime_ns=mtime_ns,
            genres_before=genres_before,
            genres_after=tuple(genres),
            delta=difference(file, copy),
        )
        if _restored_digest(change.delta, copy) != before:
            raise TagError(f"{shown(path)} was changed by another program; left as that has it")
        journal.record(change)


def check_writable(path: Path) -> None:
    """Refuse what `write_genres` would refuse, as far as can be told without writing.

    Parameters
    ----------
    path : Path
        As for `write_genres`.

    Raises
    ------
    TagError, AudioError
        As `write_genres`.
    """
    own_file(path)
    check_kept(path)


def undo(change: Change) -> Undone:
    """Bring the whole file back as it was before a change.

    Parameters
    ----------
    change : Change
        As the journal has it.

    Returns
    -------
    Undone
        Whether the file had the change at all.

    Raises
    ------
    TagError
        Where the file is gone, cannot be written, or has changed since.
    OSError
        Where the disk is full. In both cases the file is as it was.
    """
    path = own_file(change.path)
    found = hash_file(path)
    if found == change.before:
        return Undone.UNCHANGED
    if found != change.after:
        raise TagError(f"{shown(path)} has changed since its genres were written; left as it is")
    with replacing(path, mtime_ns=change.mtime_ns) as copy:
        with path.open("rb") as new, copy.open("wb") as old:
            restore(change.delta, new, old.write)
        if hash_file(copy) != change.before:
            raise TagError(f"{shown(path)} cannot be brought back: the journal is damaged")
    return Undone.RESTORED


def sound_digest(path: Path) -> str:
    """Compute the SHA-256 of a file's decoded samples, mixed to one channel.

    Parameters
    ----------
    path : Path
        Any audio file.

    Raises
    ------
    AudioError
        As `genre.audio.decode.open_audio`.
    """
    digest = hashlib.sha256()
    for block in open_audio(path).blocks():
        digest.update(block.tobytes())
    return digest.hexdigest()


@contextmanager
def _naming(path: Path, copy: Path) -> Iterator[None]:
    """Let errors name a user's file in place of the copy, which is gone when they are read."""
    try:
        yield
    except AudioError as error:
        message = error.message.replace(shown(copy), shown(path))
        raise AudioError(error.kind, message) from error
    except TagError as error:
        raise TagError(str(error).replace(shown(copy), shown(path))) from error


def _restored_digest(delta: Delta, changed: Path) -> str:
    digest = hashlib.sha256()
    with changed.open("rb") as file:
        restore(delta, file, digest.update)
    return digest.hexdigest()
