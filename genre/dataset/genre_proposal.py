"""A first ``genres.toml`` for a folder: its genres as they are spelled, and what may be meant.

A genre whose last words are another genre of the folder (acid jazz, jazz) is proposed as a kind of
that. Names that nearly agree stand in comments: whether they are one genre, their owner knows.
"""

import difflib
import json
from collections.abc import Mapping
from pathlib import Path

from genre.atomic import write_text
from genre.errors import ConfigError
from genre.taxonomy import display_names
from genre.wording import counted, shown

__all__ = ["proposed_genres", "write_proposal"]

_NEARLY = 0.85
_FEWEST_LETTERS = 4
_HEADING = """\
# What the genres are called, what else they are called in the labels (also), and what each is a
# kind of (parents). A proposal, to be corrected: in the data folder as genres.toml it is what
# training goes by, or with --genres FILE from elsewhere.
"""


def proposed_genres(n_tracks: Mapping[str, int], spelled: Mapping[str, str]) -> str:
    """Write a first tree.

    Parameters
    ----------
    n_tracks : mapping of str to int
        How many tracks each genre has, by canonical name.
    spelled : mapping of str to str
        How the labels spell genres.

    Returns
    -------
    str
        TOML that `genre.dataset.genre_files.read_genre_file` reads.

    Examples
    --------
    >>> text = proposed_genres({"jazz": 9, "acid_jazz": 2, "jaz": 1}, {"acid_jazz": "Acid Jazz"})
    >>> print(text.split("by, or", 1)[-1].split("elsewhere.")[1].strip())
    ["Acid Jazz"]  # 2 tracks
    parents = ["Jazz"]
    <BLANKLINE>
    ["Jaz"]  # 1 track; the same as Jazz? Then leave this out and give that: also = ["Jaz"]
    <BLANKLINE>
    ["Jazz"]  # 9 tracks
    """
    names = display_names(sorted(n_tracks), spelled)
    tables = []
    for genre, name in names.items():
        remark = counted(n_tracks[genre], "track")
        if meant := _more_frequent(genre, n_tracks):
            remark += f"; the same as {names[meant]}? Then leave this out and give that: "
            remark += f"also = [{_quoted(name)}]"
        lines = [f"[{_quoted(name)}]  # {remark}"]
        if over := _kind_of(genre, n_tracks):
            lines.append(f"parents = [{_quoted(names[over])}]")
        tables.append("\n".join(lines) + "\n")
    return "\n".join([_HEADING, *tables])


def write_proposal(path: Path, n_tracks: Mapping[str, int], spelled: Mapping[str, str]) -> None:
    """Write a first tree into a file that is not there yet.

    Parameters
    ----------
    path : Path
        The file.
    n_tracks : mapping of str to int
        As for `proposed_genres`.
    spelled : mapping of str to str
        As for `proposed_genres`.

    Raises
    ------
    ConfigError
        Where there is such a file.
    """
    check_new(path)
    write_text(path, proposed_genres(n_tracks, spelled))


def check_new(path: Path) -> None:
    """Refuse a file that is there: somebody may have worked on it.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ConfigError
        Where it is there.
    """
    if path.exists():
        raise ConfigError(
            f"propose-genres={shown(path)} must be a new file; that one stays as it is"
        )


def _kind_of(genre: str, genres: Mapping[str, int]) -> str:
    """Find the longest genre that the last words of this one are, or its last letters."""
    starts = [place + 1 for place, letter in enumerate(genre) if letter == "_"]
    starts += range(1, len(genre) - _FEWEST_LETTERS + 1)  # as in acidjazz
    return next((genre[start:] for start in sorted(starts) if genre[start:] in genres), "")


def _more_frequent(genre: str, n_tracks: Mapping[str, int]) -> str:
    """Find a genre with more tracks whose name is nearly this one's."""
    plain = genre.replace("_", "")
    others = {other.replace("_", ""): other for other in n_tracks if other != genre}
    for near in difflib.get_close_matches(plain, others, n=3, cutoff=_NEARLY):
        if (n_tracks[others[near]], others[near]) > (n_tracks[genre], genre):
            return others[near]
    return ""


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)  # a basic string of TOML is written the same
