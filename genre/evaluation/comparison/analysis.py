"""From scores to everything that is reported; nothing is written here."""

# So that a signature shows the names of types: what ArrayLike stands for fills ten lines.
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from genre.errors import ConfigError
from genre.evaluation.bootstrap import MIN_CLUSTERS
from genre.evaluation.comparison.choice import chosen
from genre.evaluation.comparison.contrasts import (
    Contrast,
    Kind,
    pair_contrasts,
    planned_contrasts,
)
from genre.evaluation.comparison.genres import genre_contrasts, genre_table
from genre.evaluation.comparison.inference import adjust
from genre.evaluation.comparison.legacy import (
    LegacyTest,
    legacy_curve,
    legacy_replicates,
    legacy_test,
)
from genre.evaluation.comparison.measures import (
    MEASURES,
    WEIGHTED_F1,
    WINDOW_F1,
    Measure,
)
from genre.evaluation.comparison.resampled import Replicates, Resampling, first_seeds, resample
from genre.evaluation.comparison.results import Comparison, ComparisonConfig
from genre.evaluation.comparison.tables import scores_table
from genre.evaluation.inputs import Experiment
from genre.evaluation.inputs.arrays import experiment_of_arrays
from genre.evaluation.metrics import primary_metrics
from genre.tasks import Task

FIRST_COLUMNS = ["family", "contrast", "metric", "unit", "n_units", "n_seeds"]


def compare(
    y_true: ArrayLike,
    y_scores: Mapping[str, ArrayLike],
    *,
    artist: Sequence[str] | NDArray[Any] | None = None,
    genres: Sequence[str] | None = None,
    thresholds: float | Mapping[str, ArrayLike] | None = None,
    task: Task = "multilabel",
    config: ComparisonConfig | None = None,
) -> Comparison:
    """Compare models by their scores: which is better, and whether that is a fact.

    Parameters
    ----------
    y_true : array_like of shape (n_tracks, n_labels), bool or 0 and 1
        The genres that each test track has.
    y_scores : mapping of str to array_like of shape (n_tracks, n_labels) or \
(n_seeds, n_tracks, n_labels), in [0, 1]
        The scores of each model; with several seeds the claim is about how models are trained,
        with one about two trained models.
    artist : array_like of shape (n_tracks,), str, optional
        Who made each track: the unit that is resampled. Without it every track is by itself.
    genres : sequence of str, length n_labels, optional
        Names of the columns.
    thresholds : float, or mapping of model to array_like of shape (n_labels,) or \
(n_seeds, n_labels), optional
        From which score on a genre is assigned; fit them on validation tracks with
        `genre.evaluation.thresholds.fit_thresholds`. Without them there are no decisions and only
        threshold-free metrics are compared.
    task : multilabel or exclusive
        Whether a track may have several genres, or has exactly one: then the best is the answer,
        and models are compared by accuracy and macro F1; a threshold leaves low ones without.
    config : ComparisonConfig, optional
        Replicates, confidence, region of equivalence, seed.

    Returns
    -------
    Comparison
        Tables as data frames: `contrasts` (every pair), `scores`, `per_class`. The same arguments
        give the same figures. `genre.evaluation.report.write_comparison` writes them as files.

    Raises
    ------
    GenreError
        When shapes do not fit or a value is out of range; the message names the argument.

    Examples
    --------
    >>> import numpy as np
    >>> from genre.evaluation import compare
    >>> rng = np.random.default_rng(0)
    >>> y_true = rng.random((60, 3)) < 0.4
    >>> good = 0.6 * y_true + 0.4 * rng.random((60, 3))
    >>> poor = rng.random((60, 3))
    >>> found = compare(y_true, {"good": good, "poor": poor}, artist=np.arange(60) // 3)
    >>> row = found.contrasts.iloc[0]
    >>> row["contrast"], bool(row["p_raw"] < 0.05)
    ('poor - good', True)
    >>> found
    Comparison(good, poor; 60 tracks of 20 artists, 3 genres; macro_ap; good first on test)
    """
    experiment = experiment_of_arrays(
        y_true, y_scores, artist=artist, genres=genres, thresholds=thresholds, task=task
    )
    return analyse(experiment, config or ComparisonConfig())


def analyse(experiment: Experiment, config: ComparisonConfig | None = None) -> Comparison:
    """Compare the finished runs of an experiment.

    Parameters
    ----------
    experiment : Experiment
        From `load_experiment`.
    config : ComparisonConfig, optional
        How; the default way if None.
    """
    config = config or ComparisonConfig()
    resampling = resample(experiment, config)
    measures = _measures(experiment)
    replicates = {measure.name: resampling.replicate_all(measure) for measure in measures}
    found = _all_contrasts(resampling, measures, replicates)
    return Comparison(
        experiment=experiment,
        config=config,
        n_clusters=resampling.n_clusters,
        contrasts=found.table,
        asked=found.asked,
        scores=scores_table(resampling, replicates),
        per_class=genre_table(resampling),
        per_class_contrasts=genre_contrasts(resampling),
        replicates={
            (name, measure): np.mean([run.replicates for run in runs], axis=0)
            for measure, by in replicates.items()
            for name, runs in by.items()
        },
        seed_values={
            (name, measure): np.array([run.value for run in runs])
            for measure, by in replicates.items()
            for name, runs in by.items()
        },
        legacy_curve=found.legacy_curve,
    )


def _measures(experiment: Experiment) -> tuple[Measure, ...]:
    names = primary_metrics(has_decisions=experiment.has_decisions, task=experiment.task)
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        raise ConfigError(
            f"METRICS[{unknown[0]!r}]: primary_for needs a Measure in MEASURES of that name"
        )
    has_windows = len(experiment.any_run.window_track) > 0
    is_asked = experiment.has_decisions and has_windows and experiment.task == "multilabel"
    windows = (WINDOW_F1,) if is_asked else ()
    return (*(MEASURES[name] for name in names), *windows)


@dataclass(frozen=True, kw_only=True)
class _Contrasts:
    """The table of contrasts, what each row asks, and the reference's p-values."""

    table: pd.DataFrame
    asked: tuple[Contrast, ...]
    legacy_curve: pd.DataFrame


def _all_contrasts(
    resampling: Resampling, measures: Sequence[Measure], replicates: Replicates
) -> _Contrasts:
    experiment = resampling.experiment
    planned = planned_contrasts(experiment.runs, experiment.settings)
    pairs = pair_contrasts(experiment.runs)
    best = chosen(experiment)
    of_kinds = (
        ()
        if best is None or not best.baseline
        else (Contrast(kind=Kind.BASELINE, side_a=(best.network,), side_b=(best.baseline,)),)
    )
    alike = set(experiment.alike_in_windows)
    of_windows = [pair for pair in pairs if alike.issuperset(pair.weights)]
    primary = [measure for measure in measures if not measure.on_windows]
    windows = [measure for measure in measures if measure.on_windows]
    families = [
        (family, contrasts, chosen)
        for family, contrasts, chosen in (
            ("planned", planned, primary),
            ("pairs", pairs, primary),
            # One question by the figure they were chosen by: nothing to correct.
            ("baseline", of_kinds, primary[:1]),
            ("windows", of_windows, windows),
        )
        if contrasts and chosen
    ]
    if not families:
        nothing = pd.DataFrame(columns=FIRST_COLUMNS)
        return _Contrasts(table=nothing, asked=(), legacy_curve=legacy_curve((), {}))
    blocks = [_family(*family, resampling, replicates) for family in families]
    table = pd.concat(blocks, ignore_index=True)
    asked = tuple(one for _, contrasts, chosen in families for one in contrasts for _ in chosen)
    if windows and of_windows:
        tested = [one for one in (*planned, *pairs) if alike.issuperset(one.weights)]
        return _with_legacy(table, asked, tested, resampling)
    table = table.assign(legacy_t=np.nan, legacy_p=np.nan)
    return _Contrasts(table=table, asked=asked, legacy_curve=legacy_curve((), {}))


def _family(
    family: str,
    contrasts: Iterable[Contrast],
    measures: Sequence[Measure],
    resampling: Resampling,
    replicates: Replicates,
) -> pd.DataFrame:
    rows = [
        resampling.contrast_row(contrast, measure, replicates[measure.name])
        for contrast in contrasts
        for measure in measures
    ]
    table = pd.DataFrame([{"family": family, **row} for row in rows])
    position = int(np.flatnonzero(table.columns == "p_raw")[0]) + 1
    table.insert(position, "p_holm", adjust(table["p_raw"], method="holm"))
    table["few_clusters"] = resampling.n_clusters < MIN_CLUSTERS
    return table


def _with_legacy(
    table: pd.DataFrame,
    asked: tuple[Contrast, ...],
    contrasts: Sequence[Contrast],
    resampling: Resampling,
) -> _Contrasts:
    """Put the reference's test beside every weighted F1, its own windows or not."""
    config, experiment = resampling.config, resampling.experiment
    alike = experiment.alike_in_windows
    replicates = legacy_replicates(
        {name: run for name, run in first_seeds(experiment).items() if name in alike},
        n_replicates=config.n_reference_replicates,
        rng=np.random.default_rng([config.rng_seed, 1]),
    )
    tests = {
        contrast: legacy_test(contrast, replicates, n_replicates=config.n_reference_replicates)
        for contrast in contrasts
    }
    is_f1 = table["metric"].isin([WEIGHTED_F1.name, WINDOW_F1.name])
    none = LegacyTest(t=np.nan, p=np.nan)  # of windows that are not the same
    table["legacy_t"] = [tests.get(contrast, none).t for contrast in asked]
    table["legacy_p"] = [tests.get(contrast, none).p for contrast in asked]
    table.loc[~is_f1, ["legacy_t", "legacy_p"]] = np.nan
    curve = legacy_curve(contrasts, replicates)
    return _Contrasts(table=table, asked=asked, legacy_curve=curve)
