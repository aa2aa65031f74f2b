"""What no network is trained for, scored on the same splits as the grid."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from genre.atomic import replace_folder
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.places import local_folder
from genre.dataset.sound_summaries import load_summaries
from genre.dataset.splits import Split
from genre.evaluation.baselines import support_vectors
from genre.evaluation.calibration import fit_scaling, logit
from genre.evaluation.exclusive_scaling import fit_temperature, heated
from genre.evaluation.inputs import (
    LOGISTIC,
    SVM,
    BaselinesFolder,
    ExperimentFolder,
    RecordedRun,
    RunFolder,
    RunPlace,
)
from genre.evaluation.scores import PartScores, RunScores, save_scores
from genre.evaluation.thresholds import fit_thresholds
from genre.experiment import Run, RunConfig, train_run
from genre.grid.configurations import GridConfig
from genre.inference.consistency import raise_parents
from genre.models.logistic import LogisticConfig
from genre.tasks import Task
from genre.training.heads import HeadConfig

MOST_TRACKS_OF_SVM = 5000


def logistic_run(config: GridConfig, folder: RunFolder, *, command: str = "") -> Run:
    """Describe the fit of logistic regression: a run like any other, of a network without layers.

    Parameters
    ----------
    config : GridConfig
        How tracks are cut, and what is asked of them.
    folder : RunFolder
        Where its scores, its bundle and its record are kept.
    command : str
        What the user called, for the record.
    """
    return Run(
        config_name=LOGISTIC,
        config=RunConfig(
            architecture=LOGISTIC,
            model=LogisticConfig(n_mels=config.front_end.mel.n_mels),
            loss="bce" if config.task == "multilabel" else "cross_entropy",
            training=HeadConfig(),
            windows=config.windows,
            aggregation=config.aggregation,
            task=config.task,
            kept_windows=config.kept_windows,
        ),
        seed=0,
        folder=folder.path,
        command=command,
        recipe=config.recipe,
    )


def svm_scores(
    corpus: Corpus, split: Split, summaries: NDArray[np.float64], *, task: Task = "multilabel"
) -> RunScores:
    """Score a split by a support vector machine on librosa's summary statistics.

    Parameters
    ----------
    corpus : Corpus
        Tracks with features and labels.
    split : Split
        Which of them are for training, validation and test.
    summaries : ndarray of shape (n_tracks, n_features)
        Of the corpus's tracks, in their order.
    task : multilabel or exclusive
        Which question is asked.

    Returns
    -------
    RunScores
        A track counts as its own single window.
    """
    row = {track.track_id: number for number, track in enumerate(corpus.tracks)}
    parts = tuple(corpus.part(ids) for ids in (split.train, split.val, split.test))
    features = [summaries[[row[track_id] for track_id in part.track_id]] for part in parts]
    scores = support_vectors(features[0], parts[0].y_true, *features[1:])
    return _scores(corpus, parts, scores, task)


def _scores(
    corpus: Corpus,
    parts: tuple[LabelledTracks, ...],
    scores: tuple[NDArray[np.float64], ...],
    task: Task,
) -> RunScores:
    """Calibrate on validation and fit thresholds there, as for a network."""
    train, val, test = parts
    val_score, test_score = scores
    if task == "exclusive":
        # Each class was asked by itself: the shares of what was answered.
        val_score, test_score = (heated(each, 1.0) for each in scores)
        temperature = fit_temperature(val.y_true, val_score)
        return RunScores(
            genres=corpus.vocabulary.genres,
            thresholds=np.zeros(len(corpus.vocabulary.genres)),
            train_prior=train.y_true.mean(axis=0),
            val=_part(corpus, val, heated(val_score, temperature), val_score),
            test=_part(corpus, test, heated(test_score, temperature), test_score),
            temperature=temperature,
            test_uncalibrated=test_score,
            task=task,
        )
    val_score, test_score = (raise_parents(each, val.parents) for each in scores)
    scaling = fit_scaling(val.y_true, logit(val_score))
    calibrated, tested = (
        raise_parents(scaling.scores(logit(each)), val.parents) for each in (val_score, test_score)
    )
    return RunScores(
        genres=corpus.vocabulary.genres,
        thresholds=fit_thresholds(val.y_true, calibrated).values,
        train_prior=train.y_true.mean(axis=0),
        val=_part(corpus, val, calibrated, val_score),
        test=_part(corpus, test, tested, test_score),
        temperature=scaling.temperature,
        bias=scaling.bias,
        test_uncalibrated=test_score,
    )


def _part(
    corpus: Corpus,
    tracks: LabelledTracks,
    y_score: NDArray[np.float64],
    uncalibrated: NDArray[np.float64],
) -> PartScores:
    return PartScores(
        track_id=np.array(tracks.track_id),
        artist=corpus.artists(tracks.track_id),
        y_true=tracks.y_true,
        y_score=y_score,
        window_score=uncalibrated,
        window_track=np.arange(len(y_score)),
    )


def write_baselines(
    config: GridConfig, corpus: Corpus, splits: Sequence[Split], *, command: str, progress: bool
) -> list[RecordedRun]:
    """Fit and score the baselines on every split; what was there is replaced as a whole.

    Parameters
    ----------
    config : GridConfig
        Where the experiment is, and what is asked of a track.
    corpus : Corpus
        Tracks with features and labels.
    splits : sequence of Split
        One, or one per fold.
    command : str
        What the user called, for the record.
    progress : bool
        Whether to draw a bar on the terminal.

    Returns
    -------
    list of RecordedRun
        Of logistic regression, which can be a model like any other, one per split.
    """
    folder, summaries = ExperimentFolder(config.folder).baselines, None
    # A support vector machine compares every track with every other.
    if len(corpus.tracks) <= MOST_TRACKS_OF_SVM:
        summaries = load_summaries(
            corpus.tracks,
            local_folder(config.cache),
            execution=config.execution,
            progress=progress,
        )
    records = {}

    def _fill(target: Path) -> None:
        for split in splits:
            filled = BaselinesFolder(target)
            run = logistic_run(config, filled.of(LOGISTIC).of_fold(split.fold), command=command)
            records[split.fold] = train_run(run, corpus, split, device=torch.device("cpu"))
            if summaries is not None:
                scores = svm_scores(corpus, split, summaries, task=config.task)
                save_scores(filled.of(SVM).of_fold(split.fold).scores, scores)

    replace_folder(folder.path, _fill)
    return [
        RecordedRun(
            place=RunPlace(configuration=LOGISTIC, seed=0, fold=fold),
            folder=folder.of(LOGISTIC).of_fold(fold),
            record=record,
        )
        for fold, record in records.items()
    ]
