"""Which files below a folder are worth a look.

Hidden files and what players leave behind (covers, playlists, ``.DS_Store``, ``Thumbs.db``) are
passed over without a word; hidden folders, bins and snapshots are named; whatever else has an
unknown ending is counted.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from genre.audio.decode import AUDIO_SUFFIXES
from genre.errors import DatasetError
from genre.wording import counted, listed

LABELS_FILE = "labels.csv"

# What systems, network drives and programs that copy files keep beside the files of their owners.
_SYSTEM_FOLDERS = re.compile(
    r"__macosx|system volume information|lost\+found|found\.\d+|[$#@]recycled?|recycler|recycled"
    r"|[$#@]?recycle[. _]?bin|[#@~]snapshots?|@recently-snapshot|@eadir|@__thumb|@tmp|@sharebin"
    r"|[#@~]?trash(?:es|-\d+)?|_gsdata_|snapshots|network trash folder|temporary items"
    r"|thevolumesettingsfolder|@syno\w+|lost\.dir|papierkorb|corbeille|papelera(?: de reciclaje)?"
    r"|cestino|prullenbak|papperskorgen|lixeira",
    flags=re.IGNORECASE,
)
_NAMES_SHOWN = 5

# Endings that lie beside music as a matter of course: no word about them.
_COMPANIONS = (
    "jpg jpeg png gif bmp webp tif tiff svg pdf txt md nfo log cue m3u m3u8 pls xspf wpl asx lrc "
    "ini db csv tsv xls xlsx ods numbers json jsonl ndjson parquet xml html htm url sfv md5 toml "
    "accurip"
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
    passed_over : tuple of Path
        Hidden folders, bins, snapshots and the like, into which nobody looked; sorted.
    """

    audio: tuple[Path, ...]
    unknown: dict[str, int]
    passed_over: tuple[Path, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """Describe in plain words what was left out."""
        notes = []
        if self.unknown:
            total = sum(self.unknown.values())
            endings = ", ".join(f"{suffix or 'none'} ({n})" for suffix, n in self.unknown.items())
            notes.append(f"{counted(total, 'file')} left out for the ending: {endings}")
        if self.passed_over:
            names = list(dict.fromkeys(folder.name for folder in self.passed_over))
            total = len(self.passed_over)
            notes.append(
                f"{counted(total, 'folder')} passed over, hidden or kept by a system or program: "
                f"{listed(names, limit=_NAMES_SHOWN)}"
            )
        return tuple(notes)


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
    passed_over: list[Path] = []
    for path in _walk(root, (root.resolve(),), passed_over):
        suffix = path.suffix.lower()
        if suffix in AUDIO_SUFFIXES:
            audio.append(path)
        elif suffix not in COMPANION_SUFFIXES:
            unknown[suffix] += 1
    return FolderFiles(tuple(audio), dict(sorted(unknown.items())), tuple(passed_over))


def is_passed_over(name: str) -> bool:
    """Check whether a folder is hidden, or one that a system or a program keeps for itself.

    Parameters
    ----------
    name : str
        Of the folder, without those above it.
    """
    return name.startswith(".") or _SYSTEM_FOLDERS.fullmatch(name) is not None


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


def _walk(folder: Path, ancestors: tuple[Path, ...], passed_over: list[Path]) -> Iterator[Path]:
    try:
        items = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise DatasetError(f"folder={folder} must be readable: {error.strerror}") from error
    for item in items:
        if item.is_dir():
            target = item.resolve()
            if is_passed_over(item.name):
                passed_over.append(item)
            # a link to a folder above would never end; one to a sibling is a second genre
            elif target not in ancestors:
                yield from _walk(item, (*ancestors, target), passed_over)
        elif not item.name.startswith("."):
            yield item
