"""The genre in an ID3v2 tag, written into the tag's own bytes: whatever else it holds stays.

References: id3.org, ID3v2.2.0, 2.3.0 and 2.4.0. A tag keeps its version; several genres are several
values, also before version 2.4, which alone defines them: a player that knows none reads the first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from mutagen.id3 import ID3, TCON
from mutagen.id3 import BitPaddedInt as _BitPaddedInt

from genre.tagging.file_tags.notes import Note

# As mutagen left it: without types.
BitPaddedInt: Any = _BitPaddedInt
_NAMES = {2: b"TCO", 3: b"TCON", 4: b"TCON"}
_NOTES = {2: b"TXX", 3: b"TXXX", 4: b"TXXX"}
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
_MAX_BYTES = 2**28


@dataclass(frozen=True)
class Id3Tag:
    """An ID3v2 tag in pieces.

    Parameters
    ----------
    head : bytes
        Its first ten.
    frames : tuple of bytes
        Each with its head; not unsynchronised as a whole.
    rest : bytes
        Padding, or what is no frame.
    size_bits : {7, 8}
        Of each byte of a frame's length: 7 in version 2.4, unless an old iTunes wrote it.
    """

    head: bytes
    frames: tuple[bytes, ...] = ()
    rest: bytes = b""
    size_bits: int = 7

    @property
    def version(self) -> int:
        """2, 3 or 4."""
        return self.head[3]

    @property
    def other_frames(self) -> tuple[bytes, ...]:
        """All but those of the genre."""
        return tuple(frame for frame in self.frames if not self._is_genre(frame))

    def genre_texts(self) -> list[str]:
        """Read the values of the genre as they are written, numbers too."""
        frames = (self._read(frame, _NAMES) for frame in self.frames if self._is_genre(frame))
        return [text for frame in frames if frame is not None for text in frame.text]

    def without(self, note: Note) -> tuple["Id3Tag", list[str]]:
        """Take fields out that have the name of a note.

        Parameters
        ----------
        note : Note
            Says the name.

        Returns
        -------
        tag : Id3Tag
            What is left.
        texts : list of str
            What they say.
        """
        kept, texts = [], []
        for frame in self.frames:
            read = self._read(frame, _NOTES) if frame.startswith(_NOTES[self.version]) else None
            if read is not None and note.is_named(read.desc):
                texts += [str(text) for text in read.text]
            else:
                kept.append(frame)
        return replace(self, frames=tuple(kept)), texts

    def with_note(self, note: Note) -> "Id3Tag":
        """Put a note at the end, in the place of an earlier one.

        Parameters
        ----------
        note : Note
            What is written.
        """
        others, texts = self.without(note)
        note.check_free(texts)
        return self._with([*others.frames, self._frame(_NOTES, [note.field, note.text])])

    def with_genres(self, texts: Sequence[str]) -> "Id3Tag":
        """Put other genres in the place of those that are there, or at the end.

        Parameters
        ----------
        texts : sequence of str
            One value each.
        """
        first = next((i for i, frame in enumerate(self.frames) if self._is_genre(frame)), None)
        frames = list(self.other_frames)
        frames.insert(len(frames) if first is None else first, self._frame(_NAMES, texts))
        return self._with(frames)

    def _with(self, frames: Sequence[bytes]) -> "Id3Tag":
        tag = replace(self, frames=tuple(frames))
        if any(self.rest) or self.head[5] & _FOOTER:  # no padding, which a footer rules out
            return tag
        # What has room in the padding leaves the sound where it is.
        n_free = len(self.rest) + sum(map(len, self.frames)) - sum(map(len, frames))
        return replace(tag, rest=bytes(max(0, n_free)))

    def to_bytes(self) -> bytes:
        """Write the whole tag; `ValueError` where it is too long."""
        head, body = bytearray(self.head), b"".join(self.frames) + self.rest
        if self.version < 4 and head[5] & _UNSYNCHRONISED:
            body = _unsynchronised(body)
        if len(body) >= _MAX_BYTES:
            raise ValueError("the tag would be longer than ID3 allows")
        head[6:10] = BitPaddedInt.to_str(len(body), width=4)
        footer = b"3DI" + bytes(head[3:10]) if head[5] & _FOOTER else b""
        return bytes(head) + body + footer

    def _is_genre(self, frame: bytes) -> bool:
        return (
            frame[:4].rstrip(b"\0") in _NAMES.values()
            if self.version > 2
            else (frame[:3] == _NAMES[2])
        )

    def _frame(self, names: Mapping[int, bytes], texts: Sequence[str]) -> bytes:
        if self.version == 4:
            content = b"\3" + "\0".join(texts).encode()
        elif all(text.isascii() for text in texts):
            content = b"\0" + "\0".join(texts).encode()
        else:
            content = b"\1" + b"\0\0".join(text.encode("utf-16") for text in texts)
        n_bytes = 3 if self.version == 2 else 4
        bits = self.size_bits if self.version == 4 else 8
        size = BitPaddedInt.to_str(len(content), bits=bits, width=n_bytes)
        return names[self.version] + bytes(size) + bytes(0 if n_bytes == 3 else 2) + content

    def _read(self, frame: bytes, names: Mapping[int, bytes]) -> Any:  # noqa: ANN401 - mutagen has no types
        """Read one frame as a tag of its own: None where it cannot be read."""
        flags = 0
        if self.version == 4:
            flags = self.head[5] & _UNSYNCHRONISED
            size = BitPaddedInt.to_str(len(frame) - 10, width=4)
            frame = names[4] + bytes(size) + frame[8:]
        elif self.version == 3:
            frame = names[3] + frame[4:]
        alone: Any = ID3()  # type: ignore[no-untyped-call]  # as mutagen left it
        length = BitPaddedInt.to_str(len(frame), width=4)
        head = b"ID3" + bytes([self.version, 0, flags]) + bytes(length)
        alone.load(BytesIO(head + frame), translate=False, load_v1=False)
        return next(iter(alone.getall(names[4].decode())), None)


NEW_TAG = Id3Tag(b"ID3\4\0\0\0\0\0\0")


def parse_id3(data: bytes) -> Id3Tag:
    """Take an ID3v2 tag apart.

    Parameters
    ----------
    data : bytes
        The whole tag, as long as it says.

    Raises
    ------
    ValueError
        Where it cannot be put together again as it was.
    """
    version, flags = data[3], data[5]
    if version not in _NAMES:
        raise ValueError(f"ID3v2.{version} is not known")
    body = data[10 : -10 if version == 4 and flags & _FOOTER else None]
    if version < 4 and flags & _UNSYNCHRONISED:
        plain = body.replace(b"\xff\0", b"\xff")
        if _unsynchronised(plain) != body:
            raise ValueError("ID3 that is not unsynchronised as it says")
        body = plain
    head, body = _without_extended(data[:10], body)
    frames, rest = _walk(body, version, 8 if version < 4 else 7)
    if version == 4:
        by_itunes, its_rest = _walk(body, version, 8)
        if len(by_itunes) > len(frames):
            return Id3Tag(head, by_itunes, its_rest, 8)
    return Id3Tag(head, frames, rest)


def _without_extended(head: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Drop the extended header: how much padding there is, and a checksum, both to be changed."""
    version, flags = head[3], head[5]
    if not flags & _EXTENDED:
        return head, body
    if version == 2:
        raise ValueError("ID3v2.2 that is compressed, for which there is no method")
    if re.match(rb"[A-Z0-9]{4}", body):  # whatever the flag says
        return head, body
    bits, more = (7, 0) if version == 4 else (8, 4)
    n_extended = int(BitPaddedInt(body[:4], bits=bits)) + more
    return head[:5] + bytes([flags & ~_EXTENDED]) + head[6:], body[n_extended:]


def _walk(body: bytes, version: int, bits: int) -> tuple[tuple[bytes, ...], bytes]:
    n_name, n_head = (3, 6) if version == 2 else (4, 10)
    frames: list[bytes] = []
    position = 0
    while position + n_head <= len(body) and any(body[position : position + n_name]):
        size = body[position + n_name : position + n_name + n_name]
        end = position + n_head + int(BitPaddedInt(size, bits=bits))
        if end > len(body):
            break
        frames.append(body[position:end])
        position = end
    return tuple(frames), body[position:]


def _unsynchronised(body: bytes) -> bytes:
    return re.sub(rb"\xff(?=[\0\xe0-\xff]|\Z)", b"\xff\0", body)


def names_of(text: str) -> list[str]:
    """Read one value of a genre: ID3's numbers are names, wherever they stand.

    Parameters
    ----------
    text : str
        As it is written: ``Rock``, ``17``, ``(17)(4)Eurodisco``.

    Returns
    -------
    list of str
        Empty where it says nothing.
    """
    visible = text.replace("\0", "").strip()
    names: list[str] = TCON(encoding=3, text=[visible]).genres  # type: ignore[no-untyped-call]
    return [name for name in map(str.strip, names) if name]
