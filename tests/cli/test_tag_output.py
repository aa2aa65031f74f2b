"""Lines, tables and JSON of `genre tag`: genre.cli.tag_output."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.cli import main
from genre.cli.tag_output import CsvWriter, JsonWriter, name_of
from genre.errors import AudioError, AudioErrorKind
from genre.execution import Outcome
from tests.tagged_files import tag_words

BAD = AudioError(AudioErrorKind.CORRUPT, "broken; copy it again")


def test_a_cut_array_is_still_an_array() -> None:
    writer = JsonWriter()
    text = writer.opening() + writer.track(Outcome(Path("x"), None, BAD))
    found = json.loads(text + writer.closing())
    error = {"kind": "corrupt", "message": "broken; copy it again"}
    assert found == [{"path": "x", "error": error}]
    assert json.loads(JsonWriter().opening() + JsonWriter().closing()) == []


def test_rows_of_bad_files_are_as_wide_as_the_header() -> None:
    for timeline in (False, True):
        writer = CsvWriter(genres=("a", "b"), timeline=timeline)
        text = writer.opening() + writer.track(Outcome(Path("x"), None, BAD))
        header, row = csv.reader(io.StringIO(text))
        assert len(header) == len(row)
        assert dict(zip(header, row, strict=True))["error"] == "corrupt: broken; copy it again"
    assert name_of(Path("a\x1b[2J\nb")) == "a\\x1b[2J\\nb"


def test_the_table_has_a_row_for_every_file(
    bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tag_words(bundle, music / "a.wav", music, "--csv")) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    names = ["a.wav", 'b, "q".wav', "deep/bad.mp3", "deep/er/ünï 日本.wav"]
    assert [row["path"] for row in rows] == [str(music / name) for name in names]
    bad = rows.pop(2)
    assert bad["error"].startswith("not_audio: ")
    assert {bad[name] for name in bad if name not in ("path", "error")} == {""}
    for row in rows:
        assert sorted(row["genres"].split("|")) == ["a", "b"]
        assert row["duration_seconds"] == "5.000"
        assert row["error"] == row["flags"] == ""
        assert all(0 < float(row[f"score_{name}"]) < 1 for name in "abc")


def test_the_table_of_windows(
    bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tag_words(bundle, music / "a.wav", "--csv", "--timeline", "--top", "2")) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["start_seconds"] for row in rows] == ["0.000", "1.020"]
    assert [row["end_seconds"] for row in rows] == ["4.000", "5.000"]
    assert all([row[f"score_{name}"] for name in "abc"].count("") == 1 for row in rows)


def test_json_is_one_array(bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tag_words(bundle, music, "--json", "--timeline")) == 1
    found = json.loads(capsys.readouterr().out)
    assert [Path(item["path"]).name for item in found] == [
        "a.wav",
        'b, "q".wav',
        "bad.mp3",
        "ünï 日本.wav",
    ]
    assert found[2]["error"]["kind"] == "not_audio"
    for item in (found[0], found[1], found[3]):
        values = list(item["scores"].values())
        assert values == sorted(values, reverse=True)
        means = {
            name: np.mean([window["scores"][name] for window in item["timeline"]])
            for name in item["scores"]
        }
        assert means == pytest.approx(item["scores"], abs=2e-6)


def test_a_line_per_window(bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tag_words(bundle, music / "a.wav", "--timeline")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("  0:00 ")
    assert lines[2].startswith("  0:01 ")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is text")
@pytest.mark.parametrize("style", ["--csv", "--json", "--top=1"])
def test_a_name_that_is_no_text(bundle: Path, tmp_path: Path, style: str) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.wav"
    with open(path, "wb") as file:  # noqa: PTH123 - a name in bytes
        soundfile.write(file, np.zeros(22050), 22050, format="WAV")
    code = "import sys; from genre.cli import main; sys.exit(main())"
    answer = subprocess.run(
        [sys.executable, "-c", code, *tag_words(bundle, tmp_path, style)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    if style == "--json":
        (found,) = json.loads(answer.stdout)
        assert os.fsencode(found["path"]) == path
    else:
        assert "caf\\udce9\\n.wav" in answer.stdout
