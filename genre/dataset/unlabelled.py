"""Sound files as they are, without labels: hashed, and nothing more."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from genre.addresses import Address, Place
from genre.dataset.content_index import ContentIndex
from genre.dataset.faults import Fault
from genre.dataset.manifest import Manifest
from genre.dataset.tracks import Track
from genre.execution.bars import Bar
from genre.hashing import hash_file

N_READERS = 4  # threads; hashing and disks wait on each other, not on Python


def content_of(path: Path, hasher: Callable[[Path], str] = hash_file) -> str | Fault:
    """Hash a file that may be sound, or find that it cannot be.

    Parameters
    ----------
    path : Path
        The file.
    hasher : callable of Path
        What hashes it, as `ContentIndex.hash`.

    Returns
    -------
    str or Fault
        SHA-256 as 64 hexadecimal digits; a fault where it is empty or cannot be read.
    """
    try:
        if not path.is_file():  # a device or a pipe could be read for ever
            return _fault(path, "unreadable", "must be a regular file")
        if path.stat().st_size == 0:
            return _fault(path, "empty", "has no content")
        return hasher(path)
    except OSError as error:
        return _fault(path, "unreadable", f"cannot be read: {error.strerror}")


def read_unlabelled(
    names: Mapping[Path, str], index: ContentIndex, *, progress: bool = False
) -> tuple[list[Track], list[Fault]]:
    """Make tracks of files that nobody has labelled.

    Parameters
    ----------
    names : mapping of Path to str
        Files, and their `track_id`.
    index : ContentIndex
        Hashes of files that need not be read again; brought up to date and saved.
    progress : bool
        Draw a bar while the files are read.

    Returns
    -------
    list of Track, list of Fault
        Tracks without genres, each by an artist of its own; and the files that are none.
    """
    hidden = not (progress and names)
    with ThreadPoolExecutor(N_READERS) as pool:
        read = pool.map(lambda path: content_of(path, index.hash), names)
        bar = Bar(read, total=len(names), desc="reading", unit="file", disable=hidden)
        contents = dict(zip(names, bar, strict=True))
    index.save()
    tracks = [
        _track(path, names[path], content)
        for path, content in contents.items()
        if isinstance(content, str)
    ]
    return tracks, [content for content in contents.values() if isinstance(content, Fault)]


def read_listed(
    manifest: Manifest, rows: Iterable[int], index: ContentIndex, *, progress: bool = False
) -> tuple[list[Track], list[Fault]]:
    """Make tracks of files that a manifest lists, whatever their genres.

    A file of this machine that looks otherwise than its row says is hashed. Where the row says the
    hash but not how the file looks, or it lies elsewhere, whoever computes its features compares.

    Parameters
    ----------
    manifest : Manifest
        The list.
    rows : iterable of int
        Which of its rows, from 0.
    index : ContentIndex
        As of `read_unlabelled`; it learns what the manifest says of files.
    progress : bool
        Draw a bar while files are read.

    Returns
    -------
    list of Track, list of Fault
        As of `read_unlabelled`; a file elsewhere that nobody has read has an empty hash.
    """
    tracks: list[Track] = []
    unknown: dict[Path, str] = {}
    for row in rows:
        name, place, sha256 = manifest.path[row], manifest.place_of(row), manifest.sha256[row]
        stamp = manifest.stamp(row)
        if isinstance(place, Address):
            index.expect(place, stamp)
            sha256 = sha256 or index.known(place)
        elif not sha256 or (stamp is not None and not index.believe(place, stamp, sha256)):
            unknown[place] = name
            continue
        tracks.append(_track(place, name, sha256))
    read, faults = read_unlabelled(unknown, index, progress=progress)
    return [*tracks, *read], faults


def _track(path: Place, name: str, sha256: str) -> Track:
    return Track(
        track_id=name, path=path, genres=(), artist=name, artist_source="track", sha256=sha256
    )


def _fault(path: Path, kind: str, message: str) -> Fault:
    return Fault(path=path, sha256="", stage="scan", kind=kind, message=message)
