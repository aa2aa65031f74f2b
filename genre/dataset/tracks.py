"""The track: one recording, its genres and whoever made it.

Everything after the scan works on a tuple of `Track`; two recordings with the same bytes are one
track. Genres and artists are already in the one spelling that the whole set uses, so both can be
compared with ``==``.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from genre.addresses import Place
from genre.errors import DatasetError
from genre.taxonomy import display_names

ArtistSource = Literal["labels", "tag", "name", "folder", "track"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """One recording.

    Parameters
    ----------
    track_id : str
        POSIX path relative to the data folder, composed (NFC), or as a manifest writes it; unique
        in a set.
    path : Path or Address
        Where the file is.
    genres : tuple of str
        Canonical names, sorted, each once.
    artist : str
        Whoever made it; the unit of splitting. The `track_id` where nobody is known.
    artist_source : {"labels", "tag", "name", "folder", "track"}
        Where the artist is known from: labels.csv, the file's own tag, its name, the folder that it
        lies in, or nowhere.
    sha256 : str
        64 hexadecimal digits, of the whole file; empty of a file elsewhere that nobody has read.
    split : {"train", "val", "test"} or None
        The part that labels.csv puts it in, if it does.
    fold : int or None
        The fold that labels.csv puts it in, if it does.
    recording : str or None
        Name of the recording that other tracks hold too; None where it is in this one alone, or
        nobody has looked.
    """

    track_id: str
    path: Place
    genres: tuple[str, ...]
    artist: str
    artist_source: ArtistSource
    sha256: str
    split: str | None = None
    fold: int | None = None
    recording: str | None = None

    @property
    def file(self) -> Path:
        """The file, of what needs one on this machine.

        Raises
        ------
        DatasetError
            Where it lies elsewhere.
        """
        if isinstance(self.path, Path):
            return self.path
        raise DatasetError(f"path={self.path} must be on this machine")

    def __post_init__(self) -> None:
        if self.genres != tuple(sorted(set(self.genres))):
            raise DatasetError(f"genres={self.genres!r} must be sorted, each genre once")


def with_names(tracks: Sequence[Track], spelled: Mapping[str, str]) -> tuple[Track, ...]:
    """Write the genres of tracks as their owner does, for what is told to people.

    Parameters
    ----------
    tracks : sequence of Track
        With canonical names.
    spelled : mapping of str to str
        How their owner spells genres, as for `genre.taxonomy.display_names`.
    """
    names = display_names({genre for track in tracks for genre in track.genres}, spelled)
    return tuple(
        replace(track, genres=tuple(sorted({names[genre] for genre in track.genres})))
        for track in tracks
    )


def tracks_hash(tracks: Sequence[Track]) -> str:
    """Hash a set of tracks by its content, whatever their order and wherever the folder lies.

    Parameters
    ----------
    tracks : sequence of Track
        The set.

    Returns
    -------
    str
        16 hexadecimal digits; another recording, genre, artist, split or fold gives others.
    """
    rows = [_row(track) for track in sorted(tracks, key=lambda track: track.track_id)]
    text = json.dumps(rows, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _row(track: Track) -> list[object]:
    row: list[object] = [track.track_id, track.sha256, list(track.genres), track.artist]
    row += [track.split, track.fold]
    # only where there is one, so that all other sets keep the names they have had
    return row if track.recording is None else [*row, track.recording]
