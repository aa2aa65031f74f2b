"""What needs no network, scored on the same splits as the grid."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.atomic import replace_folder
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.sound_summaries import load_summaries
from genre.dataset.splits import Split
from genre.evaluation.baselines import logistic_regression, support_vectors
from genre.evaluation.calibration import fit_scaling, logit
from genre.evaluation.exclusive_scaling import fit_temperature, heated
from genre.evaluation.inputs import LOGISTIC, SVM, BaselinesFolder
from genre.evaluation.scores import PartScores, RunScores, save_scores
from genre.evaluation.thresholds import fit_thresholds
from genre.execution import ExecutionConfig
from genre.tasks import Task

MOST_TRACKS_OF_SVM = 5000


def baseline_scores(corpus: Corpus, split: Split, *, task: Task = "multilabel") -> RunScores:
    """Score a split by logistic regression on mean and deviation of each mel band.

    Parameters
    ----------
    corpus : Corpus
        Tracks with features and labels.
    split : Split
        Which of them are for training, validation and test.
    task : multilabel or exclusive
        Which question is asked.

    Returns
    -------
    RunScores
        A track counts as its own single window.
    """
    train, val, test = (corpus.part(ids) for ids in (split.train, split.val, split.test))
    scores = logistic_regression(_summary(train), train.y_true, _summary(val), _summary(test))
    return _scores(corpus, (train, val, test), scores, task)


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
    scaling = fit_scaling(val.y_true, logit(val_score))
    calibrated = scaling.scores(logit(val_score))
    return RunScores(
        genres=corpus.vocabulary.genres,
        thresholds=fit_thresholds(val.y_true, calibrated).values,
        train_prior=train.y_true.mean(axis=0),
        val=_part(corpus, val, calibrated, val_score),
        test=_part(corpus, test, scaling.scores(logit(test_score)), test_score),
        temperature=scaling.temperature,
        bias=scaling.bias,
        test_uncalibrated=test_score,
    )


def _summary(tracks: LabelledTracks) -> NDArray[np.float64]:
    """Mean and deviation of each band, (n_tracks, 2 n_mels), in dB."""
    rows = []
    for mel in tracks.mels():
        decibels = mel.astype(np.float64)
        rows.append(np.concatenate([decibels.mean(axis=0), decibels.std(axis=0)]))
    return np.stack(rows)


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
    folder: BaselinesFolder,
    corpus: Corpus,
    splits: Sequence[Split],
    *,
    task: Task,
    cache: Path,
    execution: ExecutionConfig,
    progress: bool,
) -> None:
    """Score the baselines on every split; what was there is replaced as a whole.

    Parameters
    ----------
    folder : BaselinesFolder
        Where the scores are kept.
    corpus : Corpus
        Tracks with features and labels.
    splits : sequence of Split
        One, or one per fold.
    task : multilabel or exclusive
        What is asked of a track.
    cache : Path
        Where the support vector machine's summaries of the tracks are kept.
    execution : ExecutionConfig
        The workers that compute them.
    progress : bool
        Whether to draw a bar on the terminal.
    """
    summaries = None
    # A support vector machine compares every track with every other.
    if len(corpus.tracks) <= MOST_TRACKS_OF_SVM:
        summaries = load_summaries(corpus.tracks, cache, execution=execution, progress=progress)

    def _fill(target: Path) -> None:
        for split in splits:
            filled = BaselinesFolder(target)
            scores = baseline_scores(corpus, split, task=task)
            save_scores(filled.of(LOGISTIC).of_fold(split.fold).scores, scores)
            if summaries is not None:
                scores = svm_scores(corpus, split, summaries, task=task)
                save_scores(filled.of(SVM).of_fold(split.fold).scores, scores)

    replace_folder(folder.path, _fill)
