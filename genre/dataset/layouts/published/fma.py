"""Layout ``fma``: the Free Music Archive's dump, with its subsets, its genre tree and its split.

``fma_metadata/tracks.csv`` has two rows of column names (``track`` above ``genre_top``) and a third
that names the index; ``fma_metadata/genres.csv`` gives every genre at most one parent. The audio
lies in ``fma_<subset>/NNN/NNNNNN.mp3``.

Reference: M. Defferrard, K. Benzi, P. Vandergheynst and X. Bresson (2017), FMA: a dataset for music
analysis, ISMIR.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from genre.dataset.layouts.entries import SPLITS, Layout, Listing
from genre.dataset.layouts.published.gathering import Known, Row, gather, is_genre
from genre.dataset.layouts.published.lists import find_list, has_columns, need_list, read_table
from genre.errors import DatasetError
from genre.wording import counted, listed

SUBSETS = ("small", "medium", "large", "full")
TRACKS = ("fma_metadata/tracks.csv", "tracks.csv")
GENRES = ("fma_metadata/genres.csv", "genres.csv")
_COLUMNS = ("", "set.subset", "set.split", "artist.id", "track.genre_top", "track.genres")
_OF_GENRES = ("genre_id", "parent", "title")
_FILE = re.compile(r"\d{6}\.\w+")
_TIMES_UP = 64
# Clips without sound or shorter than 30 s among those of fma_small and fma_medium.
_SHORT = """
    001486 005574 065753 080391 098558 098559 098560 098565 098566 098567 098568 098569 098571
    099134 105247 108924 108925 126981 127336 133297 143992
"""
KNOWN = Known(source="the wiki of mdeff/fma, clips shorter than 30 s", broken=tuple(_SHORT.split()))
CITATION = (
    "FMA (Defferrard, Benzi, Vandergheynst and Bresson 2017), with its official split; its "
    "metadata are CC BY 4.0, each track's audio has a licence of its own"
)


def find_fma(root: Path, *, subset: str | None = None, genres: str = "top") -> Listing:
    """Label the files of a subset of the Free Music Archive's dump.

    Parameters
    ----------
    root : Path
        The data folder.
    subset : {"small", "medium", "large", "full"}, optional
        If None, the largest one that there is a folder of, else all.
    genres : {"top", "all"}
        The one top genre of a track, or all its genres with those above them.

    Returns
    -------
    Listing
        Tracks without such a genre are counted in a note.

    Raises
    ------
    DatasetError
        Where a table is not there or cannot be read.
    """
    table = need_list(root, TRACKS, of="FMA")
    tree = _tree(need_list(root, GENRES, of="FMA")) if genres == "all" else {}
    there = [name for name in SUBSETS if (root / f"fma_{name}").is_dir()]
    subset = subset or (there[-1] if there else SUBSETS[-1])
    unknown: set[str] = set()
    rows = list(_rows(table, SUBSETS[: SUBSETS.index(subset) + 1], tree, unknown))
    notes = [f"{counted(len(rows), 'track')} of fma_{subset} listed"]
    if unknown:
        notes.append(
            f"{counted(len(unknown), 'genre id')} of {table.name} not in {GENRES[1]}, left out: "
            f"{listed(sorted(unknown), limit=5)}"
        )
    return gather(
        root,
        rows,
        citation=CITATION,
        key=lambda path: path.stem if _FILE.fullmatch(path.name) else None,
        rank=lambda path: path.parts[0] != f"fma_{subset}",
        known=KNOWN,
        notes=notes,
    )


def _rows(
    table: Path, subsets: tuple[str, ...], tree: Mapping[str, tuple[str, ...]], unknown: set[str]
) -> Iterator[Row]:
    cells = read_table(table, _COLUMNS, n_header_rows=2)
    for number, subset, split, artist, top, ids in cells:
        if not number.isdecimal():  # the row that names the index
            continue
        if subset not in subsets and "full" not in subsets:
            continue
        titles: tuple[str, ...] = (top,) if is_genre(top) else ()
        if tree:
            found = re.findall(r"\d+", ids)
            unknown.update(name for name in found if name not in tree)
            titles = tuple(dict.fromkeys(title for name in found for title in tree.get(name, ())))
        yield Row(
            key=f"{int(number):06d}",
            genres=titles,
            artist=artist or None,
            split=SPLITS.get(split),
        )


def _tree(table: Path) -> dict[str, tuple[str, ...]]:
    """Read the titles of each genre and of those above it, by its id."""
    rows = {number: (parent, title) for number, parent, title in read_table(table, _OF_GENRES)}
    return {number: tuple(_upwards(table, rows, number)) for number in rows}


def _upwards(table: Path, rows: Mapping[str, tuple[str, str]], number: str) -> Iterator[str]:
    start = number
    for _ in range(_TIMES_UP):
        if number not in rows:
            return
        number, title = rows[number]
        if is_genre(title):
            yield title
    raise DatasetError(f"{table}: genre_id={start} must not be above itself")


def _is_fma(root: Path) -> bool:
    return has_columns(find_list(root, TRACKS), _COLUMNS, n_header_rows=2) and has_columns(
        find_list(root, GENRES), _OF_GENRES
    )


FMA = Layout(
    name="fma",
    option="fma",
    source="tracks.csv of the Free Music Archive's dump",
    advice="unpack fma_metadata.zip and, beside it, fma_small.zip or a larger one into {root}",
    find=find_fma,
    applies=_is_fma,
    citation=CITATION,
    choices={"subset": SUBSETS, "genres": ("top", "all")},
)
