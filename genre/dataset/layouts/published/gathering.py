"""What the collections share: rows of their lists are matched with the files that are there.

A list may name files that were never unpacked, and a folder hold files that no list names; both
are counted and named in a line each, and neither is an error.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from genre.dataset.layouts.entries import Entry, Listing
from genre.dataset.layouts.files import list_files, track_ids
from genre.spelling import canonical_genre, is_name
from genre.wording import counted, listed

_NAMES_SHOWN = 5
# What would part a name into several genres, should anybody read it as a text of them.
_SEPARATORS = str.maketrans(dict.fromkeys("|;,+/", " "))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One file as its publishers list it.

    Parameters
    ----------
    key : str
        What finds the file, whichever way it was unpacked.
    genres : tuple of str
        As they are spelled there; empty where there is none.
    artist : str or None
        Whoever must not stand on both sides of a division; None where they do not say it.
    split : {"train", "val", "test"} or None
        The official part.
    fold : int or None
        The official fold.
    """

    key: str
    genres: tuple[str, ...]
    artist: str | None = None
    split: str | None = None
    fold: int | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known to be wrong with files of a collection, and who found it out.

    Parameters
    ----------
    source : str
        Where it is written.
    broken : tuple of str
        Keys of files that are empty, cut off or unreadable.
    same : tuple of tuple of str
        Keys of files that hold one recording.
    """

    source: str
    broken: tuple[str, ...] = ()
    same: tuple[tuple[str, ...], ...] = ()


def gather(
    root: Path,
    rows: Iterable[Row],
    *,
    citation: str,
    key: Callable[[PurePath], str | None],
    known: Known | None = None,
    rank: Callable[[PurePath], int] = lambda _path: 0,
    notes: Sequence[str] = (),
) -> Listing:
    """Match the rows of a collection's lists with the files below a folder.

    Parameters
    ----------
    root : Path
        The data folder.
    rows : iterable of Row
        What the lists say; of several rows with one key the first one counts.
    citation : str
        Name, source and licence of the collection, in a line.
    key : callable
        From a file's path below the folder to its key; None for one that is no part of it.
    known : Known, optional
        What is known to be wrong with its files.
    rank : callable
        From a file's path below the folder to a number; of several files with one key the one
        with the lowest is taken.
    notes : sequence of str
        What reading the lists left out, in plain words.

    Returns
    -------
    Listing
        Its notes begin with the citation.
    """
    by_key: dict[str, Row] = {}
    again: list[str] = []
    for row in rows:
        if by_key.setdefault(row.key, row) is not row:
            again.append(row.key)
    files = list_files(root)
    found = _by_key(root, files.audio, key=key, rank=rank)
    names = genre_names(text for row in by_key.values() for text in row.genres)
    used = [name for name, row in by_key.items() if row.genres and name in found]
    ids = track_ids(root, [found[name] for name in used])
    entries = [_entry(by_key[name], found[name], ids, names) for name in used]
    left_out = sorted({*files.audio} - {found[name] for name in by_key if name in found})
    return Listing(
        entries=tuple(sorted(entries, key=lambda entry: entry.track_id)),
        notes=(
            citation,
            *notes,
            *_named(again, "listed again; the first row counts"),
            *_absent([name for name in by_key if name not in found], n_listed=len(by_key)),
            *_without([name for name, row in by_key.items() if not row.genres]),
            *_unlisted(root, left_out),
            *_on_both_sides(entries),
            *_known(known, found),
            *files.notes(),
        ),
    )


def genre_names(texts: Iterable[str]) -> dict[str, str]:
    """Find the name of each genre, so that a collection has as many as its publishers gave it.

    Parameters
    ----------
    texts : iterable of str
        As they are spelled, as often as they occur.

    Returns
    -------
    dict of str to str
        By spelling. It is the canonical name, but of two genres that share one (electronic and
        electronica) that of the other spelling as it is.
    """
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for text in set(texts):
        meant[canonical_genre(as_one(text))].add(text)
    names: dict[str, str] = {}
    for name, spellings in meant.items():
        first, *others = sorted(spellings, key=lambda text: (_plain(text) != name, text))
        names |= {first: name} | {text: _plain(text) for text in others}
    return names


def as_one(text: str) -> str:
    """Write the name of one genre so that labels do not read it as two.

    Parameters
    ----------
    text : str
        Such as ``Old-Time / Historic``, which becomes ``Old-Time Historic``.
    """
    return " ".join(text.translate(_SEPARATORS).split())


def _plain(text: str) -> str:
    return "_".join(as_one(text).casefold().split())


def _by_key(
    root: Path,
    audio: Iterable[Path],
    *,
    key: Callable[[PurePath], str | None],
    rank: Callable[[PurePath], int],
) -> dict[str, Path]:
    below = [(path, PurePath(path.relative_to(root))) for path in audio]
    found: dict[str, Path] = {}
    for path, inner in sorted(below, key=lambda pair: rank(pair[1])):
        if (name := key(inner)) is not None:
            found.setdefault(name, path)
    return found


def _entry(row: Row, path: Path, ids: Mapping[Path, str], names: Mapping[str, str]) -> Entry:
    return Entry(
        track_id=ids[path],
        path=path,
        genres=tuple(sorted({names[text] for text in row.genres})),
        artist=row.artist,
        split=row.split,
        fold=row.fold,
        spellings=tuple(
            one for text in row.genres if canonical_genre(one := as_one(text)) == names[text]
        ),
    )


def _named(keys: Sequence[str], what: str) -> tuple[str, ...]:
    if not keys:
        return ()
    return (f"{counted(len(keys), 'file')} {what}: {listed(keys, limit=_NAMES_SHOWN)}",)


def _absent(keys: Sequence[str], *, n_listed: int) -> tuple[str, ...]:
    return _named(keys, f"of {n_listed} listed not found in the folder")


def _without(keys: Sequence[str]) -> tuple[str, ...]:
    return _named(keys, "left out, listed without a genre of those wanted")


def _unlisted(root: Path, paths: Sequence[Path]) -> tuple[str, ...]:
    names = [path.relative_to(root).as_posix() for path in paths]
    return _named(names, "left out, on no list or there twice")


def _on_both_sides(entries: Iterable[Entry]) -> tuple[str, ...]:
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.artist is not None and entry.split is not None:
            parts[entry.artist].add(entry.split)
    n_artists = Counter(len(found) > 1 for found in parts.values())[True]
    if n_artists == 0:
        return ()
    who = f"{counted(n_artists, 'artist')} of {len(parts)}"
    division = "more than one part of the official division"
    return (f"{who} with tracks in {division}; to train on it use --split-by track",)


def _known(known: Known | None, found: Mapping[str, Path]) -> tuple[str, ...]:
    if known is None:
        return ()
    broken = [name for name in known.broken if name in found]
    here = (tuple(name for name in same if name in found) for same in known.same)
    same = [" = ".join(names) for names in here if len(names) > 1]
    return (
        *((f"known to be broken ({known.source}): {', '.join(broken)}",) if broken else ()),
        *((f"known to be the same recording ({known.source}): {'; '.join(same)}",) if same else ()),
    )


def is_genre(text: str) -> bool:
    """Whether a cell names a genre.

    Parameters
    ----------
    text : str
        One cell, or one tag.
    """
    return is_name(as_one(text))
