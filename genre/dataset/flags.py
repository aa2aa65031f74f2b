"""What is odd about a recording, kept beside its features so that a later run says it again."""

import json
from collections.abc import Sequence
from pathlib import Path

from genre.atomic import write_text
from genre.audio.decode import FLAG_PARTIAL, FLAG_SILENT, FLAG_TRUNCATED
from genre.errors import DatasetError

FLAG_MESSAGES = {
    FLAG_PARTIAL: "could not be decoded as a whole; what was decoded is used",
    FLAG_TRUNCATED: "holds more or less sound than its header says; what is there is used",
    FLAG_SILENT: "is silent",
}


def write_flags(features: Path, flags: Sequence[str]) -> None:
    """Keep the flags of a recording; where there are none, nothing is there.

    Parameters
    ----------
    features : Path
        The file of its features; the flags lie beside it as ``.json``.
    flags : sequence of str
        Keys of `FLAG_MESSAGES`.
    """
    path = features.with_suffix(".json")
    if flags:
        write_text(path, json.dumps(flags))
    else:
        path.unlink(missing_ok=True)


def read_flags(features: Path) -> tuple[str, ...]:
    """Read the flags of a recording back; the inverse of `write_flags`.

    Raises
    ------
    DatasetError
        Where the file is no list of flags.
    """
    path = features.with_suffix(".json")
    if not path.exists():
        return ()
    try:
        flags = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise unreadable(path) from error
    if not isinstance(flags, list) or not all(flag in list(FLAG_MESSAGES) for flag in flags):
        raise unreadable(path)
    return tuple(flags)


def unreadable(path: Path) -> DatasetError:
    """Say what to do about a broken file of the store."""
    return DatasetError(
        f"{path} must hold what was written there; delete {path.stem}.* and fill again"
    )
