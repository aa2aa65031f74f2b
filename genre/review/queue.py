"""The queue: which tracks to listen to next, each with its reasons in words, the worst first."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from genre.dataset.tracks import Track
from genre.genre_tree import GenreTree
from genre.review.judged import Judged
from genre.review.reasons import (
    NO_TREE,
    REASONS,
    THIN,
    Reason,
    conflicts,
    doubtful,
    thin,
    undecided,
    unlike_copies,
    urgency,
)


@dataclass(frozen=True, kw_only=True)
class Item:
    """A track in the queue.

    Parameters
    ----------
    track_id : str
        Its name; unlabelled ones have a name of their own.
    file : Path
        The audio.
    genres : tuple of str
        Canonical; empty where nobody labelled it.
    artist, album : str
        Who made it; and its folder, where all in that are of one artist. Empty where not known.
    reasons : tuple of Reason
        The most urgent first; at least one.
    """

    track_id: str
    file: Path
    genres: tuple[str, ...]
    artist: str
    album: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Tracks to listen to.

    Parameters
    ----------
    items : tuple of Item
        The worst first.
    not_judged : tuple of str
        Labelled tracks that every run trained on: whether their labels are right, no run can say.
    n_tracks : int
        Labelled tracks in all.
    """

    items: tuple[Item, ...]
    not_judged: tuple[str, ...]
    n_tracks: int

    def filtered(
        self, *, genre: str | None = None, artist: str | None = None, reason: str | None = None
    ) -> tuple[Item, ...]:
        """Choose items; None chooses all.

        Parameters
        ----------
        genre : str, optional
            One that the label has, or that is suggested.
        artist : str, optional
            As of `Item`.
        reason : str, optional
            One of `REASONS`.
        """

        def _fits(item: Item) -> bool:
            genres = {*item.genres, *(each.suggested for each in item.reasons)}
            kinds = {each.kind for each in item.reasons}
            return (
                genre in (None, *genres)
                and artist in (None, item.artist)
                and reason in (None, *kinds)
            )

        return tuple(item for item in self.items if _fits(item))


def make_queue(
    tracks: Sequence[Track],
    judged: Judged,
    *,
    pairs: Sequence[tuple[str, str]] = (),
    copies: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    unlabelled: Sequence[Item] = (),
    settled: Collection[str] = (),
    called: Callable[[str], str] = str,
    tree: GenreTree = NO_TREE,
) -> Queue:
    """Find what is worth listening to.

    Parameters
    ----------
    tracks : sequence of Track
        With the labels that they have now.
    judged : Judged
        What runs say that never trained on them.
    pairs : sequence of (str, str)
        Ids of tracks that sound the same.
    copies : mapping, optional
        As of `genre.review.reasons.unlike_copies`.
    unlabelled : sequence of Item
        From `unlabelled_items`.
    settled : collection of str
        Ids of tracks that somebody has answered: only what two labels of one sound say counts.
    called : callable of str
        How a genre is written for people.
    tree : GenreTree
        What is above each genre.
    """
    by_id = {track.track_id: track for track in tracks}
    reasons: defaultdict[str, list[Reason]] = defaultdict(list)
    unlike = (conflicts(by_id, pairs, called), unlike_copies(copies or {}, called))
    of_scores = (doubtful(tracks, judged, called, tree), undecided(tracks, judged, called))
    for found in (*unlike, *of_scores, thin(tracks, called, tree)):
        for track_id, reason in found.items():
            if found in unlike or track_id not in settled:
                reasons[track_id].append(reason)
    albums = albums_of(tracks)
    items = [
        Item(
            track_id=track_id,
            file=by_id[track_id].file,
            genres=by_id[track_id].genres,
            artist=_artist(by_id[track_id]),
            album=albums.get(track_id, ""),
            reasons=tuple(sorted(why, key=urgency)),
        )
        for track_id, why in reasons.items()
    ]
    items.sort(key=lambda item: (urgency(item.reasons[0]), item.track_id))
    first = [item for item in items if REASONS.index(item.reasons[0].kind) < REASONS.index(THIN)]
    return Queue(
        items=(*first, *unlabelled, *items[len(first) :]),
        not_judged=tuple(track.track_id for track in tracks if track.track_id not in judged.row),
        n_tracks=len(tracks),
    )


def albums_of(tracks: Sequence[Track]) -> dict[str, str]:
    """Name the folder of each track that holds several, all of one artist.

    Parameters
    ----------
    tracks : sequence of Track
        Of one data folder.
    """
    folders: defaultdict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        folders[track.track_id.rpartition("/")[0]].append(track)
    return {
        track.track_id: folder
        for folder, inside in folders.items()
        for track in inside
        if len(inside) > 1 and len({other.artist for other in inside}) == 1
    }


def _artist(track: Track) -> str:
    return "" if track.artist_source == "track" else track.artist
