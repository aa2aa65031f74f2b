"""From a folder, or an address, to the rows of a manifest."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from genre.addresses import Address, Place
from genre.audio.decode import AUDIO_SUFFIXES, sniff
from genre.dataset.content_index import ContentIndex, stamp_of
from genre.dataset.faults import Fault
from genre.dataset.layouts import AUTO, choose_layout
from genre.dataset.layouts.artist_guesses import guess_artists
from genre.dataset.layouts.artists import unify_artists
from genre.dataset.layouts.entries import Entry, part_of_split
from genre.dataset.layouts.files import is_passed_over, list_files
from genre.dataset.layouts.folders import split_level, without_level
from genre.dataset.layouts.scan import artist_of
from genre.dataset.manifest.columns import UNKNOWN
from genre.dataset.manifest.writing import Row
from genre.dataset.tracks import ArtistSource, Track
from genre.dataset.unlabelled import N_READERS, content_of
from genre.errors import AudioError, DatasetError
from genre.execution.bars import Bar
from genre.remote.copying import find_files
from genre.spelling import split_genres


@dataclass(frozen=True, kw_only=True)
class Made:
    """The rows of a manifest, and what was left out.

    Parameters
    ----------
    rows : tuple of Row
        Sorted by path.
    faults : tuple of Fault
        Files with an ending of audio that are none, are empty or cannot be read.
    notes : tuple of str
        What else was left out, in plain words.
    """

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def list_folder(
    root: Path, out: Place, *, labels: str = AUTO, index: ContentIndex, hashes: bool = False
) -> Made:
    """List the audio files of a folder as a manifest does.

    Parameters
    ----------
    root : Path
        The folder.
    out : Path or Address
        Where the manifest is to lie: paths start from its folder where the music lies below it.
    labels : str
        Where the genres come from, as for training.
    index : ContentIndex
        Hashes that are known.
    hashes : bool
        Whether to read files whose hash is not known.

    Returns
    -------
    Made

    Raises
    ------
    DatasetError
        Where there is no audio file, or as the layout.
    """
    files = list_files(root)
    if not files.audio:
        raise DatasetError(f"data={root} must hold at least one audio file")
    listing = choose_layout(root, labels).find(root)
    look = partial(
        _look,
        entries={entry.path: entry for entry in listing.entries},
        guesses=guess_artists(listing.entries),
        named=_namer(root, out),
        hasher=index.hash if hashes else index.known,
    )
    looked = _each(files.audio, look, "scanning")
    found = [item for item in looked if not isinstance(item, Fault)]
    tracks = unify_artists([track for _, track in found if track is not None])
    about = {track.track_id: track for track in tracks}
    rows = [_labelled(row, about.get(row.path)) for row, _ in found]
    return Made(
        rows=tuple(sorted(rows, key=lambda row: row.path)),
        faults=tuple(item for item in looked if isinstance(item, Fault)),
        notes=listing.notes,
    )


def _look(
    path: Path,
    *,
    entries: Mapping[Place, Entry],
    guesses: Mapping[str, tuple[str, ArtistSource]],
    named: Callable[[Path], str],
    hasher: Callable[[Path], str],
) -> tuple[Row, Track | None] | Fault:
    """Look at a file: its row, and its track where it has a genre."""
    try:
        sniff(path)
        size, modified, changed = stamp_of(path)
    except AudioError as error:
        kind, message = error.kind.value, error.message
        return Fault(path=path, sha256="", stage="scan", kind=kind, message=message)
    except OSError as error:
        words = f"cannot be read: {error.strerror}"
        return Fault(path=path, sha256="", stage="scan", kind="unreadable", message=words)
    content = content_of(path, hasher)
    if isinstance(content, Fault):
        return content
    row = Row(named(path), size, modified, changed, content or None)
    if (entry := entries.get(path)) is None:
        return row, None
    artist, source = artist_of(entry, guesses)
    return row, Track(
        track_id=row.path,
        path=path,
        genres=entry.genres,
        artist=artist,
        artist_source=source,
        sha256="",
        split=entry.split,
        fold=entry.fold,
    )


def list_address(root: Address, out: Place, *, index: ContentIndex, hashes: bool = False) -> Made:
    """List the audio files below an address; genres are the folders' names.

    Parameters
    ----------
    root : Address
        Of a folder.
    out : Path or Address
        As of `list_folder`.
    index : ContentIndex
        As of `list_folder`.
    hashes : bool
        Whether to read all files whose hash is not known, which brings every byte of them.

    Returns
    -------
    Made

    Raises
    ------
    AddressError
        Where it cannot be listed or a file cannot be read.
    DatasetError
        Where there is no audio file.
    """
    found = {name: about for name, about in find_files(root).items() if _is_audio(name)}
    if not found:
        raise DatasetError(f"data={root} must hold at least one audio file")
    folders = {name: PurePosixPath(name).parts[:-1] for name in found}
    level = split_level(list(folders.values()))
    named = {name: without_level(parts, level) for name, parts in folders.items()}
    guesses = guess_artists(
        [Entry(track_id=name, path=root / name, genres=(), below=named[name][1:]) for name in found]
    )
    beside = f"{out.parent}/" if isinstance(out, Address) else ""

    def _row(name: str) -> Row:
        address = root / name
        size, modified, sha256 = _known(address, found[name], index, hashes=hashes)
        return Row(
            path=str(address).removeprefix(beside),
            size=size,
            modified=modified,
            sha256=sha256 or None,
            genres="|".join(split_genres(named[name][0]) if named[name] else ()),
            artist=guesses[name][0] if name in guesses else "",
            split="" if level is None else part_of_split(folders[name][level]) or "",
        )

    return Made(rows=tuple(sorted(_each(found, _row, "scanning"), key=lambda row: row.path)))


def _known(
    address: Address, about: Mapping[str, Any], index: ContentIndex, *, hashes: bool
) -> tuple[int | None, int | None, str]:
    """Find size, time and hash of a file elsewhere; it is read only for its hash."""
    size: int | None = about.get("size")
    modified = modified_ns(about)
    if size is not None and modified is not None:
        index.expect(address, (size, modified, UNKNOWN))
    return size, modified, index.hash(address) if hashes else index.known(address)


def modified_ns(about: Mapping[str, Any]) -> int | None:
    """Read when a file was changed last from what its file system says.

    Parameters
    ----------
    about : mapping
        As `find_files` returns it.

    Returns
    -------
    int or None
        In ns since 1970; None where it does not say.
    """
    for key in ("mtime", "LastModified", "last_modified", "updated", "modified"):
        value = about.get(key)
        if isinstance(value, datetime):
            return round(value.timestamp() * 1e6) * 1000
        if isinstance(value, int | float):
            return round(value * 1e6) * 1000
    return None


def _labelled(row: Row, track: Track | None) -> Row:
    if track is None:
        return row
    return replace(
        row,
        genres="|".join(track.genres),
        artist="" if track.artist_source == "track" else track.artist,
        split=track.split or "",
        fold=track.fold,
    )


def _namer(root: Path, out: Place) -> Callable[[Path], str]:
    top = root.resolve()
    base = out.parent.resolve() if isinstance(out, Path) else None
    if base is not None and top.is_relative_to(base):
        top = top.relative_to(base)

    def _named(path: Path) -> str:
        return (top / path.relative_to(root)).as_posix()

    return _named


def _is_audio(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if any(is_passed_over(part) for part in parts[:-1]) or parts[-1].startswith("."):
        return False
    return os.path.splitext(name)[1].lower() in AUDIO_SUFFIXES  # noqa: PTH122 - of an address


def _each(items: Iterable[Any], function: Callable[[Any], Any], what: str) -> list[Any]:
    listed = list(items)
    with ThreadPoolExecutor(N_READERS) as pool:
        done = pool.map(function, listed)
        return list(Bar(done, total=len(listed), desc=what, unit="file", delay=2))
