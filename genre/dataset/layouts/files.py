"""Which files below a folder are worth a look.

Hidden files and folders and what operating systems and players leave behind (covers, playlists,
``.DS_Store``, ``Thumbs.db``) are passed over; whatever else has an unknown ending is counted.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from genre.audio.decode import AUDIO_SUFFIXES
from genre.errors import DatasetError
from genre.wording import counted

LABELS_FILE = "labels.csv"

SYSTEM_FOLDERS = frozenset(
    {"__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found"}
)

# Endings that lie beside music as a matter of course: no word about them.
_COMPANIONS = (
    "jpg jpeg png gif bmp webp tif tiff svg pdf txt md nfo log cue m3u m3u8 pls xspf wpl asx lrc "
    "ini db csv json xml html htm url sfv md5 accurip"
)
COMPANION_SUFFIXES = frozenset(f".{ending}" for ending in _COMPANIONS.split())


@dataclass(frozen=True)
class FolderFiles:
    """The files below a folder.

    Parameters
    ----------
    audio : tuple of Path
        Files with an ending of audio, sorted.
    unknown : dict of str to int
        How many files have another ending, per ending; companions of music are not counted.
    """

    audio: tuple[Path, ...]
    unknown: dict[str, int]

    def notes(self) -> tuple[str, ...]:
        """Describe in plain words what was left out for its ending."""
        if not self.unknown:
            return ()
        total = sum(self.unknown.values())
        endings = ", ".join(f"{suffix or 'none'} ({n})" for suffix, n in self.unknown.items())
        return (f"{counted(total, 'file')} left out for the ending: {endings}",)


def list_files(root: Path) -> FolderFiles:
    """List what lies below a folder, at any depth, following links but never in circles.

    Parameters
    ----------
    root : Path
        The folder.

    Returns
    -------
    FolderFiles

    Raises
    ------
    DatasetError
        Where a folder cannot be read.
    """
    audio: list[Path] = []
    unknown: Counter[str] = Counter()
    for path in _walk(root, (root.resolve(),)):
        suffix = path.suffix.lower()
        if suffix in AUDIO_SUFFIXES:
            audio.append(path)
        elif suffix not in COMPANION_SUFFIXES:
            unknown[suffix] += 1
    return FolderFiles(tuple(audio), dict(sorted(unknown.items())))


def composed(name: str) -> str:
    """Write a name in Unicode's composed form (NFC), the same whatever system wrote it.

    Parameters
    ----------
    name : str
        Of a file or folder.
    """
    return unicodedata.normalize("NFC", name)


def track_ids(root: Path, paths: Iterable[Path]) -> dict[Path, str]:
    """Name files by their paths below a folder, the same on every system.

    Parameters
    ----------
    root : Path
        The folder.
    paths : iterable of Path
        Files below it.

    Returns
    -------
    dict of Path to str
        POSIX paths relative to ``root``, composed; as on disk where two files would share one.
    """
    names = {path: path.relative_to(root).as_posix() for path in paths}
    n_files = Counter(composed(name) for name in names.values())
    return {
        path: composed(name) if n_files[composed(name)] == 1 else name
        for path, name in names.items()
    }


def _walk(folder: Path, ancestors: tuple[Path, ...]) -> Iterator[Path]:
    try:
        items = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise DatasetError(f"folder={folder} must be readable: {error.strerror}") from error
    for item in items:
        if item.name.startswith(".") or item.name.lower() in SYSTEM_FOLDERS:
            continue
        if item.is_dir():
            target = item.resolve()
            # a link to a folder above would never end; one to a sibling is a second genre
            if target not in ancestors:
                yield from _walk(item, (*ancestors, target))
        else:
            yield item
