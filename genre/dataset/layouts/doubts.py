"""Whether folders look like genres, seen from their names alone.

A network learns whatever the folders are called. What may be no genre is named before a file is
decoded: numbered folders, parts of a split, one folder too high or too deep.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mutagen.id3 import TCON

from genre.audio.decode import AUDIO_SUFFIXES
from genre.dataset.layouts.entries import part_of_split
from genre.dataset.layouts.files import is_passed_over
from genre.dataset.layouts.folder_names import copied_folders, numbered_genres
from genre.errors import DatasetError
from genre.spelling import split_genres
from genre.wording import counted, listed

CONFIRM = "--folders-are-genres true"
KNOWN_GENRES = frozenset(genre for name in TCON.GENRES for genre in split_genres(name))
"""The genres of ID3 and of the players that extended it, in canonical spelling."""

# What counts instead of naming: 000, fold1, part_02, CD 3, 0-9, A.
_COUNTS = re.compile(
    r"(?:(?:fold|part|dis[ck]|cd|vol(?:ume)?|batch|chunk|shard|split|set|group|folder|dir|section"
    r"|page|side|class|cluster|label)s?[\s_.-]*)?\d[\d\s_.-]*|[a-z]|[a-z0-9]\s?-\s?[a-z0-9]",
    flags=re.IGNORECASE,
)
# What people call a folder that is anything but a genre; canonical spelling.
_NO_GENRES = frozenset(
    split_genres(
        "audio|music|musik|musique|songs|tracks|clips|wav|wavs|mp3|mp3s|flac|ogg|m4a|data|dataset"
        "|samples|sounds|files|download|downloads|new folder|untitled folder|neuer ordner|temp|tmp"
        "|backup|backups|old|new|archive|archives|unsorted|unknown|misc|various|other|others"
        "|playlists|itunes|itunes media|inbox|incoming|todo|copy|export|exports|results|cache"
        "|genres|genres original|labels"
    )
)
_NAMES_SHOWN = 5
_MOST = 0.5
# More folders beside this one are not looked into.
_N_SIBLINGS = 50


def folder_doubts(root: Path, folders: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """List what makes it unlikely that the folders are genres.

    Parameters
    ----------
    root : Path
        The data folder.
    folders : sequence of tuple of str
        Per audio file, the folders that it lies in, from below ``root`` on.

    Returns
    -------
    tuple of str
        In plain words, with what to do; empty where they may well be genres.
    """
    tops = sorted({parts[0] for parts in folders if parts})
    counting = [name for name in tops if _COUNTS.fullmatch(name)]
    splits = [name for name in tops if part_of_split(name) is not None]
    if len(tops) == 1:
        return _too_high(root, folders) or _no_genre(root, tops[0])
    if len(counting) > _MOST * len(tops):
        return (
            (
                f"the folders in {root} are numbered rather than called after genres "
                f"({listed(counting, limit=_NAMES_SHOWN)}); write a labels.csv, read the "
                f"files' tags with --labels tags, or confirm them with {CONFIRM}"
            ),
        )
    if splits:
        return (
            (
                f"{', '.join(splits)} in {root} is called like a part of a split, and other "
                f"folders beside it are not; move the genres into train/, validation/ and test/, "
                f"or confirm it as a genre with {CONFIRM}"
            ),
        )
    return _too_deep(root, tops)


def _too_deep(root: Path, tops: Sequence[str]) -> tuple[str, ...]:
    """Notice that the folder itself is called after a genre, and those in it are not."""
    name = root.resolve().name
    n_known = sum(map(_is_known, tops))
    if len(tops) < 2 or n_known >= len(tops) / 5 or not _is_known(name):
        return ()
    return (
        (
            f"{name} is the name of a genre, and those of its folders are not "
            f"({listed(tops, limit=_NAMES_SHOWN)}); if they are artists, use --data "
            f"{root.resolve().parent}, else confirm them with {CONFIRM}"
        ),
    )


def _too_high(root: Path, folders: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Follow the one folder there is to where several are."""
    depth = 1
    while True:
        deeper = {parts[depth] for parts in folders if len(parts) > depth}
        if len(deeper) != 1 or any(len(parts) == depth for parts in folders):
            break
        depth += 1
    if len(deeper) < 2:
        return ()
    inner = root.joinpath(*max(folders, key=len)[:depth])
    return (
        (
            f"all audio in {root} lies in one folder, {inner.relative_to(root)}, and that has "
            f"{len(deeper)} folders ({listed(sorted(deeper), limit=_NAMES_SHOWN)}); if these are "
            f"the genres, use --data {inner}"
        ),
    )


def _no_genre(root: Path, top: str) -> tuple[str, ...]:
    """Notice that the one folder there is only holds the audio."""
    if not (_COUNTS.fullmatch(top) or _hardly_is_a_genre(top) or part_of_split(top) is not None):
        return ()
    return (
        (
            f"all audio in {root} lies in one folder, {top}, and that is not called after a genre; "
            f"write a labels.csv, read the files' tags with --labels tags, or confirm it with "
            f"{CONFIRM}"
        ),
    )


def _hardly_is_a_genre(name: str) -> bool:
    return not _NO_GENRES.isdisjoint(split_genres(name))


def folder_notes(root: Path, folders: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """List what is odd about the names of folders that may be genres nevertheless.

    Parameters
    ----------
    root : Path
        The data folder.
    folders : sequence of tuple of str
        As in `folder_doubts`.

    Returns
    -------
    tuple of str
        In plain words.
    """
    tops = sorted({parts[0] for parts in folders if parts})
    odd = [name for name in tops if _hardly_is_a_genre(name)]
    notes = []
    if odd and len(tops) > 1:
        notes.append(
            f"folders that are learned as genres and hardly are any: "
            f"{listed(odd, limit=_NAMES_SHOWN)}; move what is in them, or rename them"
        )
    return (*notes, *copied_folders(tops), *numbered_genres(tops), *_sets(root, folders))


def _sets(root: Path, folders: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Notice several data sets side by side: most folders below are in several of those above."""
    pairs = {parts[:2] for parts in folders if len(parts) > 1}
    n_above = Counter(below for _, below in pairs if not _COUNTS.fullmatch(below))
    again = sorted(name for name, number in n_above.items() if number > 1)
    if len(again) < 2 or len(again) <= _MOST * len(n_above):
        return ()
    above = sorted({top for top, below in pairs if below in again})
    if not any(_is_known(name) for name in again):
        return () if any(_is_known(top) for top in above) else _albums(root, above)
    return (
        (
            f"{listed(again, limit=_NAMES_SHOWN)} lie in several folders of {root} "
            f"({listed(above, limit=_NAMES_SHOWN)}); if those are the genres, name one folder, as "
            f"in --data {root / above[0]}"
        ),
    )


def _is_known(name: str) -> bool:
    return not KNOWN_GENRES.isdisjoint(split_genres(name))


def _albums(root: Path, above: Sequence[str]) -> tuple[str, ...]:
    """Point higher where neither level is called after genres: artists with albums."""
    return (
        (
            f"the folders in {root} ({listed(above, limit=_NAMES_SHOWN)}) and those in them are "
            f"not called after genres; if they are artists and albums, write a labels.csv, "
            f"read the files' tags with --labels tags, or use --data {root.resolve().parent} where "
            f"that holds the genres"
        ),
    )


def sibling_hint(root: Path) -> str:
    """Look beside a folder whose audio lies directly in it: it may be one genre of several.

    Parameters
    ----------
    root : Path
        The folder.

    Returns
    -------
    str
        What to use instead; empty where no folder beside it holds audio.
    """
    parent = root.resolve().parent
    if not _holds_audio(root):
        return ""
    try:
        beside = [path for path in sorted(parent.iterdir()) if not is_passed_over(path.name)]
    except OSError:
        return ""
    number = sum(path.is_dir() and _holds_audio(path) for path in beside[:_N_SIBLINGS])
    if number < 2:
        return ""
    return (
        f"{parent} has {counted(number, 'folder')} of audio: if each is a genre, use "
        f"--data {parent}"
    )


def _holds_audio(folder: Path) -> bool:
    try:
        return any(path.suffix.lower() in AUDIO_SUFFIXES for path in folder.iterdir())
    except OSError:
        return False


def artist_doubts(root: Path, artists: Sequence[tuple[tuple[str, ...], str]]) -> tuple[str, ...]:
    """Notice that the folders are called like the artists in them.

    Parameters
    ----------
    root : Path
        The data folder.
    artists : sequence of (tuple of str, str)
        Per track whose artist is known from labels, tag or name: its genres, and the artist.

    Returns
    -------
    tuple of str
        In plain words, with what to do; empty where they are called otherwise.
    """
    same = [genres for genres, artist in artists if set(split_genres(artist)) & set(genres)]
    names = sorted({genre for genres in same for genre in genres})
    if len(names) < 2 or len(same) <= _MOST * len(artists):
        return ()
    return (
        (
            f"the folders in {root} are called like the artists in them "
            f"({listed(names, limit=_NAMES_SHOWN)}); one folder too deep? For their genres use "
            f"--data {root.resolve().parent}, or confirm with {CONFIRM}"
        ),
    )


def check_doubts(doubts: Sequence[str]) -> None:
    """Refuse to learn from folders that may be no genres.

    Parameters
    ----------
    doubts : sequence of str
        Of a `Scan`.

    Raises
    ------
    DatasetError
        Where there are any.
    """
    if doubts:
        raise DatasetError(f"the folders may be no genres: {'; '.join(doubts)}")
