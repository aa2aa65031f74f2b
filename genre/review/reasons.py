"""Why somebody should listen to a track: doubts found in scores, copies and counts, in words."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genre.dataset.tracks import Track
from genre.genre_tree import GenreTree
from genre.review.judged import Judged
from genre.review.ranking import by_odds, odds_above_usual
from genre.wording import counted, listed

CONFLICT, DOUBTFUL, UNLABELLED, THIN, UNDECIDED = REASONS = (
    *("two labels, one sound", "doubtful label", "unlabelled", "a genre too thin", "undecided"),
)
"""Why a track is in the queue, the most urgent first."""
NEAR = 0.05
"""A score this near its threshold decides nothing."""
THIN_TRACKS, THIN_ARTISTS = 5, 3
_NAMES_SHOWN = 3
NO_TREE = GenreTree()


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why somebody should listen to a track.

    Parameters
    ----------
    kind : str
        One of `REASONS`.
    words : str
        A sentence with the evidence.
    weight : float
        Among reasons of a kind the larger is the more urgent.
    label : str or None
        The genre that is in doubt.
    suggested : str or None
        The genre that may be right instead.
    """

    kind: str
    words: str
    weight: float
    label: str | None = None
    suggested: str | None = None


def urgency(reason: Reason) -> tuple[int, float]:
    """Return what reasons are sorted by, the most urgent first.

    Parameters
    ----------
    reason : Reason
        Any.
    """
    return REASONS.index(reason.kind), -reason.weight


def doubtful(
    tracks: Sequence[Track],
    judged: Judged,
    called: Callable[[str], str],
    tree: GenreTree = NO_TREE,
) -> dict[str, Reason]:
    """Find tracks of whose label most runs think less than of another genre.

    Parameters
    ----------
    tracks : sequence of Track
        With the labels that they have now.
    judged : Judged
        What runs say that never trained on them.
    called : callable of str
        How a genre is written for people.
    tree : GenreTree
        What is above a label or below it does not speak against it.
    """
    column = {genre: number for number, genre in enumerate(judged.genres)}
    known = [
        track
        for track in tracks
        # a label that the model has never learned says nothing for it or against it
        if track.track_id in judged.row and track.genres and set(track.genres) <= set(column)
    ]
    if not known:
        return {}
    rows = [judged.row[track.track_id] for track in known]
    wider = {genre: set(tree.whole([genre])) for genre in column}
    y_true = np.zeros((len(known), len(column)), dtype=bool)
    for number, track in enumerate(known):
        whole = set(tree.whole(track.genres)) & set(column)
        y_true[number, [column[genre] for genre in whole]] = True
    doubt = by_odds(y_true, judged.y_score[:, rows])
    odds = odds_above_usual(y_true, judged.mean[rows])
    found = {}
    for track, weight, of_track in zip(known, doubt, odds, strict=True):
        label = min(track.genres, key=lambda genre: of_track[column[genre]])
        others = [
            genre
            for genre in sorted(column)
            if not wider[genre] & set(track.genres)
            and not any(genre in wider[own] for own in track.genres)
        ]
        if weight <= 0 or not others:
            continue
        better = max(others, key=lambda genre: of_track[column[genre]])
        if words := _against(judged, track.track_id, (label, better), called):
            found[track.track_id] = Reason(
                kind=DOUBTFUL, words=words, weight=float(weight), label=label, suggested=better
            )
    return found


def _against(
    judged: Judged, track_id: str, genres: tuple[str, str], called: Callable[[str], str]
) -> str:
    """Count in words the runs that hear the second genre rather than the first, if most do."""
    label, better = genres
    n_agree, n_runs = judged.n_above(track_id, better, label), judged.n_runs(track_id)
    if 2 * n_agree <= n_runs:
        return ""
    scores = dict(zip(judged.genres, judged.mean[judged.row[track_id]], strict=True))
    return (
        f"{n_agree} of {counted(n_runs, 'run')} that never heard it in training "
        f"{'hears' if n_runs == 1 else 'hear'} {called(better)} ({scores[better]:.2f}) rather "
        f"than its label {called(label)} ({scores[label]:.2f})"
    )


def undecided(
    tracks: Sequence[Track], judged: Judged, called: Callable[[str], str]
) -> dict[str, Reason]:
    """Find tracks with a score so near its threshold that it decides nothing.

    Parameters
    ----------
    tracks : sequence of Track
        With the labels that they have now.
    judged : Judged
        What runs say that never trained on them.
    called : callable of str
        How a genre is written for people.
    """
    if judged.task == "exclusive":  # nothing has to be reached
        return {}
    found = {}
    thresholds = judged.thresholds.mean(axis=0)
    distance = judged.distance()
    for track in tracks:
        row = judged.row.get(track.track_id)
        if row is None or distance[row] >= NEAR:
            continue
        nearest = int(np.abs(judged.mean[row] - thresholds).argmin())
        words = (
            f"its score for {called(judged.genres[nearest])}, {judged.mean[row, nearest]:.2f}, "
            f"lies at what decides, {thresholds[nearest]:.2f}"
        )
        found[track.track_id] = Reason(
            kind=UNDECIDED, words=words, weight=-float(distance[row]), label=judged.genres[nearest]
        )
    return found


def thin(
    tracks: Sequence[Track], called: Callable[[str], str], tree: GenreTree = NO_TREE
) -> dict[str, Reason]:
    """Find the tracks of genres that have too few to be learned.

    Parameters
    ----------
    tracks : sequence of Track
        With the labels that they have now.
    called : callable of str
        How a genre is written for people.
    tree : GenreTree
        A genre has the tracks of what is below it, too.
    """
    n_tracks: Counter[str] = Counter()
    artists: defaultdict[str, set[str]] = defaultdict(set)
    for track in tracks:
        for genre in tree.whole(track.genres):
            n_tracks[genre] += 1
            artists[genre].add(track.artist)
    found = {}
    for track in tracks:
        thin = [
            genre
            for genre in track.genres
            if n_tracks[genre] < THIN_TRACKS or len(artists[genre]) < THIN_ARTISTS
        ]
        if not thin:
            continue
        rarest = min(thin, key=lambda genre: (n_tracks[genre], genre))
        words = (
            f"{called(rarest)} has only {counted(n_tracks[rarest], 'track')} by "
            f"{counted(len(artists[rarest]), 'artist')}; it is learned badly or left out"
        )
        found[track.track_id] = Reason(
            kind=THIN, words=words, weight=-float(n_tracks[rarest]), label=rarest
        )
    return found


def conflicts(
    by_id: Mapping[str, Track], pairs: Sequence[tuple[str, str]], called: Callable[[str], str]
) -> dict[str, Reason]:
    """Find tracks that hold one recording and are labelled unlike.

    Parameters
    ----------
    by_id : mapping of str to Track
        All of them.
    pairs : sequence of (str, str)
        Ids of tracks that sound the same.
    called : callable of str
        How a genre is written for people.
    """
    others: defaultdict[str, list[str]] = defaultdict(list)
    for one, other in pairs:
        if one in by_id and other in by_id and by_id[one].genres != by_id[other].genres:
            others[one].append(other)
            others[other].append(one)
    found = {}
    for track_id, same in others.items():
        named = [
            f"{name} ({', '.join(called(genre) for genre in by_id[name].genres)})"
            for name in sorted(same)
        ]
        theirs = {genre for name in same for genre in by_id[name].genres}
        own = by_id[track_id].genres
        words = (
            f"labelled {', '.join(called(genre) for genre in own)}, but it is the same recording "
            f"as {listed(named, limit=_NAMES_SHOWN)}"
        )
        found[track_id] = Reason(
            kind=CONFLICT,
            words=words,
            weight=float(len(same)),
            label=next(iter(sorted(set(own) - theirs)), None),
            suggested=next(iter(sorted(theirs - set(own))), None),
        )
    return found


def unlike_copies(
    copies: Mapping[str, Mapping[str, tuple[str, ...]]], called: Callable[[str], str]
) -> dict[str, Reason]:
    """Find tracks that lie there several times, byte for byte, and are labelled unlike.

    Parameters
    ----------
    copies : mapping of str to mapping of str to tuple of str
        By the id of the track that all of them count as: each file and its genres.
    called : callable of str
        How a genre is written for people.
    """
    found = {}
    for track_id, files in copies.items():
        if len(set(files.values())) < 2:
            continue
        named = [f"{name} ({', '.join(map(called, files[name]))})" for name in sorted(files)]
        words = (
            f"the same file lies there {len(files)} times with different labels, which count "
            f"together: {listed(named, limit=_NAMES_SHOWN)}"
        )
        label = next(iter(sorted(set().union(*files.values()))), None)
        found[track_id] = Reason(kind=CONFLICT, words=words, weight=float(len(files)), label=label)
    return found
