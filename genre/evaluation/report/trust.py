"""How far scores can be trusted: calibration, and what giving no genre gains."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.evaluation.calibration import Calibration, coverage_precision, judge_calibration
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import PooledRun
from genre.evaluation.report.markdown import number, table

EXCLUSIVE_CALIBRATION_WORDS = (
    "Of all the times a model says 0.7, seven in ten should be right. Models are seldom so honest "
    "by themselves, so their scores were corrected by a temperature (above 1: the model was too "
    "sure), fitted on each run's own validation tracks. The order of genres stays. Measured on the "
    "best score of each test track: ECE is the mean gap between it and the share that is right, in "
    "15 bins of equal mass; the Brier score is its mean squared distance from being right. Lower "
    "is better."
)
EXCLUSIVE_ABSTENTION_WORDS = (
    "The best genre is the answer, however low its score. With `--min-score` genre tag and genre "
    "serve answer only where the best reaches it: below stands what share of the tracks then have "
    "an answer, and what share of these answers is right. The picture of coverage shows it for "
    "every score."
)
LEAST_SCORES = (0.0, 0.3, 0.5, 0.7, 0.9)
CALIBRATION_WORDS = (
    "Of all the times a model says 0.7, seven in ten should be right. Models are seldom so honest "
    "by themselves, so their scores were corrected: every logit is divided by a temperature (above "
    "1: the model was too sure) and a bias is added for each genre (below 0: its scores were too "
    "high), both fitted on each run's own validation tracks. The order of tracks within a genre "
    "stays. Measured on test tracks: ECE is the mean gap between scores and the share that is "
    "right, in 15 bins of equal mass per genre; the Brier score is the mean squared distance from "
    "the truth. Lower is better."
)
ABSTENTION_WORDS = (
    "No genre is a legal answer: a track whose scores all stay below their thresholds gets none. "
    "The picture of coverage shows what raising all thresholds together would gain."
)


def trust_section(comparison: Comparison) -> list[str]:
    """Write what calibration did, and how many tracks get a genre.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    list of str
        A heading, words and tables; nothing where neither calibration nor thresholds are known.
    """
    runs, is_exclusive = comparison.experiment.runs, comparison.experiment.task == "exclusive"
    parts: list[str] = []
    if any(run.uncalibrated is not None for by_seed in runs.values() for run in by_seed.values()):
        words = EXCLUSIVE_CALIBRATION_WORDS if is_exclusive else CALIBRATION_WORDS
        parts += [words, _calibration_table(runs), *_other_aggregations(runs)]
    if comparison.experiment.has_decisions:
        words = EXCLUSIVE_ABSTENTION_WORDS if is_exclusive else ABSTENTION_WORDS
        parts += [words, _least_score_table(runs) if is_exclusive else _abstention_table(runs)]
    return ["## How far to trust the scores", *parts] if parts else []


def calibration_of(run: PooledRun) -> Calibration:
    """Judge the calibration of a run on its test tracks; of exclusive genres, of the best alone.

    Parameters
    ----------
    run : PooledRun
        Without uncalibrated scores, the same stand before and after.

    Returns
    -------
    Calibration
        The temperature is the geometric mean of the folds'.
    """
    run = as_asked(run)
    return judge_calibration(
        run.y_true,
        run.y_score if run.uncalibrated is None else run.uncalibrated,
        run.y_score,
        temperature=float(np.exp(np.mean(np.log(run.temperatures or (1.0,))))),
    )


def as_asked(run: PooledRun) -> PooledRun:
    """Reduce a run to its questions: for exclusive genres one alone, whether the best is right.

    Parameters
    ----------
    run : PooledRun
        Of either task.

    Returns
    -------
    PooledRun
        The same where each genre is a question; else with one column in place of all genres.
    """
    if run.task == "multilabel":
        return run
    best = run.y_score.argmax(axis=1)[:, np.newaxis]

    def _of_best(values: NDArray[Any]) -> NDArray[Any]:
        return np.take_along_axis(values, best, axis=1)

    return replace(
        run,
        genres=("the best",),
        y_true=_of_best(run.y_true),
        y_score=_of_best(run.y_score),
        thresholds=_of_best(run.thresholds),
        uncalibrated=None if run.uncalibrated is None else _of_best(run.uncalibrated),
    )


def range_text(values: Sequence[float]) -> str:
    """Write one number, or the range of several.

    Parameters
    ----------
    values : sequence of float
        At least one.
    """
    low, high = (f"{value:.2f}" for value in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def _calibration_table(runs: Mapping[str, Mapping[int, PooledRun]]) -> str:
    rows = []
    for name, by_seed in runs.items():
        found = [calibration_of(run) for run in by_seed.values()]
        known = [value for run in by_seed.values() for value in run.temperatures or (1.0,)]
        measured = [field.name for field in fields(Calibration) if field.name != "temperature"]
        means = [_mean(getattr(one, measure) for one in found) for measure in measured]
        ranges = [range_text(known), range_text(_biases(by_seed.values()))]
        rows.append([name, *ranges, *(number(value) for value in means)])
    header = ["model", "temperature", "bias", "ECE before", "ECE after"]
    return table([*header, "Brier before", "Brier after"], rows)


def _biases(runs: Iterable[PooledRun]) -> list[float]:
    known = [run.biases.ravel() for run in runs if run.biases is not None]
    return [float(value) for value in np.concatenate([*known, np.zeros(0 if known else 1)])]


def _other_aggregations(runs: Mapping[str, Mapping[int, PooledRun]]) -> Iterator[str]:
    """List the runs whose windows became tracks by another way than the mean score."""
    others = [
        f"{name}, seed {seed} ({', '.join(sorted(set(run.aggregations)))})"
        for name, by_seed in runs.items()
        for seed, run in by_seed.items()
        if set(run.aggregations) - {"mean"}
    ]
    if others:
        yield (
            "A track's score is the mean over its windows, but for these, where validation tracks "
            f"showed a clear gain or an option said so: {'; '.join(others)}."
        )


def _abstention_table(runs: Mapping[str, Mapping[int, PooledRun]]) -> str:
    rows = []
    for name, by_seed in runs.items():
        found = [
            coverage_precision(run.y_true, run.y_score, run.thresholds).at(0.0)
            for run in by_seed.values()
        ]
        coverage, precision = (_mean(values) for values in zip(*found, strict=True))
        rows.append([name, number(coverage), number(1 - coverage), number(precision)])
    header = ["model", "tracks with a genre", "tracks without"]
    return table([*header, "right, of the genres given"], rows)


def _least_score_table(runs: Mapping[str, Mapping[int, PooledRun]]) -> str:
    rows = []
    for name, by_seed in runs.items():
        asked = [as_asked(run) for run in by_seed.values()]
        curves = [coverage_precision(run.y_true, run.y_score, np.zeros(1)) for run in asked]
        cells = []
        for least in LEAST_SCORES:
            found = zip(*(curve.at(least) for curve in curves), strict=True)
            cells.append(" / ".join(number(_mean(values)) for values in found))
        rows.append([name, *cells])
    wide = [f"from {least} on" if least else "always" for least in LEAST_SCORES]
    return table(["model: with an answer / right of these", *wide], rows)


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))
