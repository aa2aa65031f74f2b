"""The front door of training: a folder of music in, a compared experiment and its best model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from genre.dataset.music import Music
from genre.errors import ConfigError
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import ExperimentFolder
from genre.evaluation.report import compare_experiment
from genre.grid.names import DEFAULT_CONFIGS
from genre.grid.options import configure
from genre.grid.runs import run_grid
from genre.plugins import load_plugins

# What a folder that has been opened has settled.
_SETTLED = ("data", "labels", "cache", "front_end")


@dataclass(frozen=True, kw_only=True)
class TrainedExperiment:
    """An experiment whose runs are trained and compared.

    Parameters
    ----------
    folder : Path
        Where everything of it lies.
    comparison : Comparison
        Which configuration is better, and whether that is a fact.
    """

    folder: Path
    comparison: Comparison = field(repr=False)

    @property
    def best(self) -> Path:
        """The folder of the best model on validation that can be packed, for `load_tagger`."""
        return ExperimentFolder(self.folder).best

    @property
    def report(self) -> Path:
        """The page with the answer in words, tables and pictures; REPORT.md lies beside it."""
        return ExperimentFolder(self.folder).page

    @property
    def scores(self) -> pd.DataFrame:
        """A row per configuration or baseline, seed, level (track or window) and metric."""
        return self.comparison.scores

    @property
    def contrasts(self) -> pd.DataFrame:
        """A row per planned or paired difference and metric, with its interval and p-value."""
        return self.comparison.contrasts

    @property
    def per_class(self) -> pd.DataFrame:
        """A row per configuration, seed and genre."""
        return self.comparison.per_class


def train(
    music: Music | Path | str,
    *,
    configs: Sequence[str] = DEFAULT_CONFIGS,
    seeds: int = 3,
    progress: bool = True,
    **options: object,
) -> TrainedExperiment:
    """Train configurations on a folder of music, compare them, and choose the best on validation.

    What is finished in the experiment's folder is kept, so that an interrupted call goes on. In a
    script the call stands under ``if __name__ == "__main__":``, since processes read the script.

    Parameters
    ----------
    music : Music, Path or str
        From `genre.open_folder`, or the folder itself.
    configs : sequence of str
        What to train: attnTrue, attnFalse or another architecture, then ``_loss`` and the loss, as
        `genre.grid.configuration_names` lists them.
    seeds : int
        Trainings of each configuration.
    progress : bool
        Whether to draw bars on the terminal.
    **options
        Any other option of ``genre train``, by its name with underscores: ``out``, ``epochs``,
        ``folds``, ``min_tracks``, ``fractions``, ``recipe`` …

    Returns
    -------
    TrainedExperiment
        Its `best` is the folder of a model, its `report` a page.

    Raises
    ------
    ConfigError
        On an unknown option or a value out of range.
    GenreError
        On anything else the user can mend; finished runs are kept.
    """
    load_plugins()
    opened = music if isinstance(music, Music) else None
    if opened is not None:
        for name in _SETTLED:
            if name in options:
                raise ConfigError(
                    f"{name} must be given to genre.open_folder, which has settled it"
                )
        options = options | {
            "data": opened.root,
            "labels": opened.found.labels,
            "cache": opened.store.cache,
            "front_end": opened.store.config,
        }
    else:
        options = {"data": Path(str(music))} | options
    if "out" in options:
        options["out"] = Path(str(options["out"]))
    config = configure(configs=tuple(configs), seeds=seeds, **options)
    summary = run_grid(config, command="genre.train", music=opened, progress=progress)
    return TrainedExperiment(folder=summary.folder, comparison=compare_experiment(summary.folder))
