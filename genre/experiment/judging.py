"""What a trained network is worth: first what validation decides, then the test part, once."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.splits import Split
from genre.evaluation.calibration import fit_scaling, judge_calibration
from genre.evaluation.comparison.measures import WINDOW_THRESHOLD
from genre.evaluation.exclusive_scaling import fit_temperature
from genre.evaluation.metrics import evaluate, report_text
from genre.evaluation.preference import clearly_best
from genre.evaluation.scores import PartScores, RunScores
from genre.evaluation.thresholds import decide, fit_thresholds
from genre.experiment.run import AUTO
from genre.inference.consistency import Columns, raise_parents
from genre.inference.score_rule import AGGREGATIONS, ScoreRule, track_logits
from genre.inference.scoring import WindowLogits
from genre.tasks import Task


def score_run(
    listen: Callable[[LabelledTracks], WindowLogits],
    corpus: Corpus,
    split: Split,
    *,
    aggregation: str,
    task: Task = "multilabel",
) -> RunScores:
    """Settle how to score, and thresholds, on the validation part; then score the test part.

    Parameters
    ----------
    listen : callable of LabelledTracks
        Scores the windows of tracks, by the trained network as it will be used.
    corpus : Corpus
        Tracks with features and labels.
    split : Split
        Which of them are for training, validation and test.
    aggregation : str
        How windows become a track: a key of `genre.inference.score_rule.AGGREGATIONS`, or auto.
    task : multilabel or exclusive
        Which question is asked.

    Returns
    -------
    RunScores
        Temperature and biases make the scores of validation tracks most likely; thresholds are
        fitted on these scores. All of it is of scores that agree with the tree of genres. Exclusive
        genres have a temperature alone, and the best is always the answer.
    """
    tracks = corpus.part(split.val)
    windows = listen(tracks)
    plain = ScoreRule(task=task, parents=tracks.parents)
    rule = _fitted_rule(corpus, tracks, windows, plain, aggregation)
    val = _part_scores(corpus, tracks, windows, rule)
    thresholds = np.zeros(len(corpus.vocabulary.genres))
    if task == "multilabel":
        thresholds = fit_thresholds(val.y_true, val.y_score).values
    train_prior = corpus.part(split.train).y_true.mean(axis=0)
    tracks = corpus.part(split.test)
    windows = listen(tracks)
    return RunScores(
        genres=corpus.vocabulary.genres,
        temperature=rule.temperature,
        bias=np.array(rule.bias) if rule.bias else None,
        aggregation=rule.aggregation,
        thresholds=thresholds,
        train_prior=train_prior,
        val=val,
        test=_part_scores(corpus, tracks, windows, rule),
        test_uncalibrated=replace(rule, temperature=1.0, bias=()).track_scores(windows),
        task=task,
    )


def rule_of(scores: RunScores, parents: Columns = ()) -> ScoreRule:
    """Return the rule that made a run's scores, for its bundle.

    Parameters
    ----------
    scores : RunScores
        From `score_run`.
    parents : tuple of tuple of int, n_labels values or none
        Those of the labels, which scores agree with.
    """
    bias = () if scores.bias is None else tuple(float(value) for value in scores.bias)
    return ScoreRule(
        aggregation=scores.aggregation,
        temperature=float(scores.temperature),
        bias=bias,
        task=scores.task,
        parents=parents,
    )


def _fitted_rule(
    corpus: Corpus,
    tracks: LabelledTracks,
    windows: WindowLogits,
    plain: ScoreRule,
    aggregation: str,
) -> ScoreRule:
    """Settle everything between logits and scores on validation tracks."""
    names = AGGREGATIONS if aggregation == AUTO else [aggregation]
    of_windows = plain.logits(windows)
    logits = {
        name: raise_parents(track_logits(of_windows, windows.track, name), plain.parents)
        for name in names
    }
    chosen = clearly_best(tracks.y_true, logits, corpus.artists(tracks.track_id))
    rule = replace(plain, aggregation=chosen)
    if rule.task == "exclusive":
        return replace(rule, temperature=fit_temperature(tracks.y_true, rule.track_scores(windows)))
    scaling = fit_scaling(tracks.y_true, logits[chosen])
    return replace(
        rule,
        temperature=scaling.temperature,
        bias=tuple(float(value) for value in scaling.bias),
    )


def _part_scores(
    corpus: Corpus, tracks: LabelledTracks, windows: WindowLogits, rule: ScoreRule
) -> PartScores:
    return PartScores(
        track_id=np.array(tracks.track_id),
        artist=corpus.artists(tracks.track_id),
        y_true=tracks.y_true,
        y_score=rule.track_scores(windows),
        # As the network gives them: the customary cut at 0.5 is for these.
        window_score=ScoreRule(task=rule.task, parents=rule.parents).window_scores(windows),
        window_track=windows.track,
    )


def measure(scores: RunScores) -> dict[str, dict[str, float | None]]:
    """Compute every metric on validation tracks, test tracks and test windows.

    Parameters
    ----------
    scores : RunScores
        From `score_run`.

    Returns
    -------
    dict of part (val, test, test_window) to dict of metric to float
        None where a metric is undefined.
    """
    task = scores.task
    metrics = {
        name: evaluate(part.y_true, part.y_score, _decided(scores, part), task=task)
        for name, part in (("val", scores.val), ("test", scores.test))
    }
    window_true = scores.test.y_true[scores.test.window_track]
    metrics["test_window"] = evaluate(
        window_true, scores.test.window_score, _decided_windows(scores), task=task
    )
    return _json_numbers(metrics)


def _decided(scores: RunScores, part: PartScores) -> NDArray[np.bool_]:
    return decide(part.y_score, scores.thresholds, task=scores.task)


def _decided_windows(scores: RunScores) -> NDArray[np.bool_]:
    """Decide for test windows by what is customary: a score of one half; or the best."""
    cut = WINDOW_THRESHOLD if scores.task == "multilabel" else 0.0
    return decide(scores.test.window_score, np.full(len(scores.genres), cut), task=scores.task)


def judge_calibration_of(scores: RunScores) -> dict[str, Any]:
    """Describe how scores were calibrated, and what that did to those of the test tracks.

    Parameters
    ----------
    scores : RunScores
        From `score_run`.

    Returns
    -------
    dict
        The fields of `genre.evaluation.calibration.Calibration`, with ``aggregation`` and the
        ``bias`` of each genre.
    """
    test, before = scores.test, scores.test_uncalibrated
    judged = judge_calibration(
        test.y_true,
        test.y_score if before is None else before,
        test.y_score,
        temperature=scores.temperature,
    )
    # Exclusive genres have none.
    bias = dict(zip(scores.genres, rule_of(scores).bias, strict=False))
    return {"aggregation": scores.aggregation, "bias": bias, **asdict(judged)}


def classification_report(scores: RunScores) -> str:
    """Write scikit-learn's report for test tracks and test windows.

    Parameters
    ----------
    scores : RunScores
        From `score_run`.
    """
    test, genres = scores.test, scores.genres
    tracks = report_text(test.y_true, _decided(scores, test), genres)
    windows = report_text(test.y_true[test.window_track], _decided_windows(scores), genres)
    if scores.task == "exclusive":
        return f"Test tracks, the best genre\n\n{tracks}\nTest windows, the same\n\n{windows}"
    return (
        f"Test tracks, thresholds from validation\n\n{tracks}\n"
        f"Test windows, threshold {WINDOW_THRESHOLD}\n\n{windows}"
    )


def _json_numbers(metrics: dict[str, dict[str, float]]) -> dict[str, dict[str, float | None]]:
    """Write what is undefined as null: JSON has no NaN."""
    return {
        part: {name: None if np.isnan(value) else float(value) for name, value in values.items()}
        for part, values in metrics.items()
    }
