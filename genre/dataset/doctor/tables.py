"""An examination as text: ``doctor.csv`` with a row per file, and the summary on the terminal."""

import csv
import io
import math
from collections.abc import Sequence

import numpy as np

from genre.dataset.doctor.advice import steps
from genre.dataset.doctor.diagnosis import most_tracks_first
from genre.dataset.doctor.examination import Examination, ExaminedFile
from genre.dataset.doctor.prospects import outlook
from genre.dataset.doctor.sound import seconds_text
from genre.wording import aligned, counted, percent, printable, safe_cell

_GENRES_SHOWN = 20
_FILES_SHOWN = 10
_LINES_SHOWN = 12
_STEPS_SHOWN = 30

COLUMNS = (
    "path",
    "sha256",
    "status",
    "kind",
    "message",
    "container",
    "sample_rate_hz",
    "channels",
    "duration_seconds",
    "declared_seconds",
    "peak_dbfs",
    "clipped_percent",
    "findings",
    "genres",
    "artist",
    "artist_source",
    "recording_group",
)


def csv_text(examination: Examination) -> str:
    """Write every file as a row.

    Parameters
    ----------
    examination : Examination
        What was found in the folder.

    Returns
    -------
    str
        CSV with a header and Unix line ends; what is not known is empty, and what a spreadsheet
        would take for a formula has an apostrophe before it. `kind` and `message` are those of the
        fault, or the message says what is odd; `findings` and `genres` are joined by ``|``;
        `recording_group` is shared by files that hold the same recording.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for file in examination.files:
        writer.writerow([safe_cell(printable(cell)) for cell in _row(file)])
    return text.getvalue()


def _row(file: ExaminedFile) -> list[str]:
    fault, track = file.fault, file.track
    messages = [finding.message for finding in file.findings]
    return [
        file.name,
        file.sha256,
        "ok" if fault is None else "bad",
        "" if fault is None else fault.kind,
        "; ".join(messages) if fault is None else fault.message,
        *_sound(file),
        "|".join(dict.fromkeys(finding.kind for finding in file.findings)),
        "" if track is None else "|".join(track.genres),
        "" if track is None or track.artist_source == "track" else track.artist,
        "" if track is None else track.artist_source,
        "" if file.recording is None else str(file.recording),
    ]


def _sound(file: ExaminedFile) -> list[str]:
    facts = file.facts
    if facts is None:
        return [""] * 7
    return [
        facts.container,
        str(facts.sample_rate),
        str(facts.n_channels),
        f"{facts.duration_seconds:.3f}",
        "" if facts.declared_seconds is None else f"{facts.declared_seconds:.3f}",
        f"{20 * math.log10(facts.peak):.1f}" if facts.peak > 0 else "-inf",
        f"{100 * facts.clipped_fraction:.4f}",
    ]


def headline(examination: Examination) -> str:
    """Write in one line how much there is.

    Parameters
    ----------
    examination : Examination
        What was found in the folder.
    """
    n_files, n_bad = len(examination.files), len(examination.bad)
    hours = sum(examination.seconds) / 3600
    parts = [
        f"{counted(n_files, 'file')}, {n_files - n_bad} usable",
        f"{counted(len(examination.tracks), 'recording')}",
        f"{hours:.1f} h" if hours >= 1 else f"{60 * hours:.1f} min",
        counted(len(examination.genres), "genre"),
        f"{counted(len(examination.artists), 'known artist')}",
    ]
    return ", ".join(parts)


def summary_text(examination: Examination) -> str:
    """Write the summary for the terminal.

    Parameters
    ----------
    examination : Examination
        What was found in the folder.

    Returns
    -------
    str
        Several lines without a newline at the end.
    """
    parts = [
        f"{printable(str(examination.root))} ({examination.layout}): {headline(examination)}",
        _genres(examination),
        _durations(examination),
        _bad(examination.bad),
        _section("what to mend first", _steps(examination), limit=_STEPS_SHOWN),
        _section("what this folder can show", [f"- {line}" for line in outlook(examination)]),
        _section("what was passed over", [f"- {line}" for line in examination.notes]),
    ]
    return "\n\n".join(part for part in parts if part)


def _genres(examination: Examination) -> str:
    if not examination.genres:
        return ""
    rows = [["genre", "tracks", "artists", "hours", "share of top artist"]]
    rows += [
        [
            row.genre,
            str(row.n_tracks),
            str(row.n_artists),
            f"{row.hours:.2f}",
            percent(row.top_artist_share),
        ]
        for row in most_tracks_first(examination.genres)
    ]
    lines = aligned(rows[: _GENRES_SHOWN + 1])
    return "\n".join([*lines, *_more(len(rows) - 1 - _GENRES_SHOWN, "genre")])


def _durations(examination: Examination) -> str:
    if not examination.seconds:
        return ""
    low, middle, high = np.quantile(examination.seconds, [0, 0.5, 1])
    words = [f"{seconds_text(float(value))}" for value in (low, middle, high)]
    return f"durations: from {words[0]} to {words[2]}, half of them up to {words[1]}"


def _bad(files: Sequence[ExaminedFile]) -> str:
    if not files:
        return ""
    lines = [
        f"  {file.fault.kind}: {printable(file.name)}: {printable(file.fault.message)}"
        for file in files[:_FILES_SHOWN]
        if file.fault is not None
    ]
    heading = f"{counted(len(files), 'file')} cannot be used:"
    return "\n".join([heading, *lines, *_more(len(files) - _FILES_SHOWN, "file")])


def _steps(examination: Examination) -> list[str]:
    return [
        f"{number}. {step.count}: {step.title}. {step.what_to_do}"
        for number, step in enumerate(steps(examination), 1)
    ] or ["nothing"]


def _section(heading: str, lines: Sequence[str], *, limit: int = _LINES_SHOWN) -> str:
    if not lines:
        return ""
    shown = [f"  {printable(line)}" for line in lines[:limit]]
    return "\n".join([f"{heading}:", *shown, *_more(len(lines) - limit, "line")])


def _more(number: int, noun: str) -> list[str]:
    return [f"  … and {counted(number, f'more {noun}')}, see doctor.html"] if number > 0 else []
