"""One spelling of every artist for the whole set."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from genre.dataset.layouts.artist_names import artist_key, other_keys
from genre.dataset.tracks import Track


def unify_artists(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Write every artist in one spelling: the most frequent one in the set.

    Parameters
    ----------
    tracks : sequence of Track
        The whole set.

    Returns
    -------
    tuple of Track
        In the same order; tracks that are their own artist stay as they are. ``Cash, Johnny`` is
        ``Johnny Cash``, and ``Foxes & Bears`` is ``Foxes``, where the set has these too.
    """
    names = Counter(track.artist for track in tracks if track.artist_source != "track")
    key_of = _keys(names)
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, number in names.items():
        if artist_key(name) == key_of[name]:
            spellings[key_of[name]][name] += number
    best = {
        key: min(counts, key=lambda name: (-counts[name], name))
        for key, counts in spellings.items()
    }
    return tuple(
        track
        if track.artist_source == "track"
        else replace(track, artist=best[key_of[track.artist]])
        for track in tracks
    )


def _keys(names: Iterable[str]) -> dict[str, str]:
    """Find the artist that each name stands for, by its key."""
    own = {name: artist_key(name) for name in names}
    known = set(own.values())
    # sorted, so that the order of the tracks does not matter
    leads_to: dict[str, str] = {}
    for name in sorted(own):
        others = (key for key in other_keys(name) if key in known and key != own[name])
        if (other := next(others, None)) is not None:
            leads_to.setdefault(own[name], other)
    return {name: _end(key, leads_to) for name, key in own.items()}


def _end(key: str, leads_to: dict[str, str]) -> str:
    seen = [key]
    while seen[-1] in leads_to:
        if leads_to[seen[-1]] in seen:  # "A, B" and "B, A": a circle has one name
            return min(seen[seen.index(leads_to[seen[-1]]) :])
        seen.append(leads_to[seen[-1]])
    return seen[-1]
