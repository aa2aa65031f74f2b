"""Whoever made a track: read from its tag or file name, one spelling for the whole set."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from genre.dataset.tracks import Track

# As an artist these would tie together tracks that have nothing in common.
NOBODY = frozenset(
    {"", "unknown", "unknownartist", "<unknown>", "various", "variousartists", "va", "n/a", "none"}
)


def artist_key(name: str) -> str:
    """Reduce an artist's name to what two spellings of it share.

    Parameters
    ----------
    name : str
        As a label, a tag or a file's name has it.

    Returns
    -------
    str
        Case-folded, without any white space.
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def known_artist(name: str | None) -> str | None:
    """Clean an artist's name.

    Parameters
    ----------
    name : str or None
        From labels.csv, a tag or a file's name; None where there is none.

    Returns
    -------
    str or None
        Without guests (``feat. …``); None for a stand-in such as ``Various Artists``.
    """
    if name is None:
        return None
    alone = re.split(r"\s[(\[]?(?:feat|ft|featuring)\b", name, maxsplit=1, flags=re.IGNORECASE)[0]
    cleaned = " ".join(alone.split())
    return None if artist_key(cleaned) in NOBODY else cleaned


def artist_from_name(path: Path) -> str | None:
    """Read the artist out of a file called ``Artist - Title``.

    Parameters
    ----------
    path : Path
        Also ``01 - Artist - Title``, ``Artist_-_Title`` and other dashes with space around them.

    Returns
    -------
    str or None
        None where the name has no such form, as in ``01 - Title``.
    """
    words = path.stem.replace("_", " ")
    parts = [part.strip() for part in re.split(r"\s[-\u2013\u2014]\s", words)]
    if re.fullmatch(r"\d{1,3}\.?", parts[0]):  # the number on the record
        parts = parts[1:]
    if len(parts) < 2:
        return None
    return known_artist(re.sub(r"^\d{1,3}\.\s+", "", parts[0]))


def unify_artists(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Write every artist in one spelling: the most frequent one in the set.

    Parameters
    ----------
    tracks : sequence of Track
        The whole set.

    Returns
    -------
    tuple of Track
        In the same order; tracks that are their own artist stay as they are.
    """
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for track in tracks:
        if track.artist_source != "track":
            spellings[artist_key(track.artist)][track.artist] += 1
    best = {
        key: min(counts, key=lambda name: (-counts[name], name))
        for key, counts in spellings.items()
    }
    return tuple(
        track
        if track.artist_source == "track"
        else replace(track, artist=best[artist_key(track.artist)])
        for track in tracks
    )
