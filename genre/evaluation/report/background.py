"""The last pages of the report: every training, the data, settings."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import (
    Description,
    Experiment,
    ExperimentFolder,
    RecordedRun,
    RunRecord,
)
from genre.evaluation.metrics import primary_metrics, title_of
from genre.evaluation.report.markdown import bullets, number, plain, table
from genre.tasks import Task

MAX_QUARANTINED = 20
MAX_RUNS = 100
"""So many rows at the most: many folds and seeds make many runs."""


def runs_section(comparison: Comparison, pictures: Sequence[str]) -> list[str]:
    """List the trainings, after the pictures of their curves.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    pictures : sequence of str
        Markdown of the curves.

    Returns
    -------
    list of str
        Nothing where only scores are known.
    """
    records = comparison.experiment.records
    if not records:
        return []
    experiment = comparison.experiment
    rows = [_run_cells(record, experiment) for record in records[:MAX_RUNS]]
    words = (
        "Milliseconds are of the network alone for one window, on one thread of the processor; "
        "seconds are of the whole training. The links lead to the files of each run, beside this "
        "report where it was made."
    )
    figures = _figures_of(comparison.experiment.task)
    titles = [f"{_PARTS[part]} {title_of(metric)}" for part, metric in figures]
    header = ["run", "kept epoch", *titles]
    parts = [
        "## Training",
        *pictures,
        words,
        table([*header, "parameters", "ms a window", "seconds", "files"], rows),
    ]
    if len(records) > MAX_RUNS:
        parts.append(f"… and {len(records) - MAX_RUNS} more.")
    return parts


_PARTS = {"val": "validation", "test": "test"}


def _figures_of(task: Task) -> tuple[tuple[str, str], ...]:
    """List the parts and metrics that stand beside each training: what it was chosen by first."""
    first, *others = primary_metrics(has_decisions=True, task=task)
    return ("val", first), ("test", first), *(("test", other) for other in others)


def _run_cells(recorded: RecordedRun, experiment: Experiment) -> list[str]:
    known, report_folder = recorded.record, experiment.folder
    links = " · ".join(
        f"[{word}]({_link(path, report_folder)})"
        for word, path in recorded.folder.worth_opening().items()
    )
    return [
        recorded.place.name,
        "-" if known.n_epochs is None else f"{_known(known.best_epoch)} of {known.n_epochs}",
        *(_figure(known.metric(part, metric)) for part, metric in _figures_of(experiment.task)),
        "-" if known.n_parameters is None else f"{known.n_parameters:,}",
        "-" if known.window_ms is None else number(known.window_ms, digits=2),
        "-" if known.wall_seconds is None else f"{known.wall_seconds:.0f}",
        links or "-",
    ]


def _figure(value: float | None) -> str:
    return "-" if value is None else number(value)


def _known(value: int | None) -> str:
    return "?" if value is None else str(value)


def _link(path: Path, folder: Path) -> str:
    return quote(Path(os.path.relpath(path, folder)).as_posix())


def data_section(comparison: Comparison) -> list[str]:
    """Write what was tested on, what was left out, and what was warned of.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    """
    known = comparison.experiment.description
    lines = [_test_set(comparison)]
    if known.data:
        lines.append(f"Data: {known.data}, {_known(known.n_tracks)} tracks.")
    if known.artists:
        lines.append(f"Artists: {plain(known.artists)}.")
    if known.folds:
        lines.append(f"Tested in {known.folds}.")
    lines += _splits(known)
    dropped = known.dropped_genres.items()
    called = comparison.experiment.called
    lines += [f"Genre dropped: {plain(called(genre))} ({plain(why)})." for genre, why in dropped]
    if known.n_tracks_dropped:
        lines.append(f"Tracks dropped with their genres: {known.n_tracks_dropped}.")
    lines += _quarantined(known, ExperimentFolder(comparison.experiment.folder).quarantine)
    lines += [f"Warning: {plain(warning)}" for warning in known.warnings]
    return ["## Data", bullets(lines)]


def _test_set(comparison: Comparison) -> str:
    common = comparison.experiment.any_run
    n_windows = len(common.window_track)
    of_artists = f" of {comparison.n_clusters} artists" if comparison.unit == "artist" else ""
    of_windows = f", {n_windows} windows" if n_windows else ""
    tracks = f"{len(common.track_id)} tracks{of_artists}"
    return f"Test set: {tracks}, {len(common.genres)} genres{of_windows}."


def _quarantined(known: Description, quarantine: Path) -> Iterator[str]:
    if not known.n_quarantined:
        return
    yield f"Files in quarantine: {known.n_quarantined} (see {quarantine.name})."
    faults = known.quarantined
    for fault in faults[:MAX_QUARANTINED]:
        yield f"In quarantine: {plain(fault.path or '?')}: {plain(fault.message or '?')}"
    if len(faults) > MAX_QUARANTINED:
        yield f"… and {len(faults) - MAX_QUARANTINED} more."


def _splits(known: Description) -> Iterator[str]:
    for split in known.splits:
        fold = "" if split.fold is None else f" of fold {split.fold}"
        sizes = " / ".join(map(_known, (split.n_train, split.n_val, split.n_test)))
        yield (
            f"Split{fold} by {known.split_by or '?'}: {sizes} tracks to train, validate and "
            f"test; hash {split.hash[:12] or '?'}."
        )
    if len(known.seeds) > 1:
        yield (
            "These are seed 0's parts. Every other seed is tested on the same tracks, and divides "
            "the rest anew between training and validation, unless the data say how."
        )


def settings_section(comparison: Comparison) -> list[str]:
    """List commands, commit, hashes, versions and settings.

    Parameters
    ----------
    comparison : Comparison
        What was found.

    Returns
    -------
    list of str
        Nothing where only scores are known.
    """
    records = [recorded.record for recorded in comparison.experiment.records]
    if not records:
        return []
    known = comparison.experiment.description
    lines = []
    if known.command:
        lines.append(f"Trained by `{known.command}`.")
    lines.append(f"Compared by `{_compare_command(comparison)}`.")
    lines += _distinct("Commit", (record.commit for record in records))
    lines += _distinct("Hash of the data", (record.data_hash for record in records))
    lines += _distinct("Device", (record.device for record in records))
    lines += _distinct("Versions", (_versions(record) for record in records))
    parts = ["## Settings and versions", bullets(lines)]
    shared = {f"data.{name}": value for name, value in known.config.items()}
    shared |= common_settings(records)
    differing = _differing(comparison.experiment.records, shared)
    if differing:
        parts += ["What differs between configurations:", differing]
    if shared:
        text = "\n".join(f"{name} = {_plain(value)}" for name, value in shared.items())
        parts += ["What all have in common:", f"```text\n{text}\n```"]
    return parts


def common_settings(records: Sequence[RunRecord]) -> dict[str, Any]:
    """List the settings that every run has, with the same value.

    Parameters
    ----------
    records : sequence of RunRecord
        At least one.
    """
    first, *others = [record.settings() for record in records]
    return {
        name: value
        for name, value in first.items()
        if all(name in other and other[name] == value for other in others)
    }


def _compare_command(comparison: Comparison) -> str:
    config = comparison.config
    options = [
        f" --{field.name.replace('_', '-')} {getattr(config, field.name)}"
        for field in fields(config)
        if getattr(config, field.name) != field.default
    ]
    return f"genre compare {comparison.experiment.folder}{''.join(options)}"


def _distinct(word: str, values: Iterable[object]) -> list[str]:
    known = list(dict.fromkeys(str(value) for value in values if value))
    return [f"{word}: {'; '.join(known)}."] if known else []


def _versions(record: RunRecord) -> str:
    return ", ".join(f"{name} {version}" for name, version in record.versions.items())


def _differing(records: Sequence[RecordedRun], shared: Mapping[str, Any]) -> str:
    by_configuration = {
        recorded.place.configuration: recorded.record.settings() for recorded in records
    }
    names = dict.fromkeys(name for found in by_configuration.values() for name in found)
    rows = [
        [name, *(_plain(found.get(name, "-")) for found in by_configuration.values())]
        for name in names
        if name not in shared
    ]
    return table(["setting", *by_configuration], rows) if rows else ""


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
