"""What is known of a recording, kept beside its features so that a later run need not decode it."""

import json
from pathlib import Path

from genre.atomic import write_text
from genre.audio.decode import FLAG_OPPOSED, FLAG_PARTIAL, FLAG_SILENT, FLAG_TRUNCATED
from genre.audio.sound import SoundFacts
from genre.config import from_mapping, to_mapping
from genre.errors import ConfigError, DatasetError

FLAG_MESSAGES = {
    FLAG_PARTIAL: "could not be decoded as a whole; what was decoded is used",
    FLAG_TRUNCATED: "holds more or less sound than its header says; what is there is used",
    FLAG_SILENT: "is silent, so that no genre can be learned from it; it is left out",
    FLAG_OPPOSED: "has channels that cancel each other; they are turned so that it is heard",
}


def write_facts(features: Path, facts: SoundFacts) -> None:
    """Keep what is known of a recording.

    Parameters
    ----------
    features : Path
        The file of its features; the facts lie beside it as ``.json``.
    facts : SoundFacts
        What decoding told.
    """
    write_text(features.with_suffix(".json"), json.dumps(to_mapping(facts)), is_durable=False)


def read_facts(features: Path) -> SoundFacts:
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
        return from_mapping(SoundFacts, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError, ConfigError) as error:
        raise unreadable(path) from error


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
