"""What a run says of itself: its record, and the history of its training."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from genre.errors import GenreError

# What a person may want to open, with the word for it.
FILES = {
    "curves.png": "curves",
    "classification_report.txt": "per genre",
    "record.json": "record",
}


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One finished training.

    Parameters
    ----------
    name : str
        Its place in the experiment: ``attnTrue_lossbce/seed0``, with folds ``…/fold1``.
    folder : Path
        Where its files are.
    content : mapping of str to plain value
        The content of record.json.
    """

    name: str
    folder: Path
    content: Mapping[str, Any]

    @property
    def configuration(self) -> str:
        """The name of what was trained."""
        return self.name.partition("/")[0]

    def settings(self) -> dict[str, Any]:
        """Flatten the configuration: ``training.augment.gain_db`` to its value."""
        return dict(_flat(self.content.get("config") or {}))

    def files(self) -> dict[str, Path]:
        """Give the files that are there and worth opening, by the word for each."""
        found = {word: self.folder / name for name, word in FILES.items()}
        return {word: path for word, path in found.items() if path.is_file()}

    def history(self) -> pd.DataFrame | None:
        """Read the epochs of the training, a row each.

        Returns
        -------
        DataFrame or None
            None where none were kept.

        Raises
        ------
        GenreError
            Where the file is not a table of numbers.
        """
        path = self.folder / "history.csv"
        if not path.is_file():
            return None
        try:
            return pd.read_csv(path, dtype=np.float64)
        except (OSError, ValueError) as error:
            raise GenreError(f"{path} must be a table of numbers: {error}") from error


def common_settings(records: Sequence[RunRecord]) -> dict[str, Any]:
    """Give the settings that every run has, with the same value."""
    first, *others = [record.settings() for record in records]
    return {
        name: value
        for name, value in first.items()
        if all(name in other and other[name] == value for other in others)
    }


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
