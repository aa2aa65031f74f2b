"""`genre untag` as a user sees it: genre.cli.untag."""

import json
import os
from pathlib import Path

import pytest

from genre.cli import main, untag
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import FORMAT, KIND
from tests.tagged_files import contents, give_genres, tag_words


def test_genres_are_written_and_taken_back(
    bundle: Path,
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (songs / "c.wav").unlink()
    give_genres(songs / "d.mp3", "Unknown")
    before = contents(songs)
    leftover = songs / ".0123456789abcdef.x.genre-tmp"
    leftover.touch()
    os.utime(leftover, (0, 0))  # of a run that was killed long ago
    options = ["--write-tags", "--apply", "--replace"]
    assert main(tag_words(bundle, "songs", *options, "--journal", "undo.jsonl")) == 0
    assert "3 files changed; take it back with: genre untag undo.jsonl" in capsys.readouterr().err
    assert sorted(read_genres(songs / "a.mp3")) == ["A", "B"]
    assert sorted(read_genres(songs / "d.mp3")) == ["A", "B"]
    # where it is done already, nothing is written, and there is nothing to take back
    assert main(tag_words(bundle, "songs", *options)) == 0
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


def test_a_journal_without_changes_has_nothing_to_take_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = {"kind": KIND, "format": FORMAT, "version": "0.1.0"}
    (tmp_path / "j.jsonl").write_text(json.dumps(header) + "\n")
    assert untag.run([str(tmp_path / "j.jsonl")]) == 0
    assert capsys.readouterr().out == ""


def test_what_is_no_journal_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "songs.csv").write_text("path,genres\n")
    for name, message in (("songs.csv", "must be a file that `genre tag"), ("none", "readable")):
        assert main(["untag", str(tmp_path / name)]) == 1
        line = capsys.readouterr().err
        assert line.startswith("error: journal=")
        assert message in line
        assert line.count("\n") == 1


def test_what_was_never_changed_is_said_to_be_so(
    bundle: Path, songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = str(tmp_path / "j.jsonl")
    options = ["--write-tags", "--apply", "--journal", journal]
    assert main(tag_words(bundle, songs / "a.mp3", *options)) == 0
    assert main(["untag", journal]) == 0
    capsys.readouterr()
    assert main(["untag", journal]) == 0
    out, err = capsys.readouterr()
    assert out == f"{songs / 'a.mp3'}: is as it was before\n"
    assert err == "all is restored already: every file is as it was before\n"


def test_several_journals_are_taken_back_the_newest_first(
    bundle: Path,
    which_bundle: Path,
    songs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = contents(songs)
    journals = [str(tmp_path / name) for name in ("b.jsonl", "a.jsonl")]
    options = ["--write-tags", "--apply", "--replace", "--journal"]
    for number, (model, journal) in enumerate(zip((bundle, which_bundle), journals, strict=True)):
        give = [] if not number else ["--min-score", "0"]
        assert main(tag_words(model, songs / "a.mp3", *options, journal, *give)) == 0
        os.utime(journal, ns=(number, number))
    assert len({journal for journal in journals if Path(journal).exists()}) == 2
    capsys.readouterr()
    assert main(["untag", *journals, journals[0]]) == 0
    assert contents(songs) == before
    assert capsys.readouterr().out == f"{songs / 'a.mp3'}: restored\n" * 2
    # a second time: the later change's file is no longer what that change made of it
    assert main(["untag", *journals]) == 0
    out, err = capsys.readouterr()
    assert out == f"{songs / 'a.mp3'}: is as it was before\n"
    assert err == "all is restored already: every file is as it was before\n"
