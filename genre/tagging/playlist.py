"""A playlist for any player: extended M3U, in UTF-8."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from genre.addresses import Address, Place
from genre.atomic import write_text
from genre.wording import printable


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A track of a playlist.

    Parameters
    ----------
    path : Path or Address
        The file; a relative one is below the current folder.
    duration_seconds : float or None
        None where it is not known.
    """

    path: Place
    duration_seconds: float | None


def write_playlist(path: Path, entries: Iterable[Entry]) -> None:
    """Write a playlist.

    Tracks are named from the playlist's folder on, so that both can be moved together; from the
    root where there is no such way, as from one drive to another. A name that a line cannot hold,
    with a line break or bytes that are no UTF-8, becomes a ``file://`` address.

    Parameters
    ----------
    path : Path
        The file; it appears whole or not at all.
    entries : iterable of Entry
        In their order.
    """
    lines = ["#EXTM3U"]
    for entry in entries:
        seconds = -1 if entry.duration_seconds is None else round(entry.duration_seconds)
        lines += [f"#EXTINF:{seconds},{printable(entry.path.stem)}", _place(entry.path, path)]
    write_text(path, "".join(f"{line}\n" for line in lines))


def _place(track: Place, playlist: Path) -> str:
    if isinstance(track, Address):
        return str(track)
    whole = Path(os.path.abspath(track))  # noqa: PTH100 - resolve() would follow links
    try:
        place = Path(os.path.relpath(whole, playlist.absolute().parent)).as_posix()
    except ValueError:  # on another drive
        place = whole.as_posix()
    if place != place.strip() or printable(place) != place:
        return whole.as_uri()
    return f"./{place}" if place.startswith("#") else place
