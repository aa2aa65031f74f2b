"""The genres that a sound file names itself: MP3, Vorbis comments (FLAC, OGG, Opus), MP4.

What a file is, its first bytes say. Several genres are several values, as each format means it.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import mutagen
from mutagen.flac import FLAC, Padding, VCFLACDict
from mutagen.id3 import ID3, ID3NoHeaderError
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from genre.audio.containers import NAMES, Container, sniff
from genre.errors import NoGenreTagError, TagError
from genre.tag_errors import TAG_ERRORS
from genre.tagging.file_tags.id3v2 import names_of
from genre.tagging.file_tags.lost_content import lost_comments
from genre.tagging.file_tags.mp4_tags import (
    check_mp4,
    mp4_genre_texts,
    mp4_others,
    write_mp4_genre,
)
from genre.tagging.file_tags.mpeg_tags import MpegTags, read_mpeg_tags, write_mpeg_tags
from genre.tagging.file_tags.notes import Note
from genre.wording import printable, shown

_WRITTEN = (Container.MP3, Container.FLAC, Container.OGG, Container.MP4)
# Ogg holds many codings, each with a place of its own for comments.
_OGG_CLASSES = (OggVorbis, OggOpus)
_KEY = "genre"


def read_genres(path: Path) -> tuple[str, ...]:
    """Read the genres in a file's own tag.

    Parameters
    ----------
    path : Path
        An MP3, FLAC, OGG Vorbis, Opus or M4A file.

    Returns
    -------
    tuple of str
        As written there, in their order; ID3's numbers as names. Empty where there are none.

    Raises
    ------
    TagError
        Where the file is of another kind or its tag is damaged.
    AudioError
        Where the file cannot be opened or holds no sound that is known.
    """
    container = check_container(path)
    try:
        texts = _texts(path, container)
    except TAG_ERRORS as error:
        raise _damaged(path, error) from error
    return tuple(dict.fromkeys(name for text in texts for name in names_of(text)))


def set_genres(path: Path, genres: Sequence[str], note: Note | None = None) -> None:
    """Write genres into a file's own tag, in place; for a copy, as it may stop half-way.

    Parameters
    ----------
    path : Path
        As for `read_genres`. Other entries of the tag stay as they are; an MP3 without any tag
        gets ID3v2.4.
    genres : sequence of str
        At least one; they replace those that are there, but for the spelling of one that stays.
    note : Note, optional
        What is written beside them.

    Raises
    ------
    TagError, AudioError
        As `check_kept`.
    """
    check_kept(path, genres, note)
    container = check_container(path)
    try:
        if container is Container.MP3:
            write_mpeg_tags(path, _new_mpeg_tags(path, genres, note))
        elif container is Container.MP4:
            write_mp4_genre(path, _spelled(mp4_genre_texts(path), genres), note)
        else:
            file = _open(path)
            _set_comments(file, _spelled(_values(file), genres))
            if note is not None:
                others = [entry for entry in file.tags if not note.is_named(entry[0])]
                file.tags[:] = [*others, (note.field, note.text)]
            file.save()
    except TAG_ERRORS as error:
        raise _damaged(path, error) from error


def _new_mpeg_tags(path: Path, genres: Sequence[str], note: Note | None) -> MpegTags:
    tags = read_mpeg_tags(path).with_genres(lambda texts: _spelled(texts, genres))
    return tags if note is None else tags.with_note(note)


def check_kept(path: Path, genres: Sequence[str], note: Note | None = None) -> None:
    """Refuse a file whose tag holds what `set_genres` could not keep.

    Parameters
    ----------
    path : Path
        As for `read_genres`.
    genres : sequence of str
        What would be written.
    note : Note, optional
        What would be written beside them.

    Raises
    ------
    TagError, AudioError
        As `read_genres`; where Vorbis comments are no UTF-8, ID3v1 has no room, or MP4 other tags.
    """
    container = check_container(path)
    try:
        if container is Container.MP3:
            _new_mpeg_tags(path, genres, note)
        elif container is Container.MP4:
            check_mp4(path, note)
        else:
            file = _open(path)
            _check_comments(path, file)
            if note is not None:
                entries = file.tags or ()
                note.check_free(text for name, text in entries if note.is_named(name))
    except TAG_ERRORS as error:
        raise _damaged(path, error) from error


def _check_comments(path: Path, file: Any) -> None:  # noqa: ANN401 - mutagen has no common type
    if lost := lost_comments(file):
        raise TagError(
            f"{shown(path)} has comments (no UTF-8, or no name) that writing would lose: "
            f"{printable(', '.join(lost))}; mend or delete them with a tag editor first"
        )
    if not isinstance(file, FLAC) or file.tags:
        return
    with suppress(ID3NoHeaderError):
        # players would see the new comments in its place
        if ID3(path):  # type: ignore[no-untyped-call]
            raise TagError(
                f"{shown(path)} has its tags as ID3, which Vorbis comments would hide; copy them "
                "into Vorbis comments with a tag editor first"
            )


def other_entries(path: Path, note: Note | None = None) -> Sequence[object]:
    """List what a file's tags hold beside the genre, for a comparison.

    Parameters
    ----------
    path : Path
        As for `read_genres`.
    note : Note, optional
        Whose field is left out, too.

    Returns
    -------
    sequence of object
        The same before and after nothing but the genre was changed.
    """
    container = check_container(path)
    try:
        if container is Container.MP3:
            return read_mpeg_tags(path).others(note)
        if container is Container.MP4:
            return sorted(mp4_others(path, note))
        file = _open(path)
        blocks = [
            (block.code, block.write())
            for block in getattr(file, "metadata_blocks", ())
            if block.code not in (Padding.code, VCFLACDict.code)
        ]
        entries = (entry for entry in file.tags or () if not _is_genre(entry))
        return [*blocks, *(one for one in entries if note is None or not note.is_named(one[0]))]
    except TAG_ERRORS as error:
        raise _damaged(path, error) from error


def check_container(path: Path) -> Container:
    """Find out what a file is, and refuse one whose genres are not written.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    NoGenreTagError
        Where it is of another kind.
    AudioError
        Where the file cannot be opened or holds no sound that is known.
    """
    container = sniff(path)
    if container not in _WRITTEN:
        name = NAMES.get(container, container.value.upper())
        raise NoGenreTagError(shown(path), f"a file of type {name}")
    return container


def _open(path: Path) -> Any:  # noqa: ANN401 - mutagen has no types
    if sniff(path) is Container.FLAC:
        return FLAC(path)  # type: ignore[no-untyped-call]
    file = mutagen.File(path, options=_OGG_CLASSES)
    if file is None:
        raise NoGenreTagError(shown(path), "an OGG file of neither Vorbis nor Opus")
    return file


def _texts(path: Path, container: Container) -> list[str]:
    if container is Container.MP3:
        return read_mpeg_tags(path).genre_texts()
    return mp4_genre_texts(path) if container is Container.MP4 else _values(_open(path))


def _values(file: Any) -> list[str]:  # noqa: ANN401
    return [str(value) for value in (file.tags or {}).get(_KEY, [])]


def _spelled(texts: Sequence[str], genres: Sequence[str]) -> list[str]:
    """Write genres, but leave a value that says some of them as it is, a number for example."""
    spelled: list[str] = []
    while n_done := len(genres):
        for text in texts:
            names = names_of(text)
            if names and names == list(genres[: len(names)]):
                spelled.append(text)
                genres = genres[len(names) :]
                break
        if len(genres) == n_done:
            spelled.append(genres[0])
            genres = genres[1:]
    return spelled


def _set_comments(file: Any, texts: Sequence[str]) -> None:  # noqa: ANN401
    """Put genres where the first one stands, under its name, or at the end."""
    if file.tags is None:
        file.add_tags()
    before = list(file.tags)
    place = next((i for i, entry in enumerate(before) if _is_genre(entry)), len(before))
    key = before[place][0] if place < len(before) else _KEY
    others = [entry for entry in before if not _is_genre(entry)]
    file.tags[:] = [*others[:place], *((key, text) for text in texts), *others[place:]]


def _is_genre(entry: tuple[str, str]) -> bool:
    return entry[0].casefold() == _KEY


def _damaged(path: Path, error: BaseException) -> TagError:
    return TagError(f"{shown(path)} has a tag that cannot be read or written: {error}")
