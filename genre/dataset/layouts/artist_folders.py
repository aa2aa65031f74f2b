"""Whoever made a track, as the folders between its genre and the file tell it."""

import re
from collections import defaultdict
from collections.abc import Iterable

from genre.addresses import Place
from genre.dataset.layouts.artist_names import known_artist
from genre.dataset.layouts.entries import Entry

# A genre with fewer folders could not be divided if each were one artist.
_N_FOLDERS = 3
YEAR = r"(?:19|20)\d\d"
# Folders that hold artists or albums and are none: 1990, 80s, F, FLAC, Singles …
_CONTAINERS = re.compile(
    rf"{YEAR}|[(\[]{YEAR}[)\]]|(?:19|20)?\d0s|[a-z#]|0-9|[a-z]-[a-z]|\d{{1,3}}"
    r"|(?:flac|mp3|wav|ogg|opus|aac|m4a|alac)(?:[ -]?(?:\d{2,3}k?|v\d|cbr|vbr))?|lossless|lossy"
    r"|music|downloads?|new|old|unsorted"
    r"|singles?|albums?|eps?|lps?|compilations?|non[ -]albums?|bootlegs?|demos?|live|remix(?:es)?"
    r"|osts?|soundtracks?|scores?|mixtapes?|various|samplers?",
    flags=re.IGNORECASE,
)
_PARTS = re.compile(
    r"(?:cd|dis[ck]|side|part|vol(?:ume)?|bonus|extras?|lp)[\s._-]*(?:\d*|[a-d])",
    flags=re.IGNORECASE,
)
# What stands before and behind an artist in the name of an album's folder.
_BEFORE = re.compile(rf"[(\[]?(?:{YEAR}|\d{{1,3}})[)\]]?(?:\s+-\s+|(?<=[)\]])\s*|\s+)")
_ALBUM = re.compile(
    rf"(?P<artist>.+?)(?:\s+[-\u2013\u2014]\s.*|\s+[(\[]{YEAR}.*|-[^ ]+-{YEAR}(?:-\w+)?"
    r"|\s+[(\[]?(?:complete|discography|collection|anthology|complete works)\b.*)",
    flags=re.IGNORECASE,
)


def artist_folders(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """List the folders that stand for artists, and the files in each.

    Parameters
    ----------
    entries : iterable of Entry
        The whole set.

    Returns
    -------
    list of (str, list of Entry)
        The artist and the tracks. Where two or more levels lie below a genre
        (``genre/Artist/Album/file``), the one above the albums is the artist; a single level is
        only where a genre has three such folders or more. What merely contains (``Singles``,
        ``1990s``, ``F``) or divides (``CD1``) is no level.
    """
    genres: defaultdict[Place, defaultdict[str, list[Entry]]] = defaultdict(
        lambda: defaultdict(list)
    )
    deep: set[tuple[Place, str]] = set()
    for entry in entries:
        levels = _levels(entry.below)
        if not levels:
            continue
        genre = entry.path.parents[len(entry.below)]
        name = levels[-2] if len(levels) > 1 else levels[0]
        genres[genre][name].append(entry)
        if len(levels) > 1:
            deep.add((genre, name))
    return [
        (artist, members)
        for genre, folders in genres.items()
        for name, members in folders.items()
        if len(folders) >= _N_FOLDERS or (genre, name) in deep
        if (artist := artist_of_folder(name)) is not None
    ]


def _levels(below: tuple[str, ...]) -> list[str]:
    levels = [name for name in below if not _CONTAINERS.fullmatch(name)]
    while levels and _PARTS.fullmatch(levels[-1]):
        levels.pop()
    return levels


def artist_of_folder(name: str) -> str | None:
    """Read the artist out of a folder's name.

    Parameters
    ----------
    name : str
        ``Artist``, ``Artist - Album``, ``(1990) Artist - Album``, ``Artist Discography`` …

    Returns
    -------
    str or None
        None for a stand-in, and for what only counts: ``CD1``, ``2004``.
    """
    name = name.replace("_", " ").strip()
    if _CONTAINERS.fullmatch(name) or _PARTS.fullmatch(name):
        return None
    if (before := _BEFORE.match(name)) and (album := _ALBUM.fullmatch(name[before.end() :])):
        return known_artist(album["artist"])
    if (album := _ALBUM.fullmatch(name)) and not re.fullmatch(YEAR, album["artist"]):
        return known_artist(album["artist"])
    return known_artist(name)
