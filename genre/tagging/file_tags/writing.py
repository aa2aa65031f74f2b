"""Write genres into files, with a journal, and take it back.

What is written is checked before it takes the file's place: the tag reads as meant, the sound
decodes to the same samples, and the journal gives the old file back byte by byte.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path

import numpy as np

from genre.audio.containers import Container, sniff
from genre.audio.decode import open_audio
from genre.errors import AudioError, TagError
from genre.hashing import hash_file
from genre.spelling import split_genres
from genre.tagging.file_tags.delta import Delta, difference, restore
from genre.tagging.file_tags.genre_tags import (
    check_container,
    check_kept,
    other_entries,
    read_genres,
    set_genres,
)
from genre.tagging.file_tags.journal import Change, Journal
from genre.tagging.file_tags.notes import Note
from genre.tagging.file_tags.rewriting import own_file, replacing
from genre.wording import shown

# Two frames of MPEG layer II or III.
_GUESSED_SAMPLES = 2 * 1152


class Undone(StrEnum):
    """What taking a change back came to."""

    RESTORED = "restored"
    UNCHANGED = "is as it was before"


def write_genres(
    path: Path, genres: Sequence[str], journal: Journal, *, note: Note | None = None
) -> None:
    """Write genres into a file's own tag and record how to take it back.

    Parameters
    ----------
    path : Path
        An MP3, FLAC, OGG Vorbis, Opus or M4A file; through a link, the file it leads to.
    genres : sequence of str
        They replace those that are there; at least one.
    journal : Journal
        Has the change before the file has.
    note : Note, optional
        What is written beside them.

    Raises
    ------
    TagError, AudioError
        Where the file cannot be written as meant; it is then as it was.
    OSError
        Where the disk is full; the file is then as it was.
    """
    file = own_file(path)
    with replacing(file, journal=journal.path) as copy, _naming(path, copy):
        shutil.copyfile(file, copy)
        before, mtime_ns = hash_file(copy), file.stat().st_mtime_ns
        genres_before, others = read_genres(copy), other_entries(copy, note)
        set_genres(copy, genres, note)
        if not _mean_the_same(read_genres(copy), genres):
            raise TagError(f"{shown(path)} would not keep genres={list(genres)}")
        if other_entries(copy, note) != others:
            raise TagError(
                f"{shown(path)} has a tag of which more than the genre would change; left as it is"
            )
        if not sounds_alike(file, copy):
            raise TagError(f"{shown(path)} would sound otherwise with another tag; left as it is")
        change = Change(
            path=file,
            before=before,
            after=hash_file(copy),
            mtime_ns=mtime_ns,
            genres_before=genres_before,
            genres_after=read_genres(copy),
            delta=difference(file, copy),
        )
        if _restored_digest(change.delta, copy) != before:
            raise TagError(f"{shown(path)} was changed by another program; left as that has it")
        journal.record(change)


def check_writable(path: Path, genres: Sequence[str], *, note: Note | None = None) -> None:
    """Refuse what `write_genres` would refuse, as far as can be told without writing.

    Parameters
    ----------
    path : Path
        As for `write_genres`.
    genres : sequence of str
        As for `write_genres`.
    note : Note, optional
        As for `write_genres`.

    Raises
    ------
    TagError, AudioError
        As `write_genres`.
    """
    own_file(path)
    check_kept(path, genres, note)


def undo(change: Change, journal: Path) -> Undone:
    """Bring the whole file back as it was before a change.

    Parameters
    ----------
    change : Change
        As the journal has it.
    journal : Path
        The journal.

    Returns
    -------
    Undone
        Whether the file had the change at all.

    Raises
    ------
    TagError
        Where the file is gone, cannot be written, or has changed since; where it is no sound that
        `write_genres` writes, or would be none: then somebody else made the journal.
    OSError
        Where the disk is full. In both cases the file is as it was.
    """
    path = own_file(change.path)
    found = hash_file(path)
    if found == change.before:
        return Undone.UNCHANGED
    if found != change.after:
        raise TagError(f"{shown(path)} has changed since its genres were written; left as it is")
    container = check_container(path)
    with replacing(path, journal=journal, mtime_ns=change.mtime_ns) as copy, _naming(path, copy):
        with path.open("rb") as new, copy.open("wb") as old:
            restore(change.delta, new, old.write)
        if hash_file(copy) != change.before:
            raise TagError(f"{shown(path)} cannot be brought back: the journal is damaged")
        if check_container(copy) is not container:
            raise TagError(f"{shown(path)} would become {sniff(copy).value}; left as it is")
    return Undone.RESTORED


def sounds_alike(old: Path, new: Path) -> bool:
    """Decode two files, and compare every sample of what is heard.

    Parameters
    ----------
    old, new : Path
        Any audio files.

    Returns
    -------
    bool
        Whether they are the same, bit by bit. Where an MP3 does not say how long it is, decoders
        guess that from the size of the file, tags included: less than two frames more or less at
        its end are no difference.

    Raises
    ------
    AudioError
        As `genre.audio.decode.open_audio`.
    """
    n_apart = 0
    silence = np.zeros(0, np.float32)
    blocks = zip_longest(open_audio(old).blocks(), open_audio(new).blocks(), fillvalue=silence)
    for before, after in blocks:
        n_common = min(len(before), len(after))
        if n_common and (n_apart or (before[:n_common] != after[:n_common]).any()):
            return False
        n_apart += abs(len(before) - len(after))
    return n_apart < (_GUESSED_SAMPLES if sniff(old) is Container.MP3 else 1)


def _mean_the_same(found: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether a tag says what it should; ID3v1 has numbers in place of a spelling."""
    return [*map(split_genres, found)] == [*map(split_genres, wanted)]


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
