"""What a trained network is worth: first what validation decides, then the test part, once."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.splits import Split
from genre.evaluation.calibration import fit_scaling, judge_calibration
from genre.evaluation.comparison.measures import WINDOW_THRESHOLD
from genre.evaluation.metrics import evaluate, report_text
from genre.evaluation.preference import clearly_best
from genre.evaluation.scores import PartScores, RunScores
from genre.evaluation.thresholds import decide, fit_thresholds
from genre.experiment.run import AUTO
from genre.inference.score_rule import AGGREGATIONS, ScoreRule, track_logits
from genre.inference.scoring import WindowLogits


def score_run(
    listen: Callable[[LabelledTracks], WindowLogits],
    corpus: Corpus,
    split: Split,
    *,
    aggregation: str,
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

    Returns
    -------
    RunScores
        Temperature and biases make the scores of validation tracks most likely; thresholds are
        fitted on these scores.
    """
    tracks = corpus.part(split.val)
    windows = listen(tracks)
    rule = _fitted_rule(corpus, tracks, windows, aggregation)
    val = _part_scores(corpus, tracks, windows, rule)
    thresholds = fit_thresholds(val.y_true, val.y_score).values
    train_prior = corpus.part(split.train).y_true.mean(axis=0)
    tracks = corpus.part(split.test)
    windows = listen(tracks)
    return RunScores(
        genres=corpus.vocabulary.genres,
        temperature=rule.temperature,
        bias=np.array(rule.bias),
        aggregation=rule.aggregation,
        thresholds=thresholds,
        train_prior=train_prior,
        val=val,
        test=_part_scores(corpus, tracks, windows, rule),
        test_uncalibrated=ScoreRule(aggregation=rule.aggregation).track_scores(windows),
    )


def rule_of(scores: RunScores) -> ScoreRule:
    """Return the rule that made a run's scores, for its bundle.

    Parameters
    ----------
    scores : RunScores
        From `score_run`.
    """
    bias = () if scores.bias is None else tuple(float(value) for value in scores.bias)
    return ScoreRule(
        aggregation=scores.aggregation, temperature=float(scores.temperature), bias=bias
    )


def _fitted_rule(
    corpus: Corpus, tracks: LabelledTracks, windows: WindowLogits, aggregation: str
) -> ScoreRule:
    """Settle everything between logits and scores on validation tracks."""
    names = AGGREGATIONS if aggregation == AUTO else [aggregation]
    logits = {name: track_logits(windows.logits, windows.track, name) for name in names}
    chosen = clearly_best(tracks.y_true, logits, corpus.artists(tracks.track_id))
    scaling = fit_scaling(tracks.y_true, logits[chosen])
    return ScoreRule(
        aggregation=chosen,
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
        window_score=ScoreRule().window_scores(windows),
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
    metrics = {
        name: evaluate(part.y_true, part.y_score, decide(part.y_score, scores.thresholds))
        for name, part in (("val", scores.val), ("test", scores.test))
    }
    window_true = scores.test.y_true[scores.test.window_track]
    window_score = scores.test.window_score
    metrics["test_window"] = evaluate(window_true, window_score, window_score >= WINDOW_THRESHOLD)
    return _json_numbers(metrics)


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
    bias = dict(zip(scores.genres, rule_of(scores).bias, strict=True))
    return {"aggregation": scores.aggregation, "bias": bias, **asdict(judged)}


def classification_report(scores: RunScores) -> str:
    """Write scikit-learn's report for test tracks and test windows.

    Parameters
    ----------
    scores : RunScores
        From `score_run`.
    """
    test, genres = scores.test, scores.genres
    tracks = report_text(test.y_true, decide(test.y_score, scores.thresholds), genres)
    windows = report_text(
        test.y_true[test.window_track], test.window_score >= WINDOW_THRESHOLD, genres
    )
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
