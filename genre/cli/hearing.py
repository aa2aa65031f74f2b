"""`--heard`: a pre-trained network's own tags beside a model's genres."""

from collections.abc import Sequence
from pathlib import Path

from jsonargparse import Namespace

from genre.backbones.catalogue import OFFERS
from genre.backbones.shelf import open_backbone
from genre.cli.options import OptionParser, add_shelf
from genre.inference.bundle import Bundle
from genre.tagging.tagger import N_HEARD

DEFAULT = "musicnn"
_OPTION = "--heard"


def add_heard(parser: OptionParser) -> None:
    """Add ``--heard``, whose name may be left out, and ``--backbones``.

    Parameters
    ----------
    parser : OptionParser
        Is to read the words of `with_name`.
    """
    parser.add_argument(
        _OPTION,
        type=str | None,
        default=None,
        metavar="NAME",
        help=f"Also tell what a pre-trained network hears (guitar, female vocalists ...): its own "
        f"tags, the best {N_HEARD}; {DEFAULT} where no name follows. Takes about four "
        "times as long with musicnn.",
    )
    add_shelf(parser)


def with_name(argv: Sequence[str]) -> list[str]:
    """Put the name in that may be left out behind ``--heard``.

    Parameters
    ----------
    argv : sequence of str
        A command's words. What follows is its name unless it is an option, or a file or folder
        that is there; the names of the catalogue are always names.

    Examples
    --------
    >>> with_name(["model", "song.mp3", "--heard"])
    ['model', 'song.mp3', '--heard', 'musicnn']
    """
    words: list[str] = []
    for word, following in zip(argv, [*argv[1:], "-"], strict=False):
        words.append(word)
        if word == _OPTION and not _is_name(following):
            words.append(DEFAULT)
    return words


def _is_name(word: str) -> bool:
    return word in OFFERS or not (word.startswith("-") or Path(word).exists() or "." in word)


def heard_bundle(words: Namespace) -> Bundle | None:
    """Open the network that is asked for.

    Parameters
    ----------
    words : Namespace
        With what `add_heard` added.

    Returns
    -------
    Bundle or None
        For `genre.tagging.tagger.Tagger`; None where none is asked for.

    Raises
    ------
    BundleError, ConfigError
        As `open_backbone`.
    """
    return None if words.heard is None else open_backbone(words.heard, words.backbones)
