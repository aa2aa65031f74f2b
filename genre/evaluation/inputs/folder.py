"""The folder of an experiment: where everything lies, and what is there.

Layout: ``<experiment>/<configuration>/seed<k>/[fold<f>/]{record.json, scores.npz, bundle/ …}``, the
logistic regression, which is a run like any other, under ``baselines/[fold<f>/]``, every other
baseline under ``baselines/<name>/[fold<f>/]scores.npz``, the winner's bundle in ``best/``, and a
description in ``experiment.json``. Nobody else spells these names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genre.evaluation.inputs.records import Description
from genre.evaluation.inputs.run_folder import FOLD_FOLDER, RunFolder, RunPlace, read_json

LOGISTIC, SVM = "logistic", "svm"
BASELINES = {LOGISTIC: "logistic regression", SVM: "support vector machine"}
"""What the known baselines are called on disk, and to people."""
DESCRIPTION = "experiment.json"
SEED_FOLDER = re.compile(r"seed(\d+)")


@dataclass(frozen=True)
class BaselinesFolder:
    """The baselines of an experiment.

    Parameters
    ----------
    path : Path
        The folder.
    """

    path: Path

    def of(self, name: str) -> RunFolder:
        """Where a baseline lies: the logistic regression here, any other below.

        Parameters
        ----------
        name : str
            A key of `BASELINES`, or any other name of a folder.
        """
        return RunFolder(self.path if name == LOGISTIC else self.path / name)

    def names(self) -> list[str]:
        """List the baselines that have scores, for one fold at least: the known ones first."""
        below = sorted(path.name for path in self.path.glob("*") if path.is_dir())
        others = (name for name in below if not FOLD_FOLDER.fullmatch(name))
        return [name for name in dict.fromkeys((*BASELINES, *others)) if self._has_scores(name)]

    def _has_scores(self, name: str) -> bool:
        folder = self.of(name)
        return any(folder.of_fold(fold).scores.is_file() for fold in (None, *folder.folds()))


@dataclass(frozen=True)
class ExperimentFolder:
    """Where everything of an experiment lies.

    Parameters
    ----------
    path : Path
        The folder, such as ``results/demo``.
    """

    path: Path

    @property
    def description(self) -> Path:
        """What the experiment says of itself."""
        return self.path / DESCRIPTION

    @property
    def best(self) -> Path:
        """The bundle of the winner."""
        return self.path / "best"

    @property
    def baselines(self) -> BaselinesFolder:
        """What needs no network."""
        return BaselinesFolder(self.path / "baselines")

    @property
    def pictures(self) -> Path:
        """The folder of the report's pictures."""
        return self.path / "pictures"

    @property
    def report(self) -> Path:
        """The report as Markdown."""
        return self.path / "REPORT.md"

    @property
    def page(self) -> Path:
        """The report as a page."""
        return self.path / "report.html"

    @property
    def comparison(self) -> Path:
        """What the comparison found, for programs."""
        return self.path / "comparison.json"

    @property
    def quarantine(self) -> Path:
        """The files that could not be used, a line each."""
        return self.path / "quarantine.jsonl"

    def table(self, name: str) -> Path:
        """Where a table of the comparison lies.

        Parameters
        ----------
        name : str
            Such as per_class.
        """
        return self.path / f"{name}.csv"

    def split(self, fold: int | None) -> Path:
        """Where the division of the tracks lies.

        Parameters
        ----------
        fold : int or None
            None where there is one division alone.
        """
        return self.path / ("split.json" if fold is None else f"split_fold{fold}.json")

    def splits(self) -> list[Path]:
        """List the divisions that are there, of whichever folds."""
        return [*self.path.glob("split.json"), *self.path.glob("split_fold*.json")]

    def run(self, place: RunPlace) -> RunFolder:
        """Where a run lies; the logistic regression, which every grid has, beside the baselines.

        Parameters
        ----------
        place : RunPlace
            Which run.
        """
        if place.configuration == LOGISTIC:
            return self.baselines.of(LOGISTIC).of_fold(place.fold)
        return RunFolder(self.path / place.name)

    def outdated(self, place: RunPlace, identity: str) -> RunFolder:
        """Where a run of other data or options is moved.

        Parameters
        ----------
        place : RunPlace
            Where it lay.
        identity : str
            What tells its data and options apart.
        """
        return RunFolder(self._outdated / identity / place.name)

    def earlier(self, place: RunPlace) -> list[RunFolder]:
        """List the runs of a place that were of other data or options, the last one first.

        Parameters
        ----------
        place : RunPlace
            Which run.
        """
        found = [RunFolder(path / place.name) for path in self._outdated.glob("*")]
        known = [run for run in found if run.record.is_file()]
        return sorted(known, key=lambda run: run.record.stat().st_mtime, reverse=True)

    @property
    def _outdated(self) -> Path:
        return self.path / "outdated"

    def read_description(self) -> Description:
        """Read the description; an empty one where there is none.

        Raises
        ------
        GenreError
            When it cannot be read; the message names the file.
        """
        return Description.from_json(read_json(self.description) or {}, str(self.description))

    def runs(self) -> Iterator[RunPlace]:
        """Find the runs on disk, finished or not.

        Yields
        ------
        RunPlace
            Each fold that has a folder, and the run itself unless folds are all that it holds.
        """
        others = {self.best, self.baselines.path, self.pictures, self._outdated}
        for folder in self.path.glob("*/seed*"):
            seed = SEED_FOLDER.fullmatch(folder.name)
            if seed is None or not folder.is_dir() or folder.parent in others:
                continue
            run = RunPlace(configuration=folder.parent.name, seed=int(seed[1]))
            for fold in RunFolder(folder).folds():
                yield RunPlace(configuration=run.configuration, seed=run.seed, fold=fold)
            inside = [path.name for path in folder.iterdir()]
            if not inside or not all(map(FOLD_FOLDER.fullmatch, inside)):
                yield run


def newest_experiment(results: Path) -> ExperimentFolder | None:
    """Find the experiment that was described last; None where there is none.

    Parameters
    ----------
    results : Path
        The folder of experiments.
    """
    found = sorted(results.glob(f"*/{DESCRIPTION}"), key=lambda path: path.stat().st_mtime)
    return ExperimentFolder(found[-1].parent) if found else None
