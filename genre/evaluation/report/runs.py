"""Where the figures come from: every training with links to its files, settings and versions."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import RunRecord, common_settings
from genre.evaluation.report.markdown import bullets, number, table

MAX_RUNS = 100
"""So many rows at the most: many folds and seeds make many runs."""


def runs_section(comparison: Comparison, pictures: Sequence[str]) -> list[str]:
    """List the trainings, after the pictures of their curves.

    Parameters
    ----------
    comparison : Comparison
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
    rows = [_run_cells(record, comparison.experiment.folder) for record in records[:MAX_RUNS]]
    words = "The links lead to the files of each run, beside this report where it was made."
    header = ["run", "kept epoch", "validation macro AP", "test macro AP", "test weighted F1"]
    parts = [
        "## Training",
        *pictures,
        words,
        table([*header, "parameters", "seconds", "files"], rows),
    ]
    if len(records) > MAX_RUNS:
        parts.append(f"… and {len(records) - MAX_RUNS} more.")
    return parts


def _run_cells(record: RunRecord, report_folder: Path) -> list[str]:
    known = record.content
    links = " · ".join(
        f"[{word}]({_link(path, report_folder)})" for word, path in record.files().items()
    )
    return [
        record.name,
        f"{known['best_epoch']} of {known['n_epochs']}" if "n_epochs" in known else "-",
        _metric(known, "val", "macro_ap"),
        _metric(known, "test", "macro_ap"),
        _metric(known, "test", "weighted_f1"),
        f"{known['n_parameters']:,}" if "n_parameters" in known else "-",
        f"{known['wall_seconds']:.0f}" if "wall_seconds" in known else "-",
        links or "-",
    ]


def _metric(known: Mapping[str, Any], part: str, name: str) -> str:
    value = known.get("metrics", {}).get(part, {}).get(name)
    return "-" if value is None else number(float(value))


def _link(path: Path, folder: Path) -> str:
    return quote(Path(os.path.relpath(path, folder)).as_posix())


def settings_section(comparison: Comparison) -> list[str]:
    """Give commands, commit, hashes, versions and settings.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    list of str
        Nothing where only scores are known.
    """
    records = comparison.experiment.records
    if not records:
        return []
    known = comparison.experiment.description
    lines = []
    if known.get("command"):
        lines.append(f"Trained by `{known['command']}`.")
    lines.append(f"Compared by `{_compare_command(comparison)}`.")
    for word, key in (
        ("Commit", "commit"),
        ("Hash of the data", "data_hash"),
        ("Device", "device"),
    ):
        lines += _distinct(word, (record.content.get(key) for record in records))
    lines += _distinct("Versions", (_versions(record) for record in records))
    parts = ["## Settings and versions", bullets(lines)]
    shared = {f"data.{name}": value for name, value in (known.get("config") or {}).items()}
    shared |= common_settings(records)
    differing = _differing(records, shared)
    if differing:
        parts += ["What differs between configurations:", differing]
    if shared:
        text = "\n".join(f"{name} = {_plain(value)}" for name, value in shared.items())
        parts += ["What all have in common:", f"```text\n{text}\n```"]
    return parts


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
    versions = record.content.get("versions") or {}
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _differing(records: Sequence[RunRecord], shared: Mapping[str, Any]) -> str:
    by_configuration = {record.configuration: record.settings() for record in records}
    names = dict.fromkeys(name for found in by_configuration.values() for name in found)
    rows = [
        [name, *(_plain(found.get(name, "-")) for found in by_configuration.values())]
        for name in names
        if name not in shared
    ]
    return table(["setting", *by_configuration], rows) if rows else ""


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
