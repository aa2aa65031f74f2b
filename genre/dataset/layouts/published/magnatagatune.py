"""Layout ``magnatagatune``: the 50 most frequent tags, divided by folder as is usual.

``annotations_final.csv`` and ``clip_info_final.csv`` are parted by tabs in spite of their names.
The audio lies in ``0`` to ``f``: 0 to b to train on, c to validate, d to f to test.

Reference: E. Law, K. West, M. Mandel, M. Bay and J. S. Downie (2009), Evaluation of algorithms
using games: the case of music tagging, ISMIR.
"""

from collections.abc import Iterator
from pathlib import Path, PurePath

from genre.dataset.layouts.entries import Layout, Listing
from genre.dataset.layouts.published.gathering import Known, Row, gather
from genre.dataset.layouts.published.lists import (
    find_list,
    has_columns,
    need_list,
    read_header,
    read_table,
)
from genre.errors import DatasetError

ANNOTATIONS = ("annotations_final.csv",)
CLIPS = ("clip_info_final.csv",)
N_TAGS = 50
_PARTS = dict.fromkeys("0123456789ab", "train") | {"c": "val"} | dict.fromkeys("def", "test")
_THIRD = "american_baroque-dances_and_suites_of_rameau_and_couperin"
KNOWN = Known(
    source="empty as published",
    broken=(
        "6/norine_braun-now_and_zen-08-gently-117-146",
        "8/jacob_heringman-josquin_des_prez_lute_settings-19-gintzler__pater_noster-204-233",
        f"9/{_THIRD}-25-le_petit_rien_xiveme_ordre_couperin-88-117",
    ),
)
CITATION = (
    "MagnaTagATune (Law, West, Mandel, Bay and Downie 2009), its 50 most frequent tags, divided by "
    "folder (0 to b, c, d to f); its audio is Magnatune's, CC BY-NC-SA"
)


def find_magnatagatune(root: Path) -> Listing:
    """Label the clips of MagnaTagATune by those of the 50 most frequent tags that they have.

    Parameters
    ----------
    root : Path
        The data folder.

    Returns
    -------
    Listing
        Clips with none of these tags are counted in a note.

    Raises
    ------
    DatasetError
        Where a table is not there or cannot be read.
    """
    annotations = need_list(root, ANNOTATIONS, of="MagnaTagATune")
    clips = need_list(root, CLIPS, of="MagnaTagATune")
    rows = read_table(clips, ("clip_id", "artist"), delimiter="\t", strict=False)
    artists = {clip: artist for clip, artist in rows}
    return gather(root, _rows(annotations, artists), citation=CITATION, key=_key, known=KNOWN)


def _rows(annotations: Path, artists: dict[str, str]) -> Iterator[Row]:
    head = read_header(annotations, delimiter="\t")
    tags = [name for name in head if name not in ("clip_id", "mp3_path")]
    rows = read_table(annotations, ("clip_id", "mp3_path", *tags), delimiter="\t", strict=False)
    once = {row[1]: row for row in rows}.values()
    counts = [sum(row[column] == "1" for row in once) for column in range(2, len(tags) + 2)]
    most = sorted(range(len(tags)), key=lambda column: -counts[column])[:N_TAGS]
    for clip, place, *marks in rows:
        folder = PurePath(place).parent.name
        if folder not in _PARTS:
            raise DatasetError(f"{annotations}: mp3_path={place!r} must lie in a folder 0 to f")
        yield Row(
            key=_key(PurePath(place)),
            genres=tuple(tags[column] for column in most if marks[column] == "1"),
            artist=artists.get(clip) or None,
            split=_PARTS[folder],
        )


def _key(path: PurePath) -> str:
    return f"{path.parent.name}/{path.stem}"


def _is_magnatagatune(root: Path) -> bool:
    return has_columns(
        find_list(root, ANNOTATIONS), ("clip_id", "mp3_path"), delimiter="\t"
    ) and has_columns(find_list(root, CLIPS), ("clip_id", "artist"), delimiter="\t")


MAGNATAGATUNE = Layout(
    name="magnatagatune",
    option="magnatagatune",
    source="MagnaTagATune's annotations",
    advice="put annotations_final.csv, clip_info_final.csv and the folders 0 to f into {root}",
    find=find_magnatagatune,
    applies=_is_magnatagatune,
    citation=CITATION,
)
