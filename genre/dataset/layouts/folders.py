"""Layout ``folder-per-genre``: ``<genre>/[<any>/<folders>/]file``.

The first folder names the genre; a folder such as ``jazz+hiphop`` names several. Folders called
``train``, ``validation`` and ``test``, above the genres or directly below them, are the split.
"""

from collections.abc import Sequence
from pathlib import Path

from genre.dataset.faults import Fault
from genre.dataset.layouts.doubts import folder_doubts, folder_notes
from genre.dataset.layouts.entries import Entry, Layout, Listing, part_of_split
from genre.dataset.layouts.files import LABELS_FILE, list_files, track_ids
from genre.dataset.layouts.tables import unused_tables
from genre.spelling import genre_texts, split_genres


def find_in_folders(root: Path) -> Listing:
    """Label every audio file by the folder directly below ``root`` that it lies in.

    Parameters
    ----------
    root : Path
        The data folder.

    Returns
    -------
    Listing
        Audio directly in ``root``, or below a folder whose name is no genre, is a problem. Where
        the folders do not look like genres, that is a doubt.
    """
    files = list_files(root)
    ids = track_ids(root, files.audio)
    folders = {path: path.relative_to(root).parts[:-1] for path in files.audio}
    level = split_level(list(folders.values()))
    entries: list[Entry] = []
    problems: list[Fault] = []
    for path, parts in folders.items():
        named = without_level(parts, level)
        genres = split_genres(named[0]) if named else ()
        if not genres:
            problems.append(_without_genre(path, named))
            continue
        split = None if level is None else part_of_split(parts[level])
        entries.append(
            Entry(
                track_id=ids[path],
                path=path,
                genres=genres,
                split=split,
                below=named[1:],
                spellings=genre_texts(named[0]),
            )
        )
    genre_folders = [without_level(parts, level) for parts in folders.values()]
    return Listing(
        entries=tuple(sorted(entries, key=lambda entry: entry.track_id)),
        problems=tuple(problems),
        notes=(
            *_split_notes([parts for parts in folders.values() if parts], level),
            *folder_notes(root, genre_folders),
            *unused_tables(root),
            *files.notes(),
        ),
        doubts=folder_doubts(root, genre_folders) if level is None else (),
    )


def without_level(parts: tuple[str, ...], level: int | None) -> tuple[str, ...]:
    """Leave out the folder that names the part of a split.

    Parameters
    ----------
    parts : tuple of str
        The folders above a file.
    level : int or None
        As `split_level` found it.
    """
    return parts if level is None else (*parts[:level], *parts[level + 1 :])


def split_level(folders: Sequence[tuple[str, ...]]) -> int | None:
    """Find the level at which folders are the parts of a split: 0 above the genres, 1 below.

    Parameters
    ----------
    folders : sequence of tuple of str
        The folders above each file.
    """
    for level in (0, 1):
        parts_of = {part_of_split(parts[level]) for parts in folders if len(parts) > level}
        is_whole = all(len(parts) > level for parts in folders if parts)
        if is_whole and None not in parts_of and len(parts_of) > 1:
            return level
    return None


def _split_notes(folders: Sequence[tuple[str, ...]], level: int | None) -> tuple[str, ...]:
    if level is None:
        return ()
    names = sorted({parts[level] for parts in folders})
    where = "above" if level == 0 else "below"
    return (f"the folders {', '.join(names)} {where} the genres are used as the split",)


def _without_genre(path: Path, above: tuple[str, ...]) -> Fault:
    if not above:
        message = "lies outside any genre folder; move it to <genre>/"
    else:
        message = f"folder {above[0]!r} must hold at least one letter or digit to name a genre"
    return Fault(path=path, sha256="", stage="scan", kind="no_genre", message=message)


FOLDER_PER_GENRE = Layout(
    name="folder-per-genre",
    option="folders",
    source="the folders' names",
    advice=(
        f"put audio files in {{root}}/<genre>/, or write {LABELS_FILE}, or read the genres from "
        "the files' own tags with --labels tags"
    ),
    find=find_in_folders,
    is_by_folders=True,
)
