"""The options of `genre tag --write-tags`."""

from datetime import datetime
from pathlib import Path

from jsonargparse import Namespace

from genre.cli.options import OptionParser
from genre.cli.tag_writing import LEVELS
from genre.errors import ConfigError
from genre.hashing import hash_file
from genre.inference.bundle import DESCRIPTION_NAME, Bundle
from genre.tagging.file_tags.notes import Note


def add_writing(parser: OptionParser) -> None:
    """Add ``--write-tags`` and what goes with it.

    Parameters
    ----------
    parser : OptionParser
        Is to read the words of `genre tag`.
    """
    parser.add_argument(
        "--write-tags",
        action="store_true",
        help="Show what the files' own genres would become (MP3, FLAC, OGG, Opus, M4A).",
    )
    parser.add_argument(
        "--apply", action="store_true", help="With --write-tags: write them into the files."
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="With --write-tags: drop the genres that are there, in place of adding to them.",
    )
    _add_wording(parser)
    parser.add_argument(
        "--journal",
        type=Path | None,
        default=None,
        help=(
            "With --apply: the file that `genre untag` takes the changes back from, a new one or "
            "that of an earlier run, which goes on; by default genre-tags-<time>.jsonl in the "
            "current folder, or in the nearest one above that is no music."
        ),
    )


def _add_wording(parser: OptionParser) -> None:
    parser.add_argument(
        "--write-level",
        choices=LEVELS,
        help="With --write-tags, of a model that knows a tree of genres: leaf (the default) writes "
        "the narrowest of the genres decided, as a collector would, and what these are kinds of "
        "stands in the tree; all adds what is above them; top writes the widest alone.",
    )
    parser.add_argument(
        "--spelling",
        type=Path | None,
        default=None,
        help=(
            "With --write-tags: a TOML file that says how genres are written, a line each, such as "
            'hiphop = "Hip Hop"; by default as the labels that the model was trained on spell '
            "them most often. Genres that a file has already stay as they are."
        ),
    )
    parser.add_argument(
        "--provenance",
        type=str | None,
        default=None,
        metavar="FIELD",
        help="With --write-tags: beside genres that are written, a field of this name, such as "
        "GENRE_MODEL, says which model they are of, the SHA-256 of its model.json, and the day; "
        "none by default. A field of that name with other words in it stays, and so does its file.",
    )


def check_writing(words: Namespace) -> None:
    """Refuse options of writing that make no sense together.

    Parameters
    ----------
    words : Namespace
        With what `add_writing` added.

    Raises
    ------
    ConfigError
        On the first that does not.
    """
    for name in ("apply", "replace", "journal", "spelling", "write_level", "provenance"):
        if words[name] and not words.write_tags:
            raise ConfigError(f"--{name.replace('_', '-')} must come with --write-tags")
    if words.journal and not words.apply:
        raise ConfigError(f"journal={words.journal} must come with --apply: nothing else changes")


def note_for(words: Namespace, bundle: Bundle) -> Note | None:
    """Make what is written beside genres: which model they are of, and when.

    Parameters
    ----------
    words : Namespace
        Of `genre tag`.
    bundle : Bundle
        The model.

    Returns
    -------
    Note or None
        None where none is asked for.

    Raises
    ------
    ConfigError
        Where no field can have that name.
    """
    if words.provenance is None:
        return None
    return Note(
        field=words.provenance,
        model=str(bundle.provenance.get("config_name") or bundle.model_name),
        bundle_sha256=hash_file(words.bundle / DESCRIPTION_NAME),
        date=f"{datetime.now().astimezone():%Y-%m-%d}",
    )
