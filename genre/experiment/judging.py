"""What a trained network is worth: first what validation decides, then the test part, once."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import torch
from torch import nn

from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.splits import Split
from genre.evaluation.calibration import fit_temperature, judge_calibration
from genre.evaluation.comparison.measures import WINDOW_THRESHOLD
from genre.evaluation.metrics import evaluate, report_text
from genre.evaluation.scores import PartScores, RunScores
from genre.evaluation.thresholds import decide, fit_thresholds
from genre.models.scoring import Windowing, WindowLogits, window_logits


def score_run(
    network: nn.Module,
    corpus: Corpus,
    split: Split,
    windowing: Windowing,
    *,
    device: torch.device,
) -> RunScores:
    """Fit temperature and thresholds on the validation part, then score the test part.

    Parameters
    ----------
    network : Module
        Trained.
    corpus : Corpus
    split : Split
    windowing : Windowing
        As in training.
    device : torch.device
        Where the network stands.

    Returns
    -------
    RunScores
        The temperature makes the validation tracks' averaged scores most likely; thresholds are
        fitted on the scores that it gives.
    """

    def _read(track_ids: Sequence[str]) -> tuple[LabelledTracks, WindowLogits]:
        tracks = corpus.part(track_ids)
        return tracks, window_logits(network, tracks.mels(), windowing, device=device)

    tracks, windows = _read(split.val)
    temperature = fit_temperature(tracks.y_true, windows.logits, track=windows.track)
    val = _part_scores(corpus, tracks, windows, temperature)
    thresholds = fit_thresholds(val.y_true, val.y_score).values
    train_prior = corpus.part(split.train).y_true.mean(axis=0)
    tracks, windows = _read(split.test)
    return RunScores(
        genres=corpus.vocabulary.genres,
        temperature=temperature,
        thresholds=thresholds,
        train_prior=train_prior,
        val=val,
        test=_part_scores(corpus, tracks, windows, temperature),
        test_uncalibrated=windows.track_scores(1.0),
    )


def _part_scores(
    corpus: Corpus, tracks: LabelledTracks, windows: WindowLogits, temperature: float
) -> PartScores:
    return PartScores(
        track_id=np.array(tracks.track_id),
        artist=corpus.artists(tracks.track_id),
        y_true=tracks.y_true,
        y_score=windows.track_scores(temperature),
        window_score=windows.scores(temperature),
        window_track=windows.track,
    )


def measure(scores: RunScores) -> dict[str, dict[str, float | None]]:
    """Compute every metric on validation tracks, test tracks and test windows.

    Parameters
    ----------
    scores : RunScores

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


def judge_temperature_of(scores: RunScores) -> dict[str, float]:
    """Say what the temperature did to the test tracks' scores.

    Parameters
    ----------
    scores : RunScores

    Returns
    -------
    dict of str to float
        The fields of `genre.evaluation.calibration.Calibration`.
    """
    test, before = scores.test, scores.test_uncalibrated
    return asdict(
        judge_calibration(
            test.y_true,
            test.y_score if before is None else before,
            test.y_score,
            temperature=scores.temperature,
        )
    )


def classification_report(scores: RunScores) -> str:
    """Write scikit-learn's report for test tracks and test windows.

    Parameters
    ----------
    scores : RunScores
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
