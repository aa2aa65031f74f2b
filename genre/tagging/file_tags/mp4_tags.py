"""The genre in an MP4 file's tag; every other atom of it is written back as the bytes it was.

mutagen finds the place, moves what lies behind it and mends the offsets. Its own way of writing
tags would change texts in UTF-16, kinds of pictures and lengths of numbers.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mutagen.mp4 import MP4, MP4FreeForm
from mutagen.mp4._atom import AtomError, Atoms

from genre.tagging.file_tags.notes import Note

_OWN = "----:com.apple.iTunes"
_KEY, _NAMES = "\xa9gen", (b"\xa9gen", b"gnre")
_UDTA = (b"moov", b"udta")
_ILST = (*_UDTA, b"meta", b"ilst")
# Tags of 3GPP (TS 26.244); those of QuickTime begin with a sign, and one names the program.
_OF_3GPP = (b"albm", b"auth", b"dscp", b"gnre", b"kywd", b"perf", b"titl", b"yrrc")
_PROGRAM = b"\xa9swr"


def mp4_genre_texts(path: Path) -> list[str]:
    """Read the values of the genre; iTunes' numbers are names.

    Parameters
    ----------
    path : Path
        An MP4 file.
    """
    return [str(text) for text in (_open(path).tags or {}).get(_KEY, [])]


def mp4_entries(path: Path) -> list[tuple[bytes, bytes]]:
    """Read all atoms of a file's tag but the genre.

    Parameters
    ----------
    path : Path
        An MP4 file.

    Returns
    -------
    list of tuple of bytes
        Name and content, in the order of the file.
    """
    with path.open("rb") as file:
        try:
            atoms: list[Any] = Atoms(file)[_ILST].children or []
        except (KeyError, AtomError):
            return []
        return [(atom.name, atom.read(file)[1]) for atom in atoms if atom.name not in _NAMES]


def mp4_others(path: Path, note: Note | None = None) -> list[tuple[bytes, bytes]]:
    """Read all atoms but the genre and, where there is one, the field of a note.

    Parameters
    ----------
    path : Path
        An MP4 file.
    note : Note, optional
        Whose field is left out.

    Returns
    -------
    list of tuple of bytes
        Name and content, in the order of the file.
    """
    return [entry for entry in mp4_entries(path) if note is None or _text_of(entry, note) is None]


def _text_of(entry: tuple[bytes, bytes], note: Note) -> str | None:
    """Read what an atom says where it is the field of a note; None where it is another."""
    name, content = entry
    if name != b"----":
        return None
    parts: dict[bytes, bytes] = {}
    while len(content) >= 8:
        size = int.from_bytes(content[:4], "big")
        parts.setdefault(content[4:8], content[8:size])
        content = content[max(8, size) :]
    if not note.is_named(parts.get(b"name", b"")[4:].decode("utf-8", "replace")):
        return None
    return parts.get(b"data", b"")[8:].decode("utf-8", "replace")


def check_mp4(path: Path, note: Note | None = None) -> None:
    """Refuse a file with tags of another kind, which a tag as iTunes writes it would hide.

    Parameters
    ----------
    path : Path
        An MP4 file.
    note : Note, optional
        What would be written beside the genre.

    Raises
    ------
    ValueError
        Where it has tags of QuickTime or 3GPP, and none of iTunes; or QuickTime's keys, or a genre
        under a name of its own; or where the field of the note is the owner's.
    """
    names: list[bytes] = []
    with path.open("rb") as file, suppress(KeyError, AtomError):
        names = [atom.name for atom in Atoms(file)[_UDTA].children or []]
    # Players read one list of names or the other: what both hold is told by neither.
    has_keys = any(name.startswith(b"\0") for name, _ in mp4_entries(path))
    others = {name for name in names if name.startswith(b"\xa9") or name in _OF_3GPP}
    is_hidden = others - {_PROGRAM} and not mp4_entries(path) and not mp4_genre_texts(path)
    if has_keys or is_hidden:
        raise ValueError(
            "tags of QuickTime or 3GPP, which are not written, would be hidden by one that is; "
            "convert it to M4A first"
        )
    if any(str(key).casefold().endswith(":genre") for key in _open(path).tags or ()):
        raise ValueError(
            "a genre that a tag editor added on its own would go on saying what it says; delete it "
            "with that editor first"
        )
    if note is not None:
        texts = (_text_of(entry, note) for entry in mp4_entries(path))
        note.check_free(text for text in texts if text is not None)


def write_mp4_genre(path: Path, texts: Sequence[str], note: Note | None = None) -> None:
    """Put other genres in the place of those that are there, in place.

    Parameters
    ----------
    path : Path
        An MP4 file.
    texts : sequence of str
        One value each.
    note : Note, optional
        What is written beside them, in the place of an earlier one.
    """
    entries = mp4_others(path, note)
    file = _open(path)
    if file.tags is None:
        file.add_tags()
    tags = file.tags
    tags.clear()
    # mutagen keeps aside, and writes back, the bytes of what it cannot read: let that be all.
    tags._failed_atoms = {}
    for name, content in entries:
        tags._failed_atoms.setdefault(name.decode("latin-1"), []).append(content)
    tags[_KEY] = list(texts)
    if note is not None:
        tags[f"{_OWN}:{note.field}"] = [MP4FreeForm(note.text.encode())]  # type: ignore[no-untyped-call]
    file.save()


def _open(path: Path) -> Any:  # noqa: ANN401 - mutagen has no types
    return MP4(path)  # type: ignore[no-untyped-call]
