"""What can be learned from a folder, and what can be shown with it."""

from genre.dataset.doctor.artists import describe_artists
from genre.dataset.doctor.diagnosis import (
    N_ARTISTS_TO_SPLIT,
    N_TEST_TRACKS_FEW,
    TEST_SHARE,
    rare_genres,
    same_tracks_warnings,
)
from genre.dataset.doctor.examination import Examination
from genre.dataset.labels import describe_question
from genre.wording import counted, listed, percent

# How many artists a test part needs for a difference between two models to be shown.
N_TEST_ARTISTS_FEW = 10
_NAMES_SHOWN = 8


def outlook(examination: Examination) -> tuple[str, ...]:
    """Write in plain words what can be learned from this folder and what can be shown with it.

    Parameters
    ----------
    examination : Examination
        What was found in the folder.

    Returns
    -------
    tuple of str
        Why the folders may be no genres, what can be done, where the artists are known from, and
        which figures or genres will say little. What `genre.dataset.doctor.advice.steps` lists to
        mend is not said again.
    """
    rare = set(rare_genres(examination.genres))
    kept = [row.genre for row in examination.genres if row.genre not in rare]
    return (
        *(f"not to be trained as it is: {doubt}" for doubt in examination.doubts),
        *_possible(examination, kept),
        *((describe_artists(examination.tracks),) if examination.tracks else ()),
        *_thin(examination),
        *same_tracks_warnings(examination.tracks),
    )


def _thin(examination: Examination) -> list[str]:
    """Name the genres of which a test part usually gets one artist."""
    thin = [
        row.genre
        for row in examination.genres
        if row.n_artists >= N_ARTISTS_TO_SPLIT and round(TEST_SHARE * row.n_artists) <= 1
    ]
    if not thin:
        return []
    figures = f"the test figures of {listed(thin, limit=_NAMES_SHOWN)} rest on one artist"
    return [f"{figures}{' each' if len(thin) > 1 else ''}"]


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
    part = f"a test part of {percent(TEST_SHARE)} would have {counted(n_tracks, 'track')} by "
    part += counted(n_artists, "artist")
    if n_artists < N_TEST_ARTISTS_FEW:
        part += (
            f": with fewer than {N_TEST_ARTISTS_FEW} no difference between two models can be "
            "shown; --folds all tests on every track in turn, --folds artists on every artist"
        )
    elif n_tracks < N_TEST_TRACKS_FEW:
        part += f": one track is {100 / n_tracks:.1f} points"
    return [*lines, part, *filter(None, (describe_question(used),))]
