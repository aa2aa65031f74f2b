"""What `genre doctor` says on the terminal."""

from collections.abc import Sequence

import numpy as np

from genre.dataset.doctor.conclusions import outlook, steps
from genre.dataset.doctor.examination import Examination, ExaminedFile
from genre.dataset.doctor.sound import seconds_text
from genre.wording import counted, printable

_GENRES_SHOWN = 20
_FILES_SHOWN = 10
_LINES_SHOWN = 12
_STEPS_SHOWN = 30


def headline(examination: Examination) -> str:
    """Say in one line how much there is."""
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
    """Write the summary.

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
    table = examination.genres
    if table.empty:
        return ""
    rows = [["genre", "tracks", "artists", "hours", "share of top artist"]]
    for genre, row in table.sort_values("n_tracks", ascending=False, kind="stable").iterrows():
        share = f"{100 * row['top_artist_share']:.0f} %"
        rows.append(
            [str(genre), str(row["n_tracks"]), str(row["n_artists"]), f"{row['hours']:.2f}", share]
        )
    lines = _aligned(rows[: _GENRES_SHOWN + 1])
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


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            printable(cell).ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
