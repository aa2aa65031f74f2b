"""`genre tag --m3u-per-genre`: a playlist of each genre, and one of the tracks without any."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from genre.atomic import ensure_writable
from genre.cli.options import OptionParser
from genre.cli.tag_output import Tagged
from genre.dataset.places import refuse_inside
from genre.errors import ConfigError
from genre.tagging.playlist import Entry, write_playlist
from genre.wording import printable

OPTION = "m3u-per-genre"
UNSURE = "No clear genre"

_SUFFIX = ".m3u8"
_MOST_LETTERS = 100
# What some system has no file name for.
_UNSAFE = re.compile(r'[\\/:*?"<>|]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", flags=re.IGNORECASE)


def add_playlists(parser: OptionParser) -> None:
    """Add ``--m3u-per-genre``.

    Parameters
    ----------
    parser : OptionParser
        Is to read the words of `genre tag`.
    """
    parser.add_argument(
        f"--{OPTION}",
        type=Path | None,
        default=None,
        metavar="FOLDER",
        help="Also write playlists (M3U in UTF-8, paths from the folder on) into a folder outside "
        f"the music: one for each genre with all tracks of it, and {UNSURE}{_SUFFIX}. Lists of "
        "these names that are there are replaced.",
    )


def check_playlists(folder: Path | None, paths: Sequence[Path], *, out: Path | None) -> None:
    """Refuse a folder for playlists, before anything is tagged.

    Parameters
    ----------
    folder : Path or None
        Where they are to go; None writes none.
    paths : sequence of Path
        The music.
    out : Path or None
        Where answers are kept in parts, no job having all of them.

    Raises
    ------
    ConfigError
        Where it lies in the music, cannot be written, or nobody will have all answers.
    """
    if folder is None:
        return
    if out is not None:
        raise ConfigError(f"{OPTION}={folder} must come without --out, which keeps parts")
    refuse_inside(paths, **{OPTION: folder})
    ensure_writable(folder, option=OPTION)


class Playlists:
    """The lists as they grow.

    Parameters
    ----------
    folder : Path or None
        Where they go; None keeps none.
    names : mapping of str to str
        How each genre of the model is written for people.
    """

    def __init__(self, folder: Path | None, names: Mapping[str, str]) -> None:
        self._folder = folder
        self._files = dict(zip((*names, ""), file_names([*names.values(), UNSURE]), strict=True))
        self._entries: defaultdict[str, list[Entry]] = defaultdict(list)

    def noting(self, outcomes: Iterable[Tagged]) -> Iterator[Tagged]:
        """Pass outcomes on, and put each track into the lists of its genres.

        Parameters
        ----------
        outcomes : iterable of Outcome
            What the model says of each file; one that could not be read is in no list.
        """
        for outcome in outcomes:
            if outcome.result is not None and self._folder is not None:
                entry = Entry(path=outcome.unit, duration_seconds=outcome.result.duration_seconds)
                for genre in outcome.result.genres or ("",):
                    self._entries[genre].append(entry)
            yield outcome

    def write(self) -> None:
        """Write the lists that have tracks; one that is there and has none any more gets empty."""
        if self._folder is None:
            return
        for genre, name in self._files.items():
            path = self._folder / name
            if self._entries[genre] or path.exists():
                write_playlist(path, self._entries[genre])


def file_names(titles: Sequence[str]) -> list[str]:
    """Choose names of files that any system can have.

    Parameters
    ----------
    titles : sequence of str
        Of playlists.

    Returns
    -------
    list of str
        In their order, all different, however capitals are treated.

    Examples
    --------
    >>> file_names(["Drum & Bass", "AC/DC", "ac:dc", "nul", "..."])
    ['Drum & Bass.m3u8', 'AC-DC.m3u8', 'ac-dc (2).m3u8', '_nul.m3u8', '_.m3u8']
    """
    taken: set[str] = set()
    names = []
    for title in titles:
        safe = _UNSAFE.sub("-", printable(title))[:_MOST_LETTERS].strip(" .")
        safe = f"_{safe}" if not safe or _DEVICES.fullmatch(safe) else safe
        number, name = 1, safe
        while name.casefold() in taken:
            number += 1
            name = f"{safe} ({number})"
        taken.add(name.casefold())
        names.append(f"{name}{_SUFFIX}")
    return names
