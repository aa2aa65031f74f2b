"""The genre in the tags of an MP3: ID3v2 before the sound, APEv2 and ID3v1 behind it.

A tag that is there gets the genre; a newer one beside it would hide its title and artist. Nothing
but the genre is changed in any of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import mutagen._util
from mutagen.id3 import TCON

from genre.audio.containers import id3_bytes
from genre.spelling import canonical_genre, split_genres
from genre.tagging.file_tags.apev2 import ApeTag, read_ape
from genre.tagging.file_tags.id3v2 import NEW_TAG, Id3Tag, names_of, parse_id3
from genre.tagging.file_tags.notes import Note

_V1_BYTES, _V1_NO_GENRE = 128, 255
# The first of several numbers that mean the same.
_NUMBERS = {canonical_genre(name): i for i, name in reversed([*enumerate(TCON.GENRES)])}


@dataclass(frozen=True)
class MpegTags:
    """The tags of a file, each None where it is not there.

    Parameters
    ----------
    id3 : Id3Tag or None
        At the start.
    ape : ApeTag or None
        Behind the sound.
    v1 : bytes or None
        ID3v1, at the end.
    """

    id3: Id3Tag | None = None
    ape: ApeTag | None = None
    v1: bytes | None = None

    def genre_texts(self) -> list[str]:
        """Read the genre as the first of them that has one spells it."""
        for tag in (self.id3, self.ape):
            if tag is not None and any(texts := tag.genre_texts()):
                return texts
        number = _V1_NO_GENRE if self.v1 is None else self.v1[-1]
        return [TCON.GENRES[number]] if number < len(TCON.GENRES) else []

    def others(self, note: Note | None = None) -> tuple[object, ...]:
        """List all that is not the genre.

        Parameters
        ----------
        note : Note, optional
            Whose field is left out, too.
        """
        id3, ape = self.id3 or NEW_TAG, self.ape
        if note is not None:
            id3, ape = id3.without(note)[0], ape and ape.without(note)[0]
        return (
            (*id3.other_frames, id3.rest.rstrip(b"\0")),
            ape and ape.other_items,
            self.v1 and self.v1[:-1],
        )

    def with_genres(self, spell: Callable[[list[str]], list[str]]) -> "MpegTags":
        """Put other genres into all tags that have, or should have, one.

        Parameters
        ----------
        spell : callable of list of str
            From the values that are there to those that shall be.

        Raises
        ------
        ValueError
            Where there is ID3v1 alone and it has no number for the genre.
        """
        texts = spell(self.genre_texts())
        id3, ape = self.id3, self.ape
        if id3 is None and ape is None:
            if self.v1 is None or not self.v1[3:-1].strip(b"\0 "):
                return MpegTags(id3=NEW_TAG.with_genres(texts), v1=self._v1_with(texts))
            if len(meant := _meant(texts)) != 1 or meant[0] not in _NUMBERS:
                raise ValueError(
                    f"ID3v1 alone has no room for genres={texts}, and a newer tag would hide its "
                    "title and artist; give it an ID3v2 tag with a tag editor first"
                )
        if ape is not None and (id3 is None or ape.genre_texts()):
            ape = ape.with_genres(spell(ape.genre_texts()))
        if id3 is not None:
            id3 = id3.with_genres(spell(id3.genre_texts()))
        return MpegTags(id3, ape, self._v1_with(texts))

    def with_note(self, note: Note) -> "MpegTags":
        """Put a note into the newest tag, in the place of an earlier one.

        Parameters
        ----------
        note : Note
            What is written.

        Raises
        ------
        ValueError
            Where there is ID3v1 alone, or the field is the owner's.
        """
        if self.id3 is not None:
            return replace(self, id3=self.id3.with_note(note))
        if self.ape is not None:
            return replace(self, ape=self.ape.with_note(note))
        raise ValueError(f"ID3v1 alone has no room for {note.field}; leave --provenance out")

    def _v1_with(self, texts: Sequence[str]) -> bytes | None:
        """Set the number of the first genre that has one, unless that of another is there."""
        if self.v1 is None:
            return None
        numbers = [_NUMBERS[genre] for genre in _meant(texts) if genre in _NUMBERS]
        if self.v1[-1] in numbers:
            return self.v1
        return self.v1[:-1] + bytes([*numbers, _V1_NO_GENRE][:1])


def read_mpeg_tags(path: Path) -> MpegTags:
    """Read the tags of an MP3.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ValueError
        Where one is damaged.
    """
    with path.open("rb") as file:
        return _read(file)[0]


def write_mpeg_tags(path: Path, tags: MpegTags) -> None:
    """Put tags in the place of those of an MP3; for a copy, as it may stop half-way.

    Parameters
    ----------
    path : Path
        The file.
    tags : MpegTags
        Where one is None, there must be none.
    """
    with path.open("rb+") as file:
        _, n_before, n_behind = _read(file)
        file.seek(-n_behind, 2)
        file.truncate()
        for tag in (tags.ape, tags.v1):
            file.write(b"" if tag is None else tag if isinstance(tag, bytes) else tag.to_bytes())
        head = b"" if tags.id3 is None else tags.id3.to_bytes()
        resize: Any = mutagen._util.resize_bytes
        resize(file, n_before, len(head), 0)
        file.seek(0)
        file.write(head)


def _read(file: Any) -> tuple[MpegTags, int, int]:  # noqa: ANN401
    """Read all tags, and how many bytes they take before and behind the sound."""
    n_bytes = file.seek(0, 2)
    file.seek(0)
    head = file.read(10)
    n_before = id3_bytes(head)
    head += file.read(n_before - 10) if n_before else b""
    if len(head) < n_before:
        raise ValueError("ID3 that is cut off")
    file.seek(max(0, n_bytes - _V1_BYTES - 8))
    tail = file.read()
    v1 = tail[-_V1_BYTES:]
    # the end of APETAGEX is no beginning of ID3v1
    is_v1 = v1[:3] == b"TAG" and tail[-_V1_BYTES - 3 :][:8] != b"APETAGEX"
    n_v1 = _V1_BYTES if is_v1 else 0
    ape, n_ape = read_ape(file, n_bytes - n_v1, n_before)
    tags = MpegTags(id3=parse_id3(head) if n_before else None, ape=ape, v1=v1 if is_v1 else None)
    return tags, n_before, n_v1 + n_ape


def _meant(texts: Sequence[str]) -> list[str]:
    return [genre for text in texts for name in names_of(text) for genre in split_genres(name)]
