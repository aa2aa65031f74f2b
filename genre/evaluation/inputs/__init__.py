"""What comes in: the folder of an experiment, tables of scores, and arrays.

Everything is imported when it is first asked for: what lies where needs no pandas.
"""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.evaluation.inputs.arrays import experiment_of_arrays
    from genre.evaluation.inputs.experiment import (
        NO_ARTISTS,
        Experiment,
        RecordedRun,
        load_experiment,
    )
    from genre.evaluation.inputs.folder import (
        BASELINES,
        LOGISTIC,
        SVM,
        BaselinesFolder,
        ExperimentFolder,
    )
    from genre.evaluation.inputs.pooling import PooledRun, pool_folds
    from genre.evaluation.inputs.records import Description, RunRecord
    from genre.evaluation.inputs.run_folder import RunFolder, RunPlace
    from genre.evaluation.inputs.score_files import ScoreFiles, load_score_files

__all__ = [
    "BASELINES",
    "LOGISTIC",
    "NO_ARTISTS",
    "SVM",
    "BaselinesFolder",
    "Description",
    "Experiment",
    "ExperimentFolder",
    "PooledRun",
    "RecordedRun",
    "RunFolder",
    "RunPlace",
    "RunRecord",
    "ScoreFiles",
    "experiment_of_arrays",
    "load_experiment",
    "load_score_files",
    "pool_folds",
]

__getattr__, __dir__ = offer(
    __name__,
    {
        "arrays": ("experiment_of_arrays",),
        "experiment": (
            "NO_ARTISTS",
            "Experiment",
            "RecordedRun",
            "load_experiment",
        ),
        "folder": (
            "BASELINES",
            "LOGISTIC",
            "SVM",
            "BaselinesFolder",
            "ExperimentFolder",
        ),
        "pooling": (
            "PooledRun",
            "pool_folds",
        ),
        "records": (
            "Description",
            "RunRecord",
        ),
        "run_folder": (
            "RunFolder",
            "RunPlace",
        ),
        "score_files": (
            "ScoreFiles",
            "load_score_files",
        ),
    },
)
