"""doctor.csv and the summary on the terminal: complete, short, and safe with any name."""

import csv
import io
import os
from pathlib import Path

import numpy as np
import pytest

from genre.dataset.doctor.tables import COLUMNS, csv_text, headline, summary_text
from tests.doctor_examples import examine_folder, huge_examination, make_hostile_folder, noise
from tests.sounds import write


def test_no_name_acts_on_the_terminal_or_in_the_table(tmp_path: Path) -> None:
    make_hostile_folder(tmp_path / "music")
    for name in ("\x1b[2Jbad.mp3", "bad\u202e.mp3", os.fsdecode(b"\xff.mp3")):
        (tmp_path / "music" / name).touch()
    examination, _ = examine_folder(tmp_path / "music", tmp_path / "cache")
    text = summary_text(examination)
    text.encode()
    assert text.replace("\n", "").isprintable()
    assert "\\x1b[2Jbad.mp3" in text
    table = csv_text(examination)
    table.encode()
    assert len(list(csv.reader(io.StringIO(table)))) == 1 + 11 + 3
    assert len(table.splitlines()) == 1 + 11 + 3


def test_the_table_has_a_row_per_file(tmp_path: Path) -> None:
    root = tmp_path / "music"
    (root / "jazz+folk").mkdir(parents=True)
    write(root / "jazz+folk" / "X - a.wav", np.clip(8 * noise(2), -1, 1), 22050)
    (root / "jazz+folk" / "X - b.wav").write_bytes((root / "jazz+folk/X - a.wav").read_bytes())
    (root / "jazz+folk" / "c.mp3").touch()
    examination, _ = examine_folder(root, tmp_path / "cache")
    first, second, bad = csv.DictReader(io.StringIO(csv_text(examination)))
    assert tuple(first) == COLUMNS
    assert first["path"] == "jazz+folk/X - a.wav"
    assert len(first["sha256"]) == 64
    # of the noise between -1.6 and 1.6 three eighths are cut off
    assert float(first["clipped_percent"]) == pytest.approx(37.5, abs=1.0)
    del first["sha256"], first["clipped_percent"], first["message"], first["path"]
    assert first == {
        "status": "ok",
        "kind": "",
        "container": "wav",
        "sample_rate_hz": "22050",
        "channels": "1",
        "duration_seconds": "2.000",
        "declared_seconds": "2.000",
        "peak_dbfs": "0.0",
        "findings": "copy|short|clipped",
        "genres": "folk|jazz",
        "artist": "X",
        "artist_source": "name",
        "recording_group": "1",
    }
    assert second["recording_group"] == "1"
    assert (bad["status"], bad["kind"], bad["message"]) == ("bad", "empty", "has no content")
    assert (bad["sample_rate_hz"], bad["recording_group"]) == ("", "")


def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path: Path) -> None:
    """A file's or a folder's name is somebody else's; numbers stay numbers, below 0 too."""
    names = ("=1+1", "+1", "-x", "@SUM(A1)", "a=1")
    for number, name in enumerate(names):
        for genre in ("=cmd|x", "@y"):
            path = tmp_path / "data" / genre / f"{name} - {genre[0]}{number}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, 0.1 * noise(2, seed=2 * number + (genre == "@y")), 22050)
    examination, _ = examine_folder(tmp_path / "data", tmp_path / "cache")
    rows = list(csv.DictReader(io.StringIO(csv_text(examination))))
    assert len(rows) == 2 * len(names)
    for row in rows:
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "@")), name
            assert not cell.startswith("-") or float(cell) < 0
        assert row["path"].startswith("'")
        assert row["genres"].startswith("'")
        assert float(row["peak_dbfs"]) < 0


def test_the_summary_of_ten_thousand_tracks_is_short() -> None:
    assert len(summary_text(huge_examination(10_000)).splitlines()) < 100


def test_the_headline_by_hand() -> None:
    # ten files of which five are bad; the tracks are counted as they are given
    assert headline(huge_examination(10)) == (
        "10 files, 5 usable, 10 recordings, 2.5 min, 10 genres, 4 known artists"
    )
