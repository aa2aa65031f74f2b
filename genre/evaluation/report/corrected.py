"""What correcting the labels did: runs of before, which a grid keeps, beside those of now."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre.errors import GenreError
from genre.evaluation.bootstrap import (
    Interval,
    cluster_rows,
    draw_weights,
    macro_ap_statistic,
    percentile_interval,
)
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import (
    Experiment,
    ExperimentFolder,
    PooledRun,
    RecordedRun,
    RunFolder,
    pool_folds,
)
from genre.evaluation.report.markdown import number, plain, signed, span, table
from genre.evaluation.scores import load_scores

N_REPLICATES = 1000
_CAUTION = (
    "The test labels may have changed, too: the first figure is held against the labels of before, "
    "the other two against those of now. Labels that were corrected because a model spoke against "
    "them agree with models more than others do, so that these figures flatter."
)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A configuration before and after, by macro average precision on the same test tracks.

    Parameters
    ----------
    name : str
        The configuration.
    n_tracks, n_changed : int
        Test tracks of both, and those of them that have other labels now.
    before, before_now, after : float
        The old runs by the old labels and by those of now, and the new runs by those of now; means
        over seeds.
    gain : Interval
        Of what the new runs are better by, over artists.
    """

    name: str
    n_tracks: int
    n_changed: int
    before: float
    before_now: float
    after: float
    gain: Interval


def corrected_section(comparison: Comparison) -> list[str]:
    """Write what correcting the labels did; nothing where no run of before was kept.

    Parameters
    ----------
    comparison : Comparison
        Of the runs of now.
    """
    found = corrections(comparison.experiment)
    if not found:
        return []
    header = ["", "test tracks", "relabelled", "before", "before, by new labels", "after"]
    header += ["gain", "95 % interval"]
    rows = [
        [
            plain(one.name),
            str(one.n_tracks),
            str(one.n_changed),
            number(one.before),
            number(one.before_now),
            number(one.after),
            signed(one.after - one.before_now),
            span(one.gain.low, one.gain.high, with_sign=True),
        ]
        for one in found
    ]
    said = (
        "Macro average precision of the same configurations on the data as they were before and as "
        "they are now, on the test tracks that both have; the gain with its interval over "
        f"{comparison.unit}s."
    )
    return ["## What correcting the labels did", said, table(header, rows), _CAUTION]


def corrections(experiment: Experiment) -> list[Correction]:
    """Compare the runs of now with the last ones of the same options on other data.

    Parameters
    ----------
    experiment : Experiment
        Its folder may hold runs of before.

    Returns
    -------
    list of Correction
        One for each configuration that has them for a seed at least, and a test track in common.
    """
    found = []
    for name, by_seed in experiment.runs.items():
        pairs = []
        for seed, run in by_seed.items():
            records = [
                one
                for one in experiment.records
                if (one.place.configuration, one.place.seed) == (name, seed)
            ]
            if records and (before := _before(experiment, records)) is not None:
                pairs.append((before, run))
        if (one := _compared(name, pairs)) is not None:
            found.append(one)
    return found


def _before(experiment: Experiment, records: Sequence[RecordedRun]) -> PooledRun | None:
    folder = ExperimentFolder(experiment.folder)
    earlier = [next(iter(_alike(folder, one)), None) for one in records]
    runs = [one for one in earlier if one is not None]
    if len(runs) < len(records):
        return None
    try:
        return pool_folds([load_scores(run.scores) for run in runs], name=str(runs[0].path))
    except GenreError:  # half of them are of yet other data
        return None


def _alike(folder: ExperimentFolder, now: RecordedRun) -> list[RunFolder]:
    """List the earlier runs of the same options and other data, the last one first."""
    found = []
    for run in folder.earlier(now.place):
        try:
            record = run.read_record()
        except GenreError:
            continue
        if record is None or not record.finished or record.config != now.record.config:
            continue
        if record.data_hash != now.record.data_hash and run.scores.is_file():
            found.append(run)
    return found


def _compared(name: str, pairs: Sequence[tuple[PooledRun, PooledRun]]) -> Correction | None:
    """Compare runs seed by seed, on the tracks that all of them have."""
    if not pairs:
        return None
    shared: set[str] = set.intersection(
        *({str(one) for one in run.track_id} for pair in pairs for run in pair)
    )
    genres = [
        genre
        for genre in pairs[0][1].genres
        if all(genre in run.genres for pair in pairs for run in pair)
    ]
    if not shared or not genres:
        return None
    first = pairs[0][1]
    rows = np.isin(first.track_id, sorted(shared))
    cluster, n_clusters = cluster_rows(first.artist[rows])
    weights = draw_weights(n_clusters, n_replicates=N_REPLICATES, rng=np.random.default_rng(0))
    cuts = [(_cut(before, shared, genres), _cut(after, shared, genres)) for before, after in pairs]
    values, gains = [], []
    for (old_true, old_score), (new_true, new_score) in cuts:
        sides = ((old_true, old_score), (new_true, old_score), (new_true, new_score))
        statistics = [macro_ap_statistic(*side, cluster) for side in sides]
        values.append([float(one.full()[0]) for one in statistics])
        gains.append(statistics[2](weights) - statistics[1](weights))
    means = np.mean(values, axis=0)
    return Correction(
        name=name,
        n_tracks=len(shared),
        n_changed=int((cuts[0][0][0] != cuts[0][1][0]).any(axis=1).sum()),
        before=float(means[0]),
        before_now=float(means[1]),
        after=float(means[2]),
        gain=percentile_interval(np.mean(gains, axis=0)),
    )


def _cut(
    run: PooledRun, tracks: set[str], genres: Sequence[str]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    rows = np.isin(run.track_id, sorted(tracks))
    columns = [run.genres.index(genre) for genre in genres]
    return run.y_true[rows][:, columns], run.y_score[rows][:, columns]
