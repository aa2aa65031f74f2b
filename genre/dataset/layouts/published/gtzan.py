"""Layout ``gtzan``: ten genres, in the fault-filtered, artist-aware division.

The publishers give no lists; a file's name says its genre:
``genres_original/blues/blues.00000.wav``, ``genres/blues/blues.00000.au``, or all in one folder.

Reference: G. Tzanetakis and P. Cook (2002), Musical genre classification of audio signals, IEEE
Transactions on Speech and Audio Processing 10 (5). The faults and the lists: see the data file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from genre.audio.containers import sniff
from genre.dataset.layouts.entries import Entry, Layout, Listing
from genre.dataset.layouts.published.gathering import Known, Row, gather
from genre.dataset.layouts.published.lists import read_lines
from genre.errors import AudioError

DIVISION = Path(__file__).with_name("gtzan_fault_filtered.txt")
GENRES = "blues classical country disco hiphop jazz metal pop reggae rock".split()  # noqa: SIM905
BROKEN = "jazz.00054"
_FILE = re.compile(rf"(?P<key>(?P<genre>{'|'.join(GENRES)})\.\d{{5}})\.\w+")
_FOLDERS = ("", "genres_original", "genres", "Data/genres_original")
# Sturm (2013), exact repetitions.
_SAME = {
    "disco": "50=51=70 55=60=89 71=74 98=99",
    "hiphop": "39=45 76=78",
    "jazz": "33=51 34=53 35=55 36=58 37=60 38=62 39=65 40=67 42=68 43=69 44=70 45=71 46=72",
    "metal": "4=13 34=94 40=61 41=62 42=63 43=64 44=65 45=66",
    "pop": "30=31 45=46 47=80 54=60 56=59 67=71 87=90",
    "reggae": "3=54 5=56 8=57 10=60 13=58 41=69 73=74 75=91=92 80=81=82",
}
KNOWN = Known(
    source="Sturm 2013, arXiv:1306.1461, and the copies in use",
    broken=(BROKEN,),
    same=tuple(
        tuple(f"{genre}.{int(number):05d}" for number in group.split("="))
        for genre, groups in _SAME.items()
        for group in groups.split()
    ),
)
CITATION = (
    "GTZAN (Tzanetakis and Cook 2002), in the fault-filtered, artist-aware division of Kereliuk, "
    "Sturm and Larsen 2015; no licence is stated for its audio"
)


def find_gtzan(root: Path) -> Listing:
    """Label the files of GTZAN that are in the fault-filtered division.

    Parameters
    ----------
    root : Path
        The data folder.

    Returns
    -------
    Listing
        The 70 files that the division leaves out are counted in a note.
    """
    listing = gather(root, _rows(), citation=CITATION, key=_key, known=KNOWN)
    return replace(listing, notes=(*listing.notes, *_unreadable(listing.entries)))


def _unreadable(entries: Sequence[Entry]) -> Iterator[str]:
    """Count the training tracks without the one that many copies of the collection have spoilt."""
    for entry in entries:
        if _key(PurePath(entry.track_id)) != BROKEN or not isinstance(entry.path, Path):
            continue
        try:
            sniff(entry.path)
        except AudioError as error:
            n_listed = sum(other.split == entry.split for other in entries)
            yield (
                f"{entry.track_id} cannot be read here ({error.kind.value}): {n_listed - 1} of "
                f"{n_listed} tracks to train on are used"
            )


def _rows() -> Iterator[Row]:
    for line in read_lines(DIVISION):
        if not line.startswith("#"):
            part, genre, *numbers = line.split()
            for number in numbers:
                yield Row(key=f"{genre}.{int(number):05d}", genres=(genre,), split=part)


def _key(path: PurePath) -> str | None:
    found = _FILE.fullmatch(path.name)
    return found["key"] if found else None


def _is_gtzan(root: Path) -> bool:
    return any(_has_all(root / folder) for folder in _FOLDERS)


def _has_all(folder: Path) -> bool:
    """Whether files of all ten genres lie in a folder, or in folders of theirs."""
    return all(
        any(_FILE.fullmatch(path.name) for path in (folder / genre).glob(f"{genre}.*"))
        or any(_FILE.fullmatch(path.name) for path in folder.glob(f"{genre}.*"))
        for genre in GENRES
    )


GTZAN = Layout(
    name="gtzan",
    option="gtzan",
    source="the names of GTZAN's files, in its fault-filtered division",
    advice="unpack GTZAN into {root}, as genres_original/<genre>/<genre>.NNNNN.wav",
    find=find_gtzan,
    applies=_is_gtzan,
    citation=CITATION,
)
