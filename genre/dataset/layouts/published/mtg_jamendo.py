"""Layout ``mtg_jamendo``: the genres of the MTG-Jamendo collection, in one of its five splits.

``splits/split-K/autotagging_genre-<part>.tsv`` has the columns TRACK_ID, ARTIST_ID, ALBUM_ID,
PATH, DURATION and TAGS; a row goes on with as many tags as the track has, ``genre---rock`` each.
The audio lies at PATH, ``14/214.mp3``, or in a smaller form at ``14/214.low.mp3``.

Reference: D. Bogdanov, M. Won, P. Tovstogan, A. Porter and X. Serra (2019), The MTG-Jamendo dataset
for automatic music tagging, Machine Learning for Music Discovery Workshop, ICML.
"""

from collections.abc import Iterator
from pathlib import Path, PurePath

from genre.dataset.layouts.entries import SPLITS, Layout, Listing
from genre.dataset.layouts.published.gathering import Row, gather, is_genre
from genre.dataset.layouts.published.lists import find_list, need_list, read_lines
from genre.errors import DatasetError

DIVISIONS = tuple(f"split-{number}" for number in range(5))
PARTS = ("train", "validation", "test")
_COLUMNS = ["TRACK_ID", "ARTIST_ID", "ALBUM_ID", "PATH", "DURATION", "TAGS"]
_KIND = "genre---"
CITATION = (
    "MTG-Jamendo, genres (Bogdanov, Won, Tovstogan, Porter and Serra 2019); its metadata are CC "
    "BY-NC-SA 4.0, each track's audio has a Creative Commons licence of its own"
)


def find_mtg_jamendo(root: Path, *, division: str = DIVISIONS[0]) -> Listing:
    """Label the files of MTG-Jamendo that have genres.

    Parameters
    ----------
    root : Path
        The data folder.
    division : {"split-0", "split-1", "split-2", "split-3", "split-4"}
        Which of the official ones.

    Returns
    -------
    Listing

    Raises
    ------
    DatasetError
        Where a list is not there or cannot be read.
    """
    lists = [
        (need_list(root, _places(division, part), of="MTG-Jamendo"), SPLITS[part]) for part in PARTS
    ]
    return gather(
        root,
        [row for path, part in lists for row in _rows(path, part)],
        citation=CITATION,
        key=_key,
        rank=lambda path: path.name.endswith(".low.mp3"),
        notes=[f"the official {division} is used, of five"],
    )


def _places(division: str, part: str) -> tuple[str, ...]:
    name = f"splits/{division}/autotagging_genre-{part}.tsv"
    return f"data/{name}", name


def _rows(path: Path, part: str) -> Iterator[Row]:
    head, *lines = read_lines(path) or [""]
    if head.split("\t") != _COLUMNS:
        raise DatasetError(f"{path}, line 1: must be {' '.join(_COLUMNS)}, parted by tabs")
    for line in lines:
        cells = line.split("\t")
        if len(cells) < len(_COLUMNS) - 1:
            raise DatasetError(f"{path}: must have {len(_COLUMNS)} cells or more, not {line!r}")
        _, artist, _, place, _, *tags = cells
        genres = [tag.removeprefix(_KIND) for tag in tags if tag.startswith(_KIND)]
        yield Row(
            key=_key(PurePath(place)),
            genres=tuple(name for name in genres if is_genre(name)),
            artist=artist or None,
            split=part,
        )


def _key(path: PurePath) -> str:
    return f"{path.parent.name}/{path.name.partition('.')[0]}"


MTG_JAMENDO = Layout(
    name="mtg_jamendo",
    option="mtg_jamendo",
    source="MTG-Jamendo's lists",
    advice="put the folder data/splits of MTG-Jamendo and its audio, 00 to 99, into {root}",
    find=find_mtg_jamendo,
    applies=lambda root: find_list(root, _places(DIVISIONS[0], PARTS[0])) is not None,
    citation=CITATION,
    choices={"division": DIVISIONS},
)
