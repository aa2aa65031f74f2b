"""The folder of one run: which run it is of, the files in it, and how they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genre.errors import GenreError
from genre.evaluation.inputs.records import RunRecord
from genre.json_files import load_json

if TYPE_CHECKING:
    import pandas

FOLD_FOLDER = re.compile(r"fold(\d+)")


@dataclass(frozen=True, kw_only=True)
class RunPlace:
    """Which run of an experiment.

    Parameters
    ----------
    configuration : str
        The name of what was trained.
    seed : int
        Of the training.
    fold : int or None
        None where there is one division alone.
    """

    configuration: str
    seed: int
    fold: int | None = None

    @property
    def name(self) -> str:
        """Where it lies in the experiment: ``attnTrue_lossbce/seed0``, with folds ``…/fold1``."""
        of_fold = "" if self.fold is None else f"/fold{self.fold}"
        return f"{self.configuration}/seed{self.seed}{of_fold}"


@dataclass(frozen=True)
class RunFolder:
    """The files of one run, or of one baseline.

    Parameters
    ----------
    path : Path
        The folder.
    """

    path: Path

    @property
    def record(self) -> Path:
        """What the run says of itself, written last."""
        return self.path / "record.json"

    @property
    def scores(self) -> Path:
        """The scores of its validation and test tracks."""
        return self.path / "scores.npz"

    @property
    def bundle(self) -> Path:
        """The folder of the trained model."""
        return self.path / "bundle"

    @property
    def history(self) -> Path:
        """The epochs, a row each."""
        return self.path / "history.csv"

    @property
    def curves(self) -> Path:
        """The picture of the epochs."""
        return self.path / "curves.png"

    @property
    def classification_report(self) -> Path:
        """Figures of each genre, for people."""
        return self.path / "classification_report.txt"

    def worth_opening(self) -> dict[str, Path]:
        """List the files that are there and that a person may open, by the word for each."""
        known = {
            "curves": self.curves,
            "per genre": self.classification_report,
            "record": self.record,
        }
        return {word: path for word, path in known.items() if path.is_file()}

    def read_record(self) -> RunRecord | None:
        """Read the record; None where there is none.

        Raises
        ------
        GenreError
            When it cannot be read; the message names the file.
        """
        content = read_json(self.record)
        return None if content is None else RunRecord.from_json(content, str(self.record))

    def read_history(self) -> "pandas.DataFrame | None":
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
        if not self.history.is_file():
            return None
        try:
            import pandas  # which nothing else here needs

            return pandas.read_csv(self.history, dtype=np.float64)
        except (OSError, ValueError) as error:
            raise GenreError(f"{self.history} must be a table of numbers: {error}") from error

    def folds(self) -> list[int]:
        """List the folds that have a folder here, in order."""
        names = (path.name for path in self.path.glob("fold*"))
        return sorted(int(found[1]) for name in names if (found := FOLD_FOLDER.fullmatch(name)))

    def of_fold(self, fold: int | None) -> "RunFolder":
        """Go to the folder of a fold; None stays.

        Parameters
        ----------
        fold : int or None
            Its number.
        """
        return self if fold is None else RunFolder(self.path / f"fold{fold}")


def read_json(path: Path) -> Mapping[str, Any] | None:
    """Read the object that a JSON file holds; None where there is no file.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    GenreError
        When it cannot be read or holds something else; the message names it.
    """
    try:
        content = load_json(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise GenreError(f"{path} must be JSON, but cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise GenreError(f"{path} must hold a JSON object")
    return content
