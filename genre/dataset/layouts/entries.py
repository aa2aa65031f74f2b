"""What a layout finds: files with their genres, before anything is read or hashed."""

from dataclasses import dataclass
from pathlib import Path

from genre.dataset.faults import Fault


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One labelled file.

    Parameters
    ----------
    track_id : str
        POSIX path relative to the data folder, composed (NFC).
    path : Path
        The file.
    genres : tuple of str
        Canonical, sorted, at least one.
    artist : str or None
        As the labels name it; None where they do not.
    split : {"train", "val", "test"} or None
        As the labels say.
    fold : int or None
        As the labels say.
    """

    track_id: str
    path: Path
    genres: tuple[str, ...]
    artist: str | None = None
    split: str | None = None
    fold: int | None = None


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
    """

    entries: tuple[Entry, ...]
    problems: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
