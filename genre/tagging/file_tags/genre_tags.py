"""The genres that a sound file names itself: ID3 (MP3), Vorbis comments (FLAC, OGG, Opus), MP4.

What a file is, its first bytes say. Several genres are several values, as each format means it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mutagen
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TCON, Encoding, ID3NoHeaderError
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from genre.audio.containers import Container, sniff
from genre.errors import TagError
from genre.tag_errors import TAG_ERRORS
from genre.tagging.file_tags.lost_content import lost_comments, lost_frames
from genre.wording import printable, shown

_CLASSES: dict[Container, type[Any]] = {Container.FLAC: FLAC, Container.MP4: MP4}
# Ogg holds many codings, each with a place of its own for comments.
_OGG_CLASSES = (OggVorbis, OggOpus)
_VORBIS_KEY, _MP4_KEY = "genre", "\xa9gen"


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
    container = _container(path)
    try:
        values = _id3_genres(path) if container is Container.MP3 else _values(_open(path))
    except TAG_ERRORS as error:
        raise _damaged(path, error) from error
    texts = (value.replace("\0", "").strip() for value in values)
    return tuple(dict.fromkeys(text for text in texts if text))


def set_genres(path: Path, genres: Sequence[str]) -> None:
    """Write genres into a file's own tag, in place; for a copy, as it may stop half-way.

    Parameters
    ----------
    path : Path
        As for `read_genres`. Other entries of the tag stay; an ID3v2.2 or 2.3 tag becomes 2.4,
        where dates and people have other frames, and an ID3v1 tag, where there is one, follows.
    genres : sequence of str
        At least one; they replace those that are there.

    Raises
    ------
    TagError, AudioError
        As `check_kept`.
    """
    check_kept(path)
    container = _container(path)
    try:
        if container is Container.MP3:
            tags = _id3(path)
            frame = TCON(encoding=Encoding.UTF8, text=list(genres))  # type: ignore[no-untyped-call]
            tags.setall("TCON", [frame])
            tags.save(path, v2_version=4)
        else:
            file = _open(path)
            file[_MP4_KEY if isinstance(file, MP4) else _VORBIS_KEY] = list(genres)
            file.save()
    except TAG_ERRORS as error:
        raise _damaged(path, error) from error


def check_kept(path: Path) -> None:
    """Refuse a file whose tag holds what `set_genres` could not keep.

    Parameters
    ----------
    path : Path
        As for `read_genres`.

    Raises
    ------
    TagError
        As `read_genres`; where Vorbis comments are no UTF-8, or ID3 frames not for ID3v2.4.
    AudioError
        As `read_genres`.
    """
    container = _container(path)
    try:
        if container is Container.MP3:
            lost, what = lost_frames(path), "ID3 frames (damaged, or with no place in ID3v2.4)"
        elif container is Container.MP4:
            return
        else:
            lost, what = lost_comments(_open(path)), "comments (no UTF-8, or no name)"
    except TAG_ERRORS as error:
        raise _damaged(path, error) from error
    if lost:
        raise TagError(
            f"{shown(path)} has {what} that writing would lose: {printable(', '.join(lost))}; "
            "mend or delete them with a tag editor first"
        )


def _container(path: Path) -> Container:
    container = sniff(path)
    if container not in (Container.MP3, Container.OGG) and container not in _CLASSES:
        raise TagError(
            f"{shown(path)} is {container.value}, which must be MP3, FLAC, OGG Vorbis, Opus or M4A "
            "to have its genres written"
        )
    return container


def _open(path: Path) -> Any:  # noqa: ANN401 - mutagen has no types
    container = sniff(path)
    if container in _CLASSES:
        return _CLASSES[container](path)
    file = mutagen.File(path, options=_OGG_CLASSES)
    if file is None:
        raise TagError(
            f"{shown(path)} holds neither Vorbis nor Opus, which an OGG file must to have its "
            "genres written"
        )
    return file


def _values(file: Any) -> list[str]:  # noqa: ANN401
    tags = file.tags or {}
    values = tags.get(_MP4_KEY if isinstance(file, MP4) else _VORBIS_KEY, [])
    return [str(value) for value in values]


def _id3(path: Path) -> Any:  # noqa: ANN401
    try:
        return ID3(path)  # type: ignore[no-untyped-call]  # as mutagen left it
    except ID3NoHeaderError:
        return ID3()  # type: ignore[no-untyped-call]


def _id3_genres(path: Path) -> list[str]:
    return [str(genre) for frame in _id3(path).getall("TCON") for genre in frame.genres]


def _damaged(path: Path, error: BaseException) -> TagError:
    return TagError(f"{shown(path)} has a tag that cannot be read or written: {error}")
