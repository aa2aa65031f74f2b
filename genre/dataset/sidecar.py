"""What is known of a recording, kept beside its features so that a later run need not decode it.

With it stands a check sum of the features: disks and copies lose a sector now and then, and what
is learned from zeros looks like any other number.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.atomic import write_text
from genre.audio.decode import FLAG_OPPOSED, FLAG_PARTIAL, FLAG_SILENT, FLAG_TRUNCATED
from genre.audio.sound import SoundFacts
from genre.config import from_mapping, to_mapping
from genre.errors import ConfigError, DatasetError
from genre.json_files import load_json, parse_json

# Beside the facts in the same file, so that one look tells both.
_WRITTEN = "features"

FLAG_MESSAGES = {
    FLAG_PARTIAL: "could not be decoded as a whole; what was decoded is used",
    FLAG_TRUNCATED: "holds more or less sound than its header says; what is there is used",
    FLAG_SILENT: "is silent, so that no genre can be learned from it; it is left out",
    FLAG_OPPOSED: "has channels that cancel each other; they are turned so that it is heard",
}


@dataclass(frozen=True)
class Written:
    """What an array of the store was when it was written, so that damage is noticed.

    Parameters
    ----------
    n_bytes : int
        Size of its file.
    crc32 : int
        Check sum of its values.
    """

    n_bytes: int
    crc32: int


@dataclass(frozen=True)
class Sidecar:
    """What is kept beside the features of a recording.

    Parameters
    ----------
    facts : SoundFacts
        What decoding told.
    written : Written or None
        What the features were; None where an earlier version of this program wrote them.
    """

    facts: SoundFacts
    written: Written | None


def write_facts(features: Path, facts: SoundFacts, written: Written) -> None:
    """Keep what is known of a recording.

    Parameters
    ----------
    features : Path
        The file of its features; the facts lie beside it as ``.json``.
    facts : SoundFacts
        What decoding told.
    written : Written
        What the file of its features is.
    """
    plain = {**to_mapping(facts), _WRITTEN: to_mapping(written)}
    write_text(features.with_suffix(".json"), json.dumps(plain), is_durable=False)


def read_sidecar(features: Path) -> Sidecar:
    """Read what is known of a recording; the inverse of `write_facts`.

    Parameters
    ----------
    features : Path
        The file of its features.

    Raises
    ------
    DatasetError
        Where the file is missing or holds anything else.
    """
    path = features.with_suffix(".json")
    try:
        return _sidecar(load_json(path))
    except (OSError, ValueError, TypeError, AttributeError, ConfigError) as error:
        raise unreadable(path) from error


def parse_sidecar(text: bytes, path: Path) -> Sidecar:
    """Parse what is known of a recording.

    Parameters
    ----------
    text : bytes
        As `write_facts` wrote it.
    path : Path
        For the message.

    Raises
    ------
    DatasetError
        Where it is anything else.
    """
    try:
        return _sidecar(parse_json(text))
    except (ValueError, TypeError, AttributeError, ConfigError) as error:
        raise unreadable(path) from error


def _sidecar(parsed: Mapping[str, Any]) -> Sidecar:
    plain = dict(parsed)
    written = plain.pop(_WRITTEN, None)
    return Sidecar(
        from_mapping(SoundFacts, plain),
        None if written is None else from_mapping(Written, written),
    )


def write_written(array: Path, written: Written) -> None:
    """Keep what an array without facts was when it was written, beside it as ``.json``.

    Parameters
    ----------
    array : Path
        The file of the array.
    written : Written
        What it is.
    """
    plain = {_WRITTEN: to_mapping(written)}
    write_text(array.with_suffix(".json"), json.dumps(plain), is_durable=False)


def read_written(array: Path) -> Written | None:
    """Read what an array was; the inverse of `write_written`.

    Parameters
    ----------
    array : Path
        The file of the array.

    Returns
    -------
    Written or None
        None where an earlier version of this program wrote the array, or the file is broken.
    """
    try:
        plain = load_json(array.with_suffix(".json"))
        return from_mapping(Written, plain[_WRITTEN])
    except (OSError, ValueError, TypeError, KeyError, ConfigError):
        return None


def is_intact(values: NDArray[np.generic], written: Written | None) -> bool:
    """Whether an array still holds what was written; True where this is not known.

    Parameters
    ----------
    values : ndarray of any shape, contiguous
        What its file holds now; all of it is read.
    written : Written or None
        What it was.
    """
    return written is None or zlib.crc32(values.data) == written.crc32


def unreadable(path: Path) -> DatasetError:
    """Make the error that says what to do about a broken file of the store.

    Parameters
    ----------
    path : Path
        The file.
    """
    return DatasetError(
        f"{path} must hold what was written there; delete {path.stem}.* and fill again"
    )
