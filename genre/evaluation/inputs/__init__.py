"""An experiment on disk: which runs are finished, and their test scores, folds pooled.

Layout: ``<experiment>/<config name>/seed<k>/[fold<f>/]{scores.npz, record.json}``, the logistic
regression under ``<experiment>/baselines/[fold<f>/]scores.npz``, the support vector machine under
``<experiment>/baselines/svm/[fold<f>/]scores.npz`` and a description in
``<experiment>/experiment.json``.
"""

from genre.evaluation.inputs.experiment import NO_ARTISTS, Experiment, load_experiment
from genre.evaluation.inputs.pooling import PooledRun, pool_folds
from genre.evaluation.inputs.records import RunRecord, common_settings

__all__ = [
    "NO_ARTISTS",
    "Experiment",
    "PooledRun",
    "RunRecord",
    "common_settings",
    "load_experiment",
    "pool_folds",
]
