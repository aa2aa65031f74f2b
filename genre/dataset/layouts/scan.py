"""From a folder to tracks: choose the layout, hash the files, find the artists, merge copies."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from tqdm import tqdm

from genre.dataset.content_index import ContentIndex
from genre.dataset.duplicates import describe_copies, merge_same_content
from genre.dataset.faults import Fault
from genre.dataset.layouts.artists import artist_from_name, known_artist, unify_artists
from genre.dataset.layouts.entries import Entry, Listing
from genre.dataset.layouts.files import LABELS_FILE
from genre.dataset.layouts.folders import find_in_folders
from genre.dataset.layouts.labels_csv import find_by_labels
from genre.dataset.layouts.tags import find_by_tags, read_tags
from genre.dataset.tracks import ArtistSource, Track
from genre.errors import DatasetError
from genre.hashing import hash_file
from genre.wording import counted

LabelsOption = Literal["auto", "csv", "folders", "tags"]
Layout = Callable[[Path], Listing]

LAYOUTS: dict[str, Layout] = {
    "labels-csv": find_by_labels,
    "folder-per-genre": find_in_folders,
    "embedded-tags": find_by_tags,
}

LAYOUT_OF_OPTION = {"csv": "labels-csv", "folders": "folder-per-genre", "tags": "embedded-tags"}

N_READERS = 4  # threads; hashing and disks wait on each other, not on Python


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What lies in a data folder.

    Parameters
    ----------
    root : Path
        The folder.
    layout : str
        A key of `LAYOUTS`: how the genres were found.
    tracks : tuple of Track
        Sorted by track_id; files with the same bytes are one track.
    problems : tuple of Fault
        Audio files that cannot be used: no genre, empty, unreadable.
    notes : tuple of str
        What was left out or merged, in plain words.
    copies : tuple of tuple of Track
        Files with the same bytes, two or more together, each as it was before they became one
        track; sorted by track_id.
    """

    root: Path
    layout: str
    tracks: tuple[Track, ...]
    problems: tuple[Fault, ...]
    notes: tuple[str, ...] = ()
    copies: tuple[tuple[Track, ...], ...] = ()


def scan(
    root: Path,
    *,
    labels: LabelsOption = "auto",
    progress: bool = False,
    may_lack_tracks: bool = False,
    index: ContentIndex | None = None,
) -> Scan:
    """Find the tracks in a data folder.

    Parameters
    ----------
    root : Path
        The data folder.
    labels : {"auto", "csv", "folders", "tags"}
        Where the genres come from: ``labels.csv``, the names of the folders, or the files' own
        tags. ``auto`` takes labels.csv where there is one, else the folders.
    progress : bool
        Draw a bar while the files are read.
    may_lack_tracks : bool
        Audio files of which none can be used are an answer too, not an error.
    index : ContentIndex, optional
        Hashes of files that need not be read again; brought up to date and saved.

    Raises
    ------
    DatasetError
        On a folder that is not there, an unusable labels.csv, or where there are no tracks.
    """
    root = Path(root)
    if not root.is_dir():
        raise DatasetError(
            f"data={root} must be an existing folder: no tracks there; put them into "
            f"{root}/<genre>/ or name their folder with --data DIR"
        )
    layout = _choose_layout(root, labels)
    listing = LAYOUTS[layout](root)
    read = _read_all(listing.entries, index.hash if index else hash_file, progress=progress)
    if index is not None:
        index.save()
    found = unify_artists([item for item in read if isinstance(item, Track)])
    problems = (*listing.problems, *(item for item in read if isinstance(item, Fault)))
    if not found and not (problems and may_lack_tracks):
        raise DatasetError(_nothing_found(root, layout, listing, problems))
    return Scan(
        root=root,
        layout=layout,
        tracks=merge_same_content(found),
        problems=problems,
        notes=(*listing.notes, *describe_copies(found)),
        copies=_copies(found),
    )


def _copies(tracks: Sequence[Track]) -> tuple[tuple[Track, ...], ...]:
    by_content: defaultdict[str, list[Track]] = defaultdict(list)
    for track in sorted(tracks, key=lambda track: track.track_id):
        by_content[track.sha256].append(track)
    return tuple(tuple(same) for same in by_content.values() if len(same) > 1)


def _read_all(
    entries: Sequence[Entry], hasher: Callable[[Path], str], *, progress: bool
) -> list[Track | Fault]:
    total = len(entries)
    hidden = not (progress and total)
    with ThreadPoolExecutor(N_READERS) as pool:
        results = pool.map(partial(_read, hasher=hasher), entries)
        return list(tqdm(results, total=total, desc="reading", unit="file", disable=hidden))


def _choose_layout(root: Path, labels: str) -> str:
    if labels == "auto":
        labels = "csv" if (root / LABELS_FILE).is_file() else "folders"
    if labels not in LAYOUT_OF_OPTION:
        raise DatasetError(f"labels={labels!r} must be one of: auto, {', '.join(LAYOUT_OF_OPTION)}")
    return LAYOUT_OF_OPTION[labels]


def _read(entry: Entry, *, hasher: Callable[[Path], str]) -> Track | Fault:
    try:
        if not entry.path.is_file():  # a device or a pipe could be read for ever
            return _fault(entry, "unreadable", "must be a regular file")
        if entry.path.stat().st_size == 0:
            return _fault(entry, "empty", "has no content")
        sha256 = hasher(entry.path)
    except OSError as error:
        return _fault(entry, "unreadable", f"cannot be read: {error.strerror}")
    artist, source = _artist(entry)
    return Track(
        track_id=entry.track_id,
        path=entry.path,
        genres=entry.genres,
        artist=artist,
        artist_source=source,
        sha256=sha256,
        split=entry.split,
        fold=entry.fold,
    )


def _artist(entry: Entry) -> tuple[str, ArtistSource]:
    if (labelled := known_artist(entry.artist)) is not None:
        return labelled, "labels"
    if (tagged := known_artist(read_tags(entry.path).artist)) is not None:
        return tagged, "tag"
    if (named := artist_from_name(entry.path)) is not None:
        return named, "name"
    return entry.track_id, "track"


def _fault(entry: Entry, kind: str, message: str) -> Fault:
    return Fault(path=entry.path, sha256="", stage="scan", kind=kind, message=message)


def _nothing_found(root: Path, layout: str, listing: Listing, problems: tuple[Fault, ...]) -> str:
    seen = (
        [f"{counted(len(problems), 'audio file')}, none usable ({problems[0].message})"]
        if problems
        else []
    )
    seen += listing.notes
    found = "; ".join(seen) or "no audio files"
    advice = {
        "labels-csv": f"list the files in {root / LABELS_FILE}, columns path and genres",
        "folder-per-genre": (
            f"put audio files in {root}/<genre>/, or write {LABELS_FILE}, or read the genres from "
            "the files' own tags with --labels tags"
        ),
        "embedded-tags": "write genre tags into the files, or use --labels folders",
    }[layout]
    return f"No tracks found: looked in {root.resolve()} ({layout}) and saw {found}; {advice}"
