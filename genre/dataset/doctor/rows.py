"""``doctor.csv``: one row per file."""

import csv
import io
import math

from genre.dataset.doctor.examination import Examination, ExaminedFile
from genre.wording import printable

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

    Returns
    -------
    str
        CSV with a header and Unix line ends; what is not known is empty. `kind` and `message` are
        those of the fault, or the message says what is odd; `findings` and `genres` are joined by
        ``|``; `recording_group` is shared by files that hold the same recording.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([printable(cell) for cell in _row(file)] for file in examination.files)
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
