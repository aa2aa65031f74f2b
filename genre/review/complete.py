"""The first labels.csv of a folder: every track with its artist and the part it was in."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from genre.dataset.layouts import Scan
from genre.dataset.splits import PARTS, Split, load_split
from genre.dataset.tracks import Track
from genre.evaluation.inputs import ExperimentFolder
from genre.review.table import new_table
from genre.spelling import split_genres


def complete_table(found: Scan, splits: Sequence[Split]) -> str:
    """Write what is known of all tracks as a table.

    Parameters
    ----------
    found : Scan
        The folder as training read it.
    splits : sequence of Split
        The experiment's; several are folds, each of which has its own test part.

    Returns
    -------
    str
        In the order of the tracks. Files with the same bytes are listed once, with all their
        genres, as training takes them.
    """
    part, fold = _places(splits)
    return new_table([_row(found, track, part, fold) for track in found.tracks])


def part_column(found: Scan, splits: Sequence[Split]) -> tuple[str, dict[Path | None, str]] | None:
    """Find the column that keeps the parts where they are, for a table that says none.

    Parameters
    ----------
    found : Scan
        The folder as training read it.
    splits : sequence of Split
        As of `complete_table`.

    Returns
    -------
    name : str
        ``fold`` where there are folds, else ``split``.
    of_file : dict of Path to str
        What it says of each file. None in place of both where there is no division.
    """
    part, fold = _places(splits)
    of_track = fold or part
    if not of_track:
        return None
    files = {track.file: [track.file] for track in found.tracks}
    files |= {same[0].file: [one.file for one in same] for same in found.copies}
    return "fold" if fold else "split", {
        file: of_track.get(track.track_id, "")
        for track in found.tracks
        for file in files[track.file]
    }


def load_splits(folder: ExperimentFolder) -> list[Split]:
    """Read the divisions of an experiment.

    Parameters
    ----------
    folder : ExperimentFolder
        Where it lies.
    """
    return [load_split(path) for path in sorted(folder.splits())]


def _places(splits: Sequence[Split]) -> tuple[dict[str, str], dict[str, str]]:
    if any(split.fold is not None for split in splits):
        return {}, {track_id: str(split.fold) for split in splits for track_id in split.test}
    return {
        track_id: part for split in splits for part in PARTS for track_id in getattr(split, part)
    }, {}


def _row(
    found: Scan, track: Track, part: Mapping[str, str], fold: Mapping[str, str]
) -> tuple[str, ...]:
    genres = "|".join(_spelled(genre, found.display_names) for genre in track.genres)
    artist = "" if track.artist_source == "track" else track.artist
    return (
        track.file.relative_to(str(found.root)).as_posix(),
        genres,
        artist,
        part.get(track.track_id, track.split or ""),
        fold.get(track.track_id, "" if track.fold is None else str(track.fold)),
    )


def _spelled(genre: str, names: Mapping[str, str]) -> str:
    """Spell a genre as its owner does, where that reads as the same one again."""
    name = names.get(genre, genre)
    return name if split_genres(name) == (genre,) else genre
