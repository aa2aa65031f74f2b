"""What somebody says of a track, for which tracks, and what it makes of their genres."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from genre.dataset.tracks import Track
from genre.spelling import split_genres

ACCEPT, REMOVE, ADD, CHANGE, NOT_MUSIC = ACTIONS = (
    *("accept", "remove", "add", "change", "not music"),
)
SCOPES = ("track", "album", "artist")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody said of a track.

    Parameters
    ----------
    key : str
        Which track, as `Session.key_of` names it.
    action : str
        One of `ACTIONS`.
    before : tuple of str
        Canonical genres that the page showed.
    label : str
        The genre that goes, for remove and change.
    genre : str
        The genre that comes, for add and change, in any spelling.
    scope : str
        One of `SCOPES`: this track, or all of its album or artist.
    """

    key: str
    action: str
    before: tuple[str, ...]
    label: str = ""
    genre: str = ""
    scope: str = "track"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the labels of a file are to be.

    Parameters
    ----------
    file : Path
        Below the data folder.
    before : tuple of str or None
        Canonical genres that were looked at; None where the file was not listed.
    after : tuple of str or None
        Genres in any spelling; None takes the file out of the table.
    """

    file: Path
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


def scope_of(own: Track, tracks: Sequence[Track], scope: str) -> list[Track]:
    """List the tracks that an answer is for.

    Parameters
    ----------
    own : Track
        The one that was heard.
    tracks : sequence of Track
        All of them.
    scope : str
        One of `SCOPES`; an album is what the folder holds of the artist.
    """
    if scope == "track":
        return [own]
    if scope == "artist":
        return [track for track in tracks if track.artist == own.artist]
    folder = own.track_id.rpartition("/")[0]
    return [
        track
        for track in tracks
        if track.track_id.rpartition("/")[0] == folder and track.artist == own.artist
    ]


def after(genres: tuple[str, ...], answer: Answer) -> tuple[str, ...] | None:
    """Work out the genres that an answer leaves; None where the track is taken out.

    Parameters
    ----------
    genres : tuple of str
        Canonical, as they are.
    answer : Answer
        Any but accept, which leaves them as they are written.
    """
    if answer.action == NOT_MUSIC:
        return None
    goes = answer.label if answer.action in (REMOVE, CHANGE) else None
    kept = [genre for genre in genres if genre != goes]
    comes = answer.action == ADD or (answer.action == CHANGE and goes in (*genres, ""))
    is_new = comes and split_genres(answer.genre)[0] not in kept
    return (*kept, answer.genre) if is_new else tuple(kept)
