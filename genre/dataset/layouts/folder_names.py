"""What names of folders carry besides a genre: the marks of copies and downloads, numbers."""

import re
from collections import defaultdict
from collections.abc import Sequence

from genre.spelling import split_genres
from genre.wording import listed

__all__ = ["copied_folders", "numbered_genres"]

_COPY = r"copy|kopie|copie|copia|kopia"
# What systems and download services put before and behind a name that is there already:
# "Copy of jazz", "jazz - Copy (2)", "jazz (1)", "jazz-20240101T101010Z-001".
_BEFORE = re.compile(rf"(?:{_COPY}) (?:of|von|de|di|van|av) ", flags=re.IGNORECASE)
_BEHIND = re.compile(
    rf"(?:\s*\(\d+\)|[\s_-]*\((?:{_COPY})(?: \d+)?\)|[\s_-]+(?:{_COPY})(?: ?\d+)?"
    r"|-\d{8}T\d{6}Z(?:-\d+)*|[\s_-]\d{1,3})+$",
    flags=re.IGNORECASE,
)
_NUMBERED = re.compile(r"\(?\d{1,3}\)?[\s._-]+(?=[^\W\d_]{2})")
_NAMES_SHOWN = 5
_MOST = 0.5


def copied_folders(names: Sequence[str]) -> tuple[str, ...]:
    """Notice folders that look like copies, or like later parts of a download.

    Parameters
    ----------
    names : sequence of str
        Of folders that are learned as genres.

    Returns
    -------
    tuple of str
        In plain words; empty where no two names are one without what such copies add.
    """
    same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        if meant := _without_marks(name):
            same[meant].append(name)
    groups = [group for group in same.values() if len({split_genres(name) for name in group}) > 1]
    if not groups:
        return ()
    written = [" and ".join(sorted(group, key=len)) for group in groups]
    return (
        (
            f"folders that look like copies of one, and are learned as different genres: "
            f"{listed(written, limit=_NAMES_SHOWN, separator='; ')}; move what is in them into one"
        ),
    )


def _without_marks(name: str) -> tuple[str, ...]:
    bare = _BEFORE.sub("", name.strip(), count=1)
    ends = _BEHIND.search(bare)
    return split_genres(bare[: ends.start()] if ends and ends.start() else bare)


def numbered_genres(names: Sequence[str]) -> tuple[str, ...]:
    """Notice numbers that put folders into an order, and would become part of the genres.

    Parameters
    ----------
    names : sequence of str
        Of folders that are learned as genres.

    Returns
    -------
    tuple of str
        In plain words; empty unless most names begin with a number: ``2 Step`` is a genre.
    """
    numbered = [name for name in names if _NUMBERED.match(name)]
    if len(numbered) < 2 or len(numbered) <= _MOST * len(names):
        return ()
    first = numbered[0]
    return (
        (
            f"folders are numbered, and the numbers are learned as part of the genres: "
            f"{listed(numbered, limit=_NAMES_SHOWN)}; rename them, such as {first} to "
            f"{_NUMBERED.sub('', first, count=1)}"
        ),
    )
