"""What to mend first, and what a folder can and cannot show."""

from dataclasses import dataclass

from genre.dataset.doctor.advice import FAULTS, ODDITIES
from genre.dataset.doctor.diagnosis import LARGE_SHARE, N_ARTISTS_TO_SPLIT, N_TEST_TRACKS_FEW
from genre.dataset.doctor.examination import Examination
from genre.wording import counted, listed

# The share of the artists that a test part usually gets, and how many of them a finding needs.
TEST_SHARE = 0.2
N_TEST_ARTISTS_FEW = 10
_NAMES_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to mend.

    Parameters
    ----------
    kind : str
        For links and machines: ``rare``, ``dominated`` or a key of `FAULTS` or `ODDITIES`.
    count : str
        How many: ``3 files``.
    title : str
        What they are.
    what_to_do : str
    """

    kind: str
    count: str
    title: str
    what_to_do: str


def steps(examination: Examination) -> tuple[Step, ...]:
    """List what to mend, the gravest first.

    Returns
    -------
    tuple of Step
        Empty where nothing was found.
    """
    bad = [
        Step(
            kind=kind,
            count=counted(len(files), "file"),
            title=FAULTS[kind].title,
            what_to_do=FAULTS[kind].what_to_do,
        )
        for kind, files in examination.by_fault.items()
    ]
    odd = {
        kind: Step(
            kind=kind,
            count=counted(len(examination.by_finding[kind]), "file"),
            title=advice.title,
            what_to_do=advice.what_to_do,
        )
        for kind, advice in ODDITIES.items()
        if kind in examination.by_finding
    }
    grave = ("label_conflict", "same_recording", "unknown_artist")
    first = [odd.pop(kind) for kind in grave if kind in odd]
    return (*bad, *first, *_genre_steps(examination), *odd.values())


def rare_genres(examination: Examination) -> list[str]:
    """Name the genres that have too few artists for training, validation and test."""
    table = examination.genres
    return [str(genre) for genre in table.index[table["n_artists"] < N_ARTISTS_TO_SPLIT]]


def dominated_genres(examination: Examination) -> list[str]:
    """Name the genres of which one artist among several made most."""
    table = examination.genres
    is_dominated = (table["n_artists"] > 1) & (table["top_artist_share"] > LARGE_SHARE)
    return [str(genre) for genre in table.index[is_dominated]]


def _genre_steps(examination: Examination) -> list[Step]:
    found = []
    if rare := rare_genres(examination):
        found.append(
            Step(
                kind="rare",
                count=counted(len(rare), "genre"),
                title=f"fewer than {N_ARTISTS_TO_SPLIT} artists",
                what_to_do=(
                    f"Add tracks by others to {listed(rare, limit=_NAMES_SHOWN)}, or merge them "
                    "with a related genre; training leaves such genres out."
                ),
            )
        )
    if dominated := dominated_genres(examination):
        found.append(
            Step(
                kind="dominated",
                count=counted(len(dominated), "genre"),
                title="one artist made most",
                what_to_do=(
                    f"Add tracks by others to {listed(dominated, limit=_NAMES_SHOWN)}: else a "
                    "model learns the artist, not the genre."
                ),
            )
        )
    return found


def outlook(examination: Examination) -> tuple[str, ...]:
    """Say in plain words what can be learned from this folder and what can be shown with it.

    Returns
    -------
    tuple of str
        What can be done first, then every warning of `genre.dataset.doctor.diagnose`.
    """
    rare = set(rare_genres(examination))
    kept = [str(genre) for genre in examination.genres.index if genre not in rare]
    return (*_possible(examination, kept), *examination.warnings)


def _possible(examination: Examination, kept: list[str]) -> list[str]:
    n_genres = len(examination.genres)
    if len(kept) < 2:
        have = f"{counted(len(kept), 'genre')} of {n_genres}" if n_genres else "no genre"
        return [
            (
                f"nothing can be trained yet: {have} with tracks by {N_ARTISTS_TO_SPLIT} "
                "artists or more, at least 2 are needed"
            )
        ]
    lines = [
        (
            f"{len(kept)} of {counted(n_genres, 'genre')} can be trained and tested by artist: "
            f"{listed(kept, limit=_NAMES_SHOWN)}"
        )
    ]
    used = [track for track in examination.tracks if set(track.genres) & set(kept)]
    n_tracks = round(TEST_SHARE * len(used))
    n_artists = round(TEST_SHARE * len({track.artist for track in used}))
    part = f"a test part of a fifth would have {counted(n_tracks, 'track')} by "
    part += counted(n_artists, "artist")
    if n_artists < N_TEST_ARTISTS_FEW:
        part += (
            f": with fewer than {N_TEST_ARTISTS_FEW} no difference between two models can be "
            "shown; --folds all tests on every track in turn"
        )
    elif n_tracks < N_TEST_TRACKS_FEW:
        part += f": one track is {100 / n_tracks:.1f} points"
    return [*lines, part]
