"""Layout ``folder-per-genre``: ``<genre>/[<any>/<folders>/]file``.

The first folder names the genre; a folder such as ``jazz+hiphop`` names several.
"""

from pathlib import Path

from genre.dataset.faults import Fault
from genre.dataset.layouts.entries import Entry, Layout, Listing
from genre.dataset.layouts.files import LABELS_FILE, list_files, track_ids
from genre.taxonomy import genre_texts, split_genres


def find_in_folders(root: Path) -> Listing:
    """Label every audio file by the folder directly below ``root`` that it lies in.

    Parameters
    ----------
    root : Path
        The data folder.

    Returns
    -------
    Listing
        Audio directly in ``root``, or below a folder whose name is no genre, is a problem.
    """
    files = list_files(root)
    ids = track_ids(root, files.audio)
    entries: list[Entry] = []
    problems: list[Fault] = []
    for path in files.audio:
        parts = path.relative_to(root).parts
        genres = split_genres(parts[0]) if len(parts) > 1 else ()
        if genres:
            spelled = genre_texts(parts[0])
            entries.append(Entry(track_id=ids[path], path=path, genres=genres, spellings=spelled))
        else:
            problems.append(_without_genre(path, parts))
    return Listing(
        entries=tuple(sorted(entries, key=lambda entry: entry.track_id)),
        problems=tuple(problems),
        notes=files.notes(),
    )


def _without_genre(path: Path, parts: tuple[str, ...]) -> Fault:
    if len(parts) == 1:
        message = "lies outside any genre folder; move it to <genre>/"
    else:
        message = f"folder {parts[0]!r} must hold at least one letter or digit to name a genre"
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
)
