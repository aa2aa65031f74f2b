"""The genre in an MP4 file's tag; every other atom of it is written back as the bytes it was.

mutagen finds the place, moves what lies behind it and mends the offsets. Its own way of writing
tags would change texts in UTF-16, kinds of pictures and lengths of numbers.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mutagen.mp4 import MP4
from mutagen.mp4._atom import AtomError, Atoms

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


def check_mp4(path: Path) -> None:
    """Refuse a file with tags of another kind, which a tag as iTunes writes it would hide.

    Parameters
    ----------
    path : Path
        An MP4 file.

    Raises
    ------
    ValueError
        Where it has tags of QuickTime or 3GPP, and none of iTunes; or QuickTime's keys, or a genre
        under a name of its own.
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


def write_mp4_genre(path: Path, texts: Sequence[str]) -> None:
    """Put other genres in the place of those that are there, in place.

    Parameters
    ----------
    path : Path
        An MP4 file.
    texts : sequence of str
        One value each.
    """
    entries = mp4_entries(path)
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
    file.save()


def _open(path: Path) -> Any:  # noqa: ANN401 - mutagen has no types
    return MP4(path)  # type: ignore[no-untyped-call]
