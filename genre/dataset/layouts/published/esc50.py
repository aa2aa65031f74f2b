"""Layout ``esc50``: environmental sounds in 50 classes, with their five folds.

``meta/esc50.csv`` has the columns filename, fold, target, category, esc10, src_file and take; the
clips lie in ``audio``. Those cut from one source (src_file) must stay together.

Reference: K. J. Piczak (2015), ESC: dataset for environmental sound classification, ACM Multimedia.
"""

from collections.abc import Iterator
from pathlib import Path, PurePath

from genre.dataset.layouts.entries import Layout, Listing
from genre.dataset.layouts.published.gathering import Row, gather, is_genre
from genre.dataset.layouts.published.lists import find_list, has_columns, need_list, read_table
from genre.errors import DatasetError

TABLE = ("meta/esc50.csv", "ESC-50-master/meta/esc50.csv")
_COLUMNS = ("filename", "fold", "category", "esc10", "src_file")
CITATION = (
    "ESC-50 (Piczak 2015), with its five folds; CC BY-NC 3.0, the ten classes of ESC-10 CC BY 3.0"
)


def find_esc50(root: Path, *, subset: str = "esc50") -> Listing:
    """Label the clips of ESC-50.

    Parameters
    ----------
    root : Path
        The data folder.
    subset : {"esc50", "esc10"}
        All 50 classes, or the ten of ESC-10.

    Returns
    -------
    Listing

    Raises
    ------
    DatasetError
        Where the table is not there or cannot be read.
    """
    table = need_list(root, TABLE, of="ESC-50")
    return gather(root, _rows(table, subset), citation=CITATION, key=lambda path: path.stem)


def _rows(table: Path, subset: str) -> Iterator[Row]:
    for name, fold, category, is_in_10, source in read_table(table, _COLUMNS):
        if subset == "esc10" and is_in_10 != "True":
            continue
        if not (fold.isascii() and fold.isdigit()):
            raise DatasetError(f"{table}: fold={fold!r} of {name} must be a whole number")
        yield Row(
            key=PurePath(name).stem,
            genres=(category,) if is_genre(category) else (),
            artist=source or None,
            fold=int(fold),
        )


ESC50 = Layout(
    name="esc50",
    option="esc50",
    source="ESC-50's table",
    advice="unpack ESC-50 into {root}, with its folders meta and audio",
    find=find_esc50,
    applies=lambda root: has_columns(find_list(root, TABLE), _COLUMNS),
    citation=CITATION,
    choices={"subset": ("esc50", "esc10")},
)
