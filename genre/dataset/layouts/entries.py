"""What a layout is, and what it finds: files with their genres, not yet read or hashed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from genre.addresses import Place
from genre.dataset.content_index import Stamp
from genre.dataset.faults import Fault

# What people call the parts of a split.
SPLITS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
    "eval": "test",
    "evaluation": "test",
}
_SET = re.compile(r"[\s_-]*(?:set|data|split)$")


def part_of_split(folder: str) -> str | None:
    """Read which part of a split a folder is called after.

    Parameters
    ----------
    folder : str
        Its name: ``Train``, ``test_set``.

    Returns
    -------
    str or None
        train, val or test; None for any other name.
    """
    return SPLITS.get(_SET.sub("", folder.lower()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One labelled file.

    Parameters
    ----------
    track_id : str
        POSIX path relative to the data folder, composed (NFC); of a manifest, as written there.
    path : Path or Address
        The file.
    genres : tuple of str
        Canonical, sorted, at least one.
    artist : str or None
        As the labels name it; None where they do not.
    split : {"train", "val", "test"} or None
        As the labels say.
    fold : int or None
        As the labels say.
    below : tuple of str
        The folders between its genre's and the file, where a folder names the genre.
    spellings : tuple of str
        Its genres as they were written.
    sha256 : str
        Of the file, where a manifest says so; else empty.
    stamp : tuple of int or None
        What the file looked like with that content, as `genre.dataset.content_index.stamp_of`.
    """

    track_id: str
    path: Place
    genres: tuple[str, ...]
    artist: str | None = None
    split: str | None = None
    fold: int | None = None
    below: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    sha256: str = ""
    stamp: Stamp | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Everything that one layout found below a folder.

    Parameters
    ----------
    entries : tuple of Entry
        Sorted by track_id.
    problems : tuple of Fault
        Audio files that carry no genre or are no regular files.
    notes : tuple of str
        What was left out, in plain words.
    doubts : tuple of str
        Why its genres may be none, in plain words; nothing is learned from them unasked.
    tells_artists : bool
        Whether an entry without an artist has none that anybody knows: nobody looks for one.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    tells_artists: bool = False


def never(_root: Path) -> bool:
    """Decline a folder, whichever it is: such a layout is used only where it is asked for."""
    return False


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One way in which a folder says what is in it, with all that is said about it to people.

    Parameters
    ----------
    name : str
        Stands in files and messages: ``folder-per-genre``.
    option : str
        What ``--labels`` calls it: ``folders``.
    source : str
        Where the genres come from, in words that follow "Genres from": ``the folders' names``.
    advice : str
        What to do where no track was found; ``{root}`` stands for the folder.
    find : callable
        Given the folder, and by keyword what was chosen of ``choices``, lists what is in it.
    applies : callable
        Given the folder, whether ``auto`` takes this layout for it; by default it never does.
    is_by_folders : bool
        Whether folders name the genres: one called like the artist in it is a doubt then.
    citation : str
        Name, source and licence of a published collection, in a line; empty for all others.
    choices : mapping of str to tuple of str
        What may follow the option behind colons, as ``small`` in ``fma:small``: by the keyword of
        ``find`` that it is for, one word each at most, and no word for two.
    """

    name: str
    option: str
    source: str
    advice: str
    find: Callable[..., Listing]
    applies: Callable[[Path], bool] = never
    is_by_folders: bool = False
    citation: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def advice_for(self, root: Place) -> str:
        """Write what to do about a folder in which no track was found.

        Parameters
        ----------
        root : Path or Address
            The folder, or the manifest.
        """
        return self.advice.replace("{root}", str(root))
