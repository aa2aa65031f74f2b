"""`genre untag` as a user sees it: genre.cli.untag."""

import os
from pathlib import Path

import pytest

from genre.cli import main
from genre.tagging.file_tags.genre_tags import read_genres
from tests.tagged_files import contents, tag_words


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
    assert main(tag_words(bundle, "songs", *options, "--journal", "undo.jsonl")) == 0
    assert "3 files changed; take it back with: genre untag undo.jsonl" in capsys.readouterr().err
    assert sorted(read_genres(songs / "a.mp3")) == ["a", "b"]
    assert sorted(read_genres(songs / "d.mp3")) == ["a", "b"]
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
