"""What computing the spectrograms of a large collection will take: time and bytes."""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from genre.cli.terminal import note, put
from genre.dataset.elsewhere import StoredFacts, StoreWork
from genre.dataset.features import FeatureStore
from genre.dataset.sampled import SampledFrontEnd
from genre.dataset.tracks import Track
from genre.execution import ExecutionConfig, Outcome
from genre.execution.estimate import FEWEST, Estimate
from genre.wording import counted


def told_early(
    n_total: int, store: FeatureStore
) -> Callable[[Outcome[StoreWork, StoredFacts]], None]:
    """Count what is done, and say what all will take once it is a hundredth.

    Parameters
    ----------
    n_total : int
        Files of the whole job.
    store : FeatureStore
        What is filled.

    Returns
    -------
    callable of Outcome
        To be called for each file that is done.
    """
    estimate = Estimate(n_total)

    def _count(outcome: Outcome[StoreWork, StoredFacts]) -> None:
        if _add(estimate, outcome, store):
            note(estimate.words)

    return _count


def dry_run(tracks: Sequence[Track], store: FeatureStore, execution: ExecutionConfig) -> int:
    """Compute a sample into a folder that is deleted, and print what all will take.

    Parameters
    ----------
    tracks : sequence of Track
        What is not in the store yet.
    store : FeatureStore
        Stays as it is.
    execution : ExecutionConfig
        Of the sample as of the whole.

    Returns
    -------
    int
        0 when some of the sample could be decoded, or there is nothing to do; else 1.
    """
    # By a hash of the name: a folder's first tracks may all be by one artist.
    by_lot = sorted(tracks, key=lambda track: hashlib.sha256(track.track_id.encode()).digest())
    sample, estimate = by_lot[:FEWEST], Estimate(len(tracks))
    # Beside the cache, which all machines of a cluster see.
    beside = store.cache if store.origin is None and store.cache.is_dir() else None
    with tempfile.TemporaryDirectory(prefix=".dry-run-", dir=beside) as folder:
        trial = FeatureStore(Path(folder), store.kept)

        def _count(outcome: Outcome[StoreWork, StoredFacts]) -> None:
            _add(estimate, outcome, trial)

        filled = trial.fill(sample, execution=execution, progress=True, on_done=_count)
    for fault in filled.faults:
        note(f"{fault.kind}: {fault.message}")
    bad = f", {len(filled.faults)} of them bad" if filled.faults else ""
    put(
        f"{estimate.words} (from {counted(len(sample), 'file')}{bad}); nothing is kept\n"
        if sample
        else "nothing to do: all files have their spectrograms\n"
    )
    return 1 if sample and not filled.n_new else 0


def _add(estimate: Estimate, outcome: Outcome[StoreWork, StoredFacts], store: FeatureStore) -> bool:
    facts = outcome.result
    if facts is None:
        return estimate.add(n_read=0, n_written=0)
    return estimate.add(n_read=facts.n_bytes, n_written=_n_written(facts, store))


def _n_written(facts: StoredFacts, store: FeatureStore) -> int:
    """Count the bytes of features; of what is not on this machine, from its length."""
    if (kept := store.path(facts.sha256)).exists():
        return kept.stat().st_size
    mel, source = store.config.mel, store.source
    n_rows = facts.duration_seconds * mel.sample_rate / mel.hop_length
    if isinstance(store.kept, SampledFrontEnd):
        n_rows = min(n_rows, store.kept.most_rows)
    return round(n_rows * source.n_columns * source.dtype.itemsize)
