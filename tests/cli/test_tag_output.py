"""Lines, tables and JSON of `genre tag`: genre.cli.tag_output."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.cli import main
from genre.cli.tag_output import CsvWriter, JsonWriter, LineWriter, Tagged, name_of, plain_error
from genre.errors import AudioError, AudioErrorKind, GenreError
from genre.execution import Outcome
from genre.tagging.track_tags import Timeline, TrackTags
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


def test_a_track_shorter_than_a_window_is_flagged_everywhere(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = tmp_path / "s.wav"
    soundfile.write(song, np.random.default_rng(0).normal(0, 0.1, 22050), 22050)
    told = []
    for style in ("--csv", "--json", "--top=1"):
        assert main(tag_words(bundle, song, style)) == 0
        told.append(capsys.readouterr().out)
    assert next(csv.DictReader(io.StringIO(told[0])))["flags"] == "short"
    assert json.loads(told[1])[0]["flags"] == ["short"]
    assert told[2].endswith(" [short]\n")


TAGGED = TrackTags(
    path=Path("x.mp3"),
    genres=("jazz",),
    scores={"jazz": 0.75},
    thresholds={"jazz": 0.5},
    timeline=Timeline(
        genres=("jazz",),
        starts_seconds=np.array([0.0]),
        window_seconds=4.0,
        scores=np.array([[0.75]]),
    ),
    duration_seconds=4.0,
    flags=("partial",),
    names={"jazz": "Jazz"},
    heard={"female vocalists": 0.51234567, "guitar\x1b": 0.25},
)
SILENT = replace(TAGGED, heard={}, flags=("silent",))


def test_what_is_heard_stands_behind_the_genres() -> None:
    line = LineWriter().track(Outcome(TAGGED.path, TAGGED, None))
    assert line == (
        "x.mp3: Jazz (Jazz 0.75) [partial]; heard: female vocalists 0.51, guitar\\x1b 0.25\n"
    )
    assert (
        LineWriter().track(Outcome(TAGGED.path, SILENT, None))
        == "x.mp3: Jazz (Jazz 0.75) [silent]\n"
    )


def test_what_is_heard_is_two_columns() -> None:
    writer = CsvWriter(genres=("jazz",), heard=True)
    outcomes = [Outcome(TAGGED.path, TAGGED, None), Outcome(TAGGED.path, SILENT, None)]
    text = writer.opening() + "".join(writer.track(outcome) for outcome in outcomes)
    text += writer.track(Outcome(Path("bad"), None, BAD))
    heard, silent, bad = csv.DictReader(io.StringIO(text))
    assert heard["heard"] == "female vocalists|guitar\\x1b"
    assert heard["heard_scores"] == "0.512346|0.250000"
    assert silent["heard"] == silent["heard_scores"] == bad["heard"] == ""
    assert bad["error"] == "corrupt: broken; copy it again"
    assert heard["score_jazz"] == "0.750000"


@pytest.mark.parametrize("tags", [TAGGED, SILENT])
def test_what_is_heard_is_an_object(tags: TrackTags) -> None:
    writer = JsonWriter(heard=True)
    text = writer.opening() + writer.track(Outcome(TAGGED.path, tags, None)) + writer.closing()
    rounded = {name: round(score, 6) for name, score in tags.heard.items()}
    assert json.loads(text)[0]["heard"] == rounded
    assert '"heard"' not in JsonWriter().track(Outcome(TAGGED.path, tags, None))


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


@pytest.fixture
def tagged() -> Tagged:
    """Tag a track of 65 s with two windows by hand."""
    timeline = Timeline(
        genres=("jazz", "pop", "rock"),
        starts_seconds=np.array([0.0, 61.0]),
        window_seconds=4.0,
        scores=np.array([[0.5, 0.25, 0.75], [0.25, 0.5, 0.125]]),
    )
    tags = TrackTags(
        path=Path("song.mp3"),
        genres=("rock", "jazz"),
        scores={"rock": 0.75, "jazz": 0.5, "pop": 0.125},
        thresholds={"rock": 0.5, "jazz": 0.5, "pop": 0.5},
        timeline=timeline,
        duration_seconds=65.0,
        flags=("partial", "silent"),
        names={"rock": "ROCK"},
    )
    return Outcome(Path("song.mp3"), tags, None)


def test_a_line_by_hand(tagged: Tagged) -> None:
    line = "song.mp3: ROCK, jazz (ROCK 0.75, jazz 0.50) [partial, silent]\n"
    assert LineWriter(top=2).track(tagged) == line
    windows = "  0:00 ROCK 0.75, jazz 0.50\n  1:01 pop 0.50, jazz 0.25\n"
    assert LineWriter(top=2, timeline=True).track(tagged) == line + windows
    assert LineWriter().track(Outcome(Path("x"), None, BAD)) == ""
    assert LineWriter().opening() + LineWriter().closing() == ""
    assert tagged.result is not None
    nothing = replace(tagged.result, genres=(), flags=())
    assert LineWriter(top=1).track(Outcome(Path("x"), nothing, None)) == (
        "x: no clear genre (ROCK 0.75)\n"
    )


def test_rows_by_hand(tagged: Tagged) -> None:
    writer = CsvWriter(genres=("jazz", "pop", "rock"), top=2)
    assert writer.opening() == (
        "path,genres,duration_seconds,flags,error,score_jazz,score_pop,score_rock\n"
    )
    row = "song.mp3,rock|jazz,65.000,partial|silent,,0.500000,,0.750000\n"
    assert writer.track(tagged) == row
    by_window = CsvWriter(genres=("jazz", "pop", "rock"), timeline=True)
    assert by_window.track(tagged) == (
        "song.mp3,0.000,4.000,,0.500000,0.250000,0.750000\n"
        "song.mp3,61.000,65.000,,0.250000,0.500000,0.125000\n"
    )


def test_objects_are_parted_by_commas(tagged: Tagged) -> None:
    writer = JsonWriter(top=1)
    text = writer.opening() + writer.track(tagged) + writer.track(tagged) + writer.closing()
    first, second = json.loads(text)
    assert first == second
    assert first["path"] == "song.mp3"
    assert (first["genres"], first["scores"]) == (["rock", "jazz"], {"rock": 0.75})


def test_errors_in_plain_values() -> None:
    assert plain_error(BAD) == {"kind": "corrupt", "message": "broken; copy it again"}
    assert plain_error(GenreError("odd")) == {"kind": "error", "message": "odd"}
