"""`genre tag --write-tags`: what the files' own genres would become, and with `--apply` do.

First a file is changed, then its line is written. Without `--apply` nothing is changed: each line
says `existing → proposed`.
"""

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from genre.addresses import Address, Place
from genre.cli.tag_output import Tagged, name_of
from genre.dataset.places import lies_inside
from genre.errors import AudioError, ConfigError, TagError
from genre.execution import Outcome
from genre.genre_tree import above, leaves
from genre.spelling import names_no_genre, split_genres
from genre.tagging.file_tags.retagging import Retagged, Retagger
from genre.taxonomy import check_display_names
from genre.wording import counted, printable

LEAF, ALL, TOP = LEVELS = ("leaf", "all", "top")
"""What of a tree is written: the narrowest genres, these and all above them, or the widest."""


def retag(
    outcomes: Iterable[Tagged],
    retagger: Retagger,
    *,
    replace: bool,
    names: Mapping[str, str],
    choose: Callable[[Sequence[str]], Sequence[str]] = tuple,
) -> Iterator[Outcome[Place, Retagged]]:
    """Put the genres that a model decided into files, one by one as they are asked for.

    Parameters
    ----------
    outcomes : iterable of Outcome
        What the model says of each file.
    retagger : Retagger
        Writes, or looks whether it could.
    replace : bool
        Drop the genres that are there, in place of adding to them.
    names : mapping of str to str
        How new genres are written.
    choose : callable of sequence of str
        From the genres that the model decided to those that shall be written.

    Yields
    ------
    Outcome of Path and Retagged
        One per file; one that could not be tagged, read or written has an `error`.
    """
    for outcome in outcomes:
        path, tags = outcome.unit, outcome.result
        if tags is None or isinstance(path, Address):
            yield Outcome(path, None, outcome.error)
            continue
        try:
            proposed = partial(propose, decided=choose(tags.genres), replace=replace, names=names)
            done = retagger.retag(path, proposed)
        except (AudioError, TagError) as error:
            yield Outcome(path, None, error)
        else:
            yield Outcome(path, done, None)


class RetaggedWriter:
    """A line per track: its own genres, and what they become; nothing for a bad file."""

    def opening(self) -> str:
        """Return nothing: lines need no header."""
        return ""

    def track(self, outcome: Outcome[Place, Retagged]) -> str:
        """Write the line of one track."""
        done = outcome.result
        if done is None:
            return ""
        if done.why_not:
            return f"{name_of(done.path)}: cannot hold a genre ({done.why_not})\n"
        became = f" → {_listed(done.after)}" if done.is_changed else " (unchanged)"
        return f"{name_of(done.path)}: {_listed(done.before)}{became}\n"

    def closing(self) -> str:
        """Return nothing."""
        return ""


def summary(retagger: Retagger, *, is_whole: bool) -> str:
    """Describe what was done, and how to take it back.

    Parameters
    ----------
    retagger : Retagger
        At the end of its work.
    is_whole : bool
        Whether every file was read, and written where it had to be.
    """
    journal, n_changed = retagger.journal, retagger.n_changed
    without = f", {retagger.n_without} cannot hold a genre" if retagger.n_without else ""
    if journal is None:
        files = counted(n_changed, "file")
        if n_changed:
            return f"nothing was written: --apply changes {files}{without}"
        return f"nothing was written{without}" if without else ""
    n_recorded, name = journal.n_changes, name_of(journal.path)
    if n_recorded:
        # A change is recorded before it is made, and may have been kept from being made.
        most = "" if n_recorded == n_changed else "up to "
        files = counted(n_recorded, "file")
        return f"{most}{files} changed{without}; take it back with: genre untag {name}"
    said = f"nothing was written{': no file has to change' if is_whole else ''}{without}"
    if journal.path.exists():
        return f"{said}; take earlier changes back with: genre untag {name}"
    return said


def at_level(
    decided: Sequence[str], *, parents: Mapping[str, Sequence[str]], level: str
) -> tuple[str, ...]:
    """Choose which genres of a tree are written.

    Parameters
    ----------
    decided : sequence of str
        By the model, best first.
    parents : mapping of str to sequence of str
        What genres are kinds of.
    level : str
        One of `LEVELS`.

    Returns
    -------
    tuple of str
        Of ``leaf`` the decided ones that no other decided one is below; of ``all`` these, then
        whatever is above them; of ``top`` what stands at the top of each.

    Examples
    --------
    >>> parents = {"jungle": ["dnb"], "dnb": ["electronic"]}
    >>> at_level(["electronic", "jungle"], parents=parents, level="leaf")
    ('jungle',)
    >>> at_level(["electronic", "jungle"], parents=parents, level="all")
    ('jungle', 'electronic', 'dnb')
    >>> at_level(["jungle", "jazz"], parents=parents, level="top")
    ('electronic', 'jazz')
    """
    narrow = leaves(parents, decided)
    over = {genre: above(parents, genre) for genre in decided}
    if level == LEAF:
        return narrow
    if level == ALL:
        wider = (genre for genres in over.values() for genre in genres)
        return tuple(dict.fromkeys((*narrow, *decided, *wider)))
    tops = (one for genre in decided for one in (genre, *over[genre]) if not parents.get(one))
    return tuple(dict.fromkeys(tops))


def propose(
    existing: Sequence[str],
    decided: Sequence[str],
    *,
    replace: bool,
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """Join a file's genres with those decided.

    Parameters
    ----------
    existing : sequence of str
        In the file, in any spelling.
    decided : sequence of str
        By the model, best first.
    replace : bool
        Whether those decided stand alone; where there are none, nothing is replaced.
    names : mapping of str to str
        How new genres are written; those that it lacks as they are decided.

    Returns
    -------
    tuple of str
        The existing ones as they are, then what is new: ``Hip-Hop`` needs no ``hiphop`` beside
        it, and stays when it is replaced by that. ``Unknown`` gives way to any, and is never new.

    Examples
    --------
    >>> propose(["Hip-Hop", "Other"], ["hiphop", "jazz"], replace=False, names={"jazz": "Jazz"})
    ('Hip-Hop', 'Jazz')
    >>> propose(["HIP HOP", "Rock"], ["jazz", "hiphop"], replace=True, names={})
    ('HIP HOP', 'jazz')
    """
    decided = [name for name in decided if not names_no_genre(name)]
    if not decided:
        return tuple(existing)
    meant = {name: {name, *split_genres(names.get(name, name))} for name in decided}
    wanted = set[str]().union(*meant.values())
    kept = [
        text
        for text in existing
        if not names_no_genre(text) and (not replace or wanted.issuperset(split_genres(text)))
    ]
    known = {genre for text in kept for genre in split_genres(text)}
    new = (names.get(name, name) for name in decided if known.isdisjoint(meant[name]))
    return tuple(dict.fromkeys((*kept, *new)))


def read_spelling(path: Path, genres: Sequence[str]) -> dict[str, str]:
    """Read how a user wants genres to be written: a TOML file, ``hiphop = "Hip Hop"``.

    Parameters
    ----------
    path : Path
        The file.
    genres : sequence of str
        The model's; others are refused.

    Raises
    ------
    ConfigError
        Where it cannot be read or is no such table.
    """
    try:
        return check_display_names(tomllib.loads(path.read_text(encoding="utf-8")), genres)
    except OSError as error:
        raise ConfigError(
            f"spelling={name_of(path)} must be readable ({error.strerror})"
        ) from error
    except (ValueError, RecursionError, ConfigError) as error:
        raise ConfigError(
            f'spelling={name_of(path)} must have lines such as hiphop = "Hip Hop" ({error})'
        ) from error


def new_journal_path(music: Sequence[Path] = ()) -> Path:
    """Choose the place of a new journal, named by the time.

    Parameters
    ----------
    music : sequence of Path
        Files and folders that the journal must not lie in.

    Returns
    -------
    Path
        In the current folder; where that is music or read-only, in the nearest folder above that
        is neither, else in the user's own.
    """
    name = f"genre-tags-{datetime.now().astimezone():%Y%m%d-%H%M%S}.jsonl"
    above = (folder / name for folder in (*Path.cwd().parents, Path.home()))
    return next(
        (
            path
            for path in (Path(name), *above)
            if os.access(path.parent, os.W_OK)
            and not any(lies_inside(path, source) for source in music)
        ),
        Path(name),
    )


def _listed(genres: Sequence[str]) -> str:
    return printable(", ".join(genres)) or "none"
