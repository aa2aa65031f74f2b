"""The genre in an APEv2 tag, written into the tag's own bytes: whatever else it holds stays.

Reference: the Hydrogenaudio knowledge base, APEv2 specification.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from genre.tagging.file_tags.notes import Note

_FOOTER_BYTES = 32
_HAS_HEADER, _IS_HEADER = 0x80000000, 0x20000000


@dataclass(frozen=True)
class ApeTag:
    """An APEv2 tag in pieces.

    Parameters
    ----------
    footer : bytes
        Its last 32.
    items : tuple of bytes
        Each with its head.
    """

    footer: bytes
    items: tuple[bytes, ...]

    @property
    def other_items(self) -> tuple[bytes, ...]:
        """All but the genre."""
        return tuple(item for item in self.items if not _is_genre(item))

    def genre_texts(self) -> list[str]:
        """Read the values of the genre."""
        values = [item[8:].split(b"\0", 1)[1] for item in self.items if _is_genre(item)]
        return [text for value in values for text in value.decode().split("\0")]

    def with_genres(self, texts: Sequence[str]) -> "ApeTag":
        """Put other genres in the place of those that are there, or at the end.

        Parameters
        ----------
        texts : sequence of str
            One value each.
        """
        first = next((i for i, item in enumerate(self.items) if _is_genre(item)), None)
        key = b"Genre" if first is None else self.items[first][8:].split(b"\0", 1)[0]
        value = "\0".join(texts).encode()
        items = list(self.other_items)
        item = len(value).to_bytes(4, "little") + bytes(4) + key + b"\0" + value
        items.insert(len(items) if first is None else first, item)
        return replace(self, items=tuple(items))

    def without(self, note: Note) -> tuple["ApeTag", list[str]]:
        """Take items out that have the name of a note.

        Parameters
        ----------
        note : Note
            Says the name.

        Returns
        -------
        tag : ApeTag
            What is left.
        texts : list of str
            What they say.
        """
        kept, texts = [], []
        for item in self.items:
            key, value = item[8:].split(b"\0", 1)
            if note.is_named(key.decode("latin-1")):
                texts.append(value.decode("utf-8", "replace"))
            else:
                kept.append(item)
        return replace(self, items=tuple(kept)), texts

    def with_note(self, note: Note) -> "ApeTag":
        """Put a note at the end, in the place of an earlier one.

        Parameters
        ----------
        note : Note
            What is written.
        """
        others, texts = self.without(note)
        note.check_free(texts)
        value = note.text.encode()
        item = len(value).to_bytes(4, "little") + bytes(4) + note.field.encode() + b"\0" + value
        return replace(self, items=(*others.items, item))

    def to_bytes(self) -> bytes:
        """Write the whole tag."""
        content = b"".join(self.items)
        flags = int.from_bytes(self.footer[20:24], "little")
        size = (len(content) + _FOOTER_BYTES).to_bytes(4, "little")
        start = self.footer[:12] + size + len(self.items).to_bytes(4, "little")
        ends = (
            start + word.to_bytes(4, "little") + self.footer[24:]
            for word in (flags | _IS_HEADER, flags)
        )
        header, footer = ends
        return (header if flags & _HAS_HEADER else b"") + content + footer


def read_ape(file: BinaryIO, end: int, start: int) -> tuple[ApeTag | None, int]:
    """Read the APEv2 tag that ends at a place in a file.

    Parameters
    ----------
    file : BinaryIO
        Open for reading.
    end : int, in bytes
        Where it would end.
    start : int, in bytes
        What lies before this is no part of it.

    Returns
    -------
    tuple of ApeTag or None, and int
        The tag and its length.

    Raises
    ------
    ValueError
        Where it is damaged.
    """
    if end - _FOOTER_BYTES < start:
        return None, 0
    file.seek(end - _FOOTER_BYTES)
    footer = file.read(_FOOTER_BYTES)
    if footer[:8] != b"APETAGEX":
        return None, 0
    n_bytes, n_items = (int.from_bytes(footer[i : i + 4], "little") for i in (12, 16))
    if not _FOOTER_BYTES <= n_bytes <= end - start:
        raise ValueError("APEv2 that is cut off")
    file.seek(end - n_bytes)
    content = file.read(n_bytes - _FOOTER_BYTES)
    has_header = int.from_bytes(footer[20:24], "little") & _HAS_HEADER
    tag = ApeTag(footer, tuple(_take_apart(content, n_items)))
    return tag, n_bytes + (_FOOTER_BYTES if has_header else 0)


def _take_apart(content: bytes, n_items: int) -> Iterator[bytes]:
    position = 0
    for _ in range(n_items):
        key_end = content.find(b"\0", position + 8)
        item_end = key_end + 1 + int.from_bytes(content[position : position + 4], "little")
        if key_end < 0 or item_end > len(content):
            raise ValueError("APEv2 that is damaged")
        yield content[position:item_end]
        position = item_end
    if position != len(content):
        raise ValueError("APEv2 that is damaged")


def _is_genre(item: bytes) -> bool:
    return item[8:].split(b"\0", 1)[0].upper() == b"GENRE"
