"""The last pages of the report: the data, and how the figures came about."""

from collections.abc import Iterator, Mapping
from typing import Any

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.report.markdown import bullets, plain

MAX_QUARANTINED = 20


def data_section(comparison: Comparison) -> list[str]:
    """Say what was tested on, what was left out, and what was warned of."""
    known = comparison.experiment.description
    reference = comparison.experiment.reference
    n_windows = len(reference.window_track)
    of_artists = f" of {comparison.n_clusters} artists" if comparison.unit == "artist" else ""
    of_windows = f", {n_windows} windows" if n_windows else ""
    lines = [
        (
            f"Test set: {len(reference.track_id)} tracks{of_artists}, {len(reference.genres)} "
            f"genres{of_windows}."
        )
    ]
    if known.get("data"):
        lines.append(f"Data: {known['data']}, {known.get('n_tracks', '?')} tracks.")
    lines += _splits(known)
    dropped = known.get("dropped_genres") or {}
    lines += [f"Genre dropped: {plain(genre)} ({reason})." for genre, reason in dropped.items()]
    if known.get("n_tracks_dropped"):
        lines.append(f"Tracks dropped with their genres: {known['n_tracks_dropped']}.")
    lines += _quarantined(known)
    lines += [f"Warning: {plain(warning)}" for warning in known.get("warnings") or []]
    return ["## Data", bullets(lines)]


def _quarantined(known: Mapping[str, Any]) -> Iterator[str]:
    if not known.get("n_quarantined"):
        return
    yield f"Files in quarantine: {known['n_quarantined']} (see quarantine.jsonl)."
    faults = known.get("quarantined") or []
    for fault in faults[:MAX_QUARANTINED]:
        yield f"In quarantine: {plain(fault.get('path', '?'))}: {plain(fault.get('message', '?'))}"
    if len(faults) > MAX_QUARANTINED:
        yield f"… and {len(faults) - MAX_QUARANTINED} more."


def _splits(known: Mapping[str, Any]) -> Iterator[str]:
    for split in known.get("splits") or []:
        fold = "" if split.get("fold") is None else f" of fold {split['fold']}"
        sizes = " / ".join(str(split.get(f"n_{part}", "?")) for part in ("train", "val", "test"))
        yield (
            f"Split{fold} by {known.get('split_by', '?')}: {sizes} tracks to train, validate and "
            f"test; hash {str(split.get('hash', '?'))[:12]}."
        )
    if len(known.get("seeds") or []) > 1:
        yield (
            "These are seed 0's parts. Every other seed is tested on the same tracks, and divides "
            "the rest anew between training and validation, unless the data say how."
        )


def method_section(comparison: Comparison) -> list[str]:
    """Say how the figures were computed."""
    config, unit = comparison.config, comparison.unit
    lines = [
        (
            f"Whole {unit}s are resampled, {config.n_replicates} times, with rng_seed "
            f"{config.rng_seed}; all configurations, seeds and metrics share the same resamples."
        ),
        (
            f"One seed: BCa interval, and a test that exchanges two models within {unit}s. Several "
            f"seeds: t interval and p from the variance over {unit}s plus the variance over seeds, "
            "with Satterthwaite's degrees of freedom."
        ),
        (
            f"What a single training changes for single {unit}s stands in both variances and is "
            "counted once (column se). Simple addition counts it twice and finds too little: "
            "columns se_noise_twice and p_noise_twice show it, nothing here uses them."
        ),
        (
            "Holm corrects within a family: planned contrasts on both primary metrics, pairs, "
            "windows. A contrast without a test (the interaction with one seed) does not count."
        ),
        (
            f"Equivalence: within {config.rope:g}; with several seeds its share is that of the t "
            "distribution. Detectable: found with 80 % power by a single test. Differences "
            "are shares of 1; the answer's points are hundredths, so that 0.041 is 4.1 points. "
            "P(A > B) over seeds: of all pairs of a training of A and one of B, the share in which "
            "A scores higher."
        ),
        (
            "Precision, recall and F1 are 0 where their denominator is 0 (zero_division=0). Macro "
            "averages leave out genres without a test track; the set is that of all replicates."
        ),
    ]
    return ["## How it was computed", bullets(lines)]
