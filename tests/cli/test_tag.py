"""`genre tag` as a user sees it: lines, tables, JSON, folders, bad files, statuses."""

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
from genre.cli.tag_writing import propose
from genre.errors import AudioError, AudioErrorKind
from genre.execution import Outcome
from genre.models.bundle import save_bundle
from genre.tagging.file_tags.genre_tags import read_genres
from tests.bundles import small_bundle
from tests.sounds import FORMATS, write
from tests.tagged_files import give_genres

BAD = AudioError(AudioErrorKind.CORRUPT, "broken; copy it again")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "best"
    save_bundle(small_bundle(), folder)
    return folder


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Make a folder with three good files, one bad one, and what is no audio."""
    folder = tmp_path / "music"
    (folder / "deep" / "er").mkdir(parents=True)
    noise = np.random.default_rng(0).normal(0, 0.1, 5 * 22050)
    for name in ('b, "q".wav', "deep/er/ünï 日本.wav", "a.wav"):
        soundfile.write(folder / name, noise, 22050)
    (folder / "deep" / "bad.mp3").write_text("<html>")
    (folder / "cover.jpg").touch()
    return folder


def words(bundle: Path, *rest: Path | str) -> list[str]:
    return ["tag", str(bundle), *map(str, rest), "--n-workers", "1", "--device", "cpu"]


def test_a_folder_is_searched_and_bad_files_are_passed_over(
    bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(bundle, music, "--top", "1")) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    names = ["a.wav", 'b, "q".wav', "deep/er/ünï 日本.wav"]
    assert [line.split(": ")[0] for line in lines] == [str(music / name) for name in names]
    assert all(line.count(" 0.") == 1 for line in lines)
    assert "not_audio: " in err
    assert "bad.mp3" in err
    assert "1 of 4 files could not be tagged" in err


def test_the_table_has_a_row_for_every_file(
    bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(bundle, music / "a.wav", music, "--csv")) == 1
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
    assert main(words(bundle, music / "a.wav", "--csv", "--timeline", "--top", "2")) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["start_seconds"] for row in rows] == ["0.000", "1.020"]
    assert [row["end_seconds"] for row in rows] == ["4.000", "5.000"]
    assert all([row[f"score_{name}"] for name in "abc"].count("") == 1 for row in rows)


def test_json_is_one_array(bundle: Path, music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(bundle, music, "--json", "--timeline")) == 1
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
    assert main(words(bundle, music / "a.wav", "--timeline")) == 0
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
        [sys.executable, "-c", code, *words(bundle, tmp_path, style)],
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


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--top", "0"], "top=0 must be at least 1"),
        (["--csv", "--json"], "csv=True and json=True must not come together"),
        (["--n-workers", "-1"], "n_workers=-1 must be 0"),
        (["--write-tags", "--json"], "json=True and write_tags=True must not come together"),
        (["--apply"], "apply=True must come with --write-tags"),
        (["--replace"], "replace=True must come with --write-tags"),
        (["--journal", "j"], "journal=j must come with --write-tags"),
        (["--write-tags", "--journal", "j"], "journal=j must come with --apply"),
    ],
)
def test_options_that_make_no_sense(
    bundle: Path,
    tmp_path: Path,
    extra: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["tag", str(bundle), str(tmp_path / "x.wav"), *extra]) == 1
    assert message in capsys.readouterr().err


def test_an_empty_folder_says_so(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(bundle, tmp_path)) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"paths={tmp_path} must hold at least one audio file" in err


@pytest.mark.parametrize(
    ("existing", "decided", "added", "replaced"),
    [
        ((), ("jazz",), ("jazz",), ("jazz",)),
        (("Rock",), ("jazz", "rock"), ("Rock", "jazz"), ("jazz", "rock")),
        (("Hip-Hop/Rap", "R&B"), ("hiphop", "rnb"), ("Hip-Hop/Rap", "R&B"), ("hiphop", "rnb")),
        (("Rock; Pop",), ("pop", "folk"), ("Rock; Pop", "folk"), ("pop", "folk")),
        (("Rock",), (), ("Rock",), ("Rock",)),
    ],
)
def test_what_is_proposed(
    existing: tuple[str, ...],
    decided: tuple[str, ...],
    added: tuple[str, ...],
    replaced: tuple[str, ...],
) -> None:
    assert propose(existing, decided, replace=False) == added
    assert propose(existing, decided, replace=True) == replaced


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """Make a folder with an MP3 of Rock, an OGG without genres, a WAV, and one that is done."""
    folder = tmp_path / "songs"
    folder.mkdir()
    noise = np.random.default_rng(0).normal(0, 0.1, 22050)
    for name, kind in {
        "a.mp3": "mp3",
        "b.ogg": "ogg-vorbis",
        "c.wav": "wav",
        "d.mp3": "mp3",
    }.items():
        write(folder / name, noise, 22050, **FORMATS[kind])
    for name, genres in {"a.mp3": ["Rock"], "d.mp3": ["A", "B"]}.items():
        give_genres(folder / name, *genres)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_dry_run_writes_nothing(
    bundle: Path,
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    before = contents(songs)
    assert main(words(bundle, "songs", "--write-tags")) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] in ("songs/a.mp3: Rock → Rock, a, b", "songs/a.mp3: Rock → Rock, b, a")
    assert lines[1].startswith("songs/b.ogg: none → ")
    assert lines[2:] == ["songs/d.mp3: A, B (unchanged)"]
    assert "c.wav is wav, which must be MP3" in err
    assert "nothing was written: --apply changes 2 files" in err
    assert contents(songs) == before
    assert [path.name for path in tmp_path.iterdir()] == ["songs"]


def test_genres_are_written_and_taken_back(
    bundle: Path,
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (songs / "c.wav").unlink()
    before = contents(songs)
    leftover = songs / ".0123456789abcdef.x.genre-tmp"
    leftover.touch()
    os.utime(leftover, (0, 0))  # of a run that was killed long ago
    options = ["--write-tags", "--apply", "--replace"]
    assert main(words(bundle, "songs", *options, "--journal", "undo.jsonl")) == 0
    assert "3 files changed; take it back with: genre untag undo.jsonl" in capsys.readouterr().err
    assert sorted(read_genres(songs / "a.mp3")) == ["a", "b"]
    assert sorted(read_genres(songs / "d.mp3")) == ["a", "b"]
    # where it is done already, nothing is written, and there is nothing to take back
    assert main(words(bundle, "songs", *options)) == 0
    assert "nothing was written: no file has to change" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["songs", "undo.jsonl"]
    (songs / "d.mp3").write_bytes(b"mine")
    assert main(["untag", "undo.jsonl"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [f"{songs / name}: restored" for name in ("b.ogg", "a.mp3")]
    assert "d.mp3 has changed since its genres were written; left as it is" in err
    assert "1 of 3 changes could not be taken back" in err
    assert contents(songs) == {**before, "d.mp3": b"mine"}
    assert main(["untag", "none.jsonl"]) == 1


def test_by_default_the_journal_is_named_by_the_time(
    bundle: Path, songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = contents(songs)
    assert main(words(bundle, "songs/a.mp3", "--write-tags", "--apply")) == 0
    (journal,) = tmp_path.glob("genre-tags-2*.jsonl")
    assert read_genres(songs / "a.mp3")[0] == "Rock"
    assert main(["untag", journal.name]) == 0
    assert contents(songs) == before


def test_the_last_line_says_no_more_than_was_done(
    bundle: Path,
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ["--write-tags", "--apply", "--journal", "undo.jsonl"]
    (songs / "a.mp3").chmod(0o444)
    assert main(words(bundle, "songs/a.mp3", *options)) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "nothing was written"

    def stopped(*_: Path) -> Path:
        raise KeyboardInterrupt

    replace = Path.replace
    monkeypatch.setattr(Path, "replace", stopped)
    assert main(words(bundle, "songs", *options)) == 130
    monkeypatch.setattr(Path, "replace", replace)
    err = capsys.readouterr().err
    assert "up to 1 file changed; take it back with: genre untag undo.jsonl" in err
    # ... and what it then says is true
    assert "the same command goes on" in err
    (songs / "a.mp3").chmod(0o644)
    (songs / "c.wav").unlink()
    assert main(words(bundle, "songs", *options)) == 0
    assert "2 files changed; take it back with: genre untag" in capsys.readouterr().err
    assert main(words(bundle, "songs", *options)) == 0
    assert (
        "nothing was written: no file has to change; take earlier changes back with: genre untag "
        "undo.jsonl"
    ) in capsys.readouterr().err


def test_a_ctrl_c_behind_the_change_names_the_journal(
    bundle: Path,
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    replace = Path.replace

    def replaced(path: Path, target: Path) -> Path:
        replace(path, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", replaced)
    options = ["--write-tags", "--apply", "--journal", "undo.jsonl"]
    assert main(words(bundle, "songs/a.mp3", *options)) == 130
    assert "genre untag undo.jsonl" in capsys.readouterr().err
    assert read_genres(songs / "a.mp3")[0] == "Rock"
    assert len(read_genres(songs / "a.mp3")) == 3
