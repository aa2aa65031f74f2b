"""`genre tag --write-tags` as a user sees it: genre.cli.tag_writing."""

import doctest
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.addresses import Place
from genre.cli import main, tag_writing
from genre.cli.tag_output import Tagged
from genre.cli.tag_writing import (
    RetaggedWriter,
    at_level,
    new_journal_path,
    propose,
    retag,
    summary,
)
from genre.errors import AudioError, AudioErrorKind, TagError
from genre.execution import Outcome
from genre.inference import ScoreRule
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Journal
from genre.tagging.file_tags.retagging import Retagged, Retagger
from genre.tagging.track_tags import Timeline, TrackTags
from tests.bundles import small_bundle, write_bundle
from tests.tagged_files import contents, tag_words


def test_the_dry_run_writes_nothing(
    bundle: Path,
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    before = contents(songs)
    assert main(tag_words(bundle, "songs", "--write-tags")) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] in ("songs/a.mp3: Rock → Rock, A, B", "songs/a.mp3: Rock → Rock, B, A")
    assert lines[1].startswith("songs/b.ogg: none → ")
    assert lines[2:] == [
        "songs/c.wav: cannot hold a genre (a file of type WAV)",
        "songs/d.mp3: A, B (unchanged)",
    ]
    assert err.endswith("nothing was written: --apply changes 2 files, 1 cannot hold a genre\n")
    assert contents(songs) == before
    assert [path.name for path in tmp_path.iterdir()] == ["songs"]


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
    assert main(tag_words(bundle, "songs/a.mp3", *options)) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "nothing was written"

    def stopped(*_: Path) -> Path:
        raise KeyboardInterrupt

    replace = Path.replace
    monkeypatch.setattr(Path, "replace", stopped)
    assert main(tag_words(bundle, "songs", *options)) == 130
    monkeypatch.setattr(Path, "replace", replace)
    err = capsys.readouterr().err
    assert "up to 1 file changed; take it back with: genre untag undo.jsonl" in err
    # ... and what it then says is true
    assert "the same command goes on" in err
    (songs / "a.mp3").chmod(0o644)
    (songs / "c.wav").unlink()
    assert main(tag_words(bundle, "songs", *options)) == 0
    assert "2 files changed; take it back with: genre untag" in capsys.readouterr().err
    assert main(tag_words(bundle, "songs", *options)) == 0
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
    assert main(tag_words(bundle, "songs/a.mp3", *options)) == 130
    assert "genre untag undo.jsonl" in capsys.readouterr().err
    assert read_genres(songs / "a.mp3")[0] == "Rock"
    assert len(read_genres(songs / "a.mp3")) == 3


def test_by_default_the_journal_is_named_by_the_time(
    bundle: Path, songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = contents(songs)
    assert main(tag_words(bundle, "songs/a.mp3", "--write-tags", "--apply")) == 0
    (journal,) = tmp_path.glob("genre-tags-2*.jsonl")
    assert read_genres(songs / "a.mp3")[0] == "Rock"
    assert main(["untag", journal.name]) == 0
    assert contents(songs) == before


@pytest.mark.parametrize(
    ("stand", "words", "lies"),
    [
        ("songs", ["a.mp3"], "songs"),
        ("songs", ["./a.mp3", "b.ogg"], "songs"),
        ("songs", ["d.mp3", "."], "."),
        ("songs", ["."], "."),
        ("songs/deep", [".."], "."),
        ("songs/deep", ["../a.mp3"], "songs/deep"),
        (".", ["songs"], "."),
    ],
)
def test_a_journal_needs_no_name_wherever_one_stands(
    stand: str,
    words: list[str],
    lies: str,
    bundle: Path,
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Writing works from inside an album too, and the last line holds a command that undoes it.

    The journal lies in the current folder; where that is music, in the nearest above that is not.
    """
    (songs / "deep").mkdir()
    (songs / "c.wav").unlink()
    before = {path: path.read_bytes() for path in songs.glob("*.*")}
    monkeypatch.chdir(tmp_path / stand)
    assert main(tag_words(bundle, *words, "--write-tags", "--apply")) == 0
    (journal,) = tmp_path.rglob("genre-tags-2*.jsonl")
    assert journal.parent == tmp_path / lies
    undo = capsys.readouterr().err.splitlines()[-1].rpartition("genre untag ")[2]
    assert Path(undo).samefile(journal)
    assert main(["untag", undo]) == 0
    journal.unlink()
    assert {path: path.read_bytes() for path in songs.glob("*.*")} == before


def test_a_read_only_folder_gets_no_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not new_journal_path().is_absolute()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).resolve() != tmp_path)
    assert new_journal_path().parent == tmp_path.parent
    monkeypatch.setattr(os, "access", lambda path, _: path == Path.home())
    assert new_journal_path([tmp_path]).parent == Path.home()


@pytest.mark.parametrize(
    ("existing", "decided", "added", "replaced"),
    [
        ((), ("jazz",), ("jazz",), ("jazz",)),
        (("Rock",), ("jazz", "rock"), ("Rock", "jazz"), ("Rock", "jazz")),
        (("Hip-Hop/Rap", "R&B"), ("hiphop", "rnb"), ("Hip-Hop/Rap", "R&B"), None),
        (("Rock; Pop",), ("pop", "folk"), ("Rock; Pop", "folk"), ("pop", "folk")),
        (("Rock; Pop",), ("pop", "rock"), ("Rock; Pop",), None),
        (("Rock",), (), ("Rock",), None),
        (("ROCK", "Pop"), ("rock",), ("ROCK", "Pop"), ("ROCK",)),
        (("Unknown", "Pop"), ("pop",), ("Pop",), None),
        (("Other",), ("drum_and_bass",), ("Drum & Bass",), None),
        (("N/A", "nan"), ("jazz",), ("jazz",), None),
        (("Other",), (), ("Other",), None),
        (("D&B",), ("drum_and_bass",), ("D&B",), None),
        (("Rap",), ("hiphop",), ("Rap",), None),
        ((), ("hiphop", "rap"), ("Rap",), None),
        (("Rock",), ("other",), ("Rock",), None),
        (("Unknown",), ("other", "misc"), ("Unknown",), None),
        ((), ("other", "jazz"), ("jazz",), None),
    ],
)
def test_what_is_proposed(
    existing: tuple[str, ...],
    decided: tuple[str, ...],
    added: tuple[str, ...],
    replaced: tuple[str, ...] | None,
) -> None:
    """What a collector has written stays byte for byte where it means a genre that is decided.

    New genres take the owner's spelling (here hip hop is called Rap), and what names no genre gives
    way to one. None: replacing comes to the same as adding.
    """
    names = {"drum_and_bass": "Drum & Bass", "hiphop": "Rap", "rap": "Rap", "rock": "Rock"}
    assert propose(existing, decided, replace=False, names=names) == added
    expected = added if replaced is None else replaced
    assert propose(existing, decided, replace=True, names=names) == expected


def test_a_file_says_how_genres_are_written(
    bundle: Path, songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spelling = tmp_path / "spelling.toml"
    spelling.write_text('a = "Ä & Co"\n', encoding="utf-8")
    options: list[Path | str] = ["--write-tags", "--spelling", spelling]
    assert main(tag_words(bundle, songs / "b.ogg", *options)) == 0
    assert sorted(capsys.readouterr().out.split("none → ")[1].strip().split(", ")) == [
        "B",
        "Ä & Co",
    ]
    for text in ('funk = "C"', "a = 1", "a", 'a = "' + "\\n" + '"', "a = " + "[" * 5000):
        spelling.write_text(text)
        assert main(tag_words(bundle, songs, *options)) == 1
        line = capsys.readouterr().err
        assert line.startswith("error: spelling=")
        assert line.count("\n") == 1
    spelling.unlink()
    assert main(tag_words(bundle, songs, *options)) == 1
    assert "must be readable (No such file" in capsys.readouterr().err
    assert main(tag_words(bundle, songs, "--spelling", spelling)) == 1
    assert "must come with --write-tags" in capsys.readouterr().err


PARENTS = {"jungle": ("dnb",), "dnb": ("electronic",), "jazz_rap": ("jazz", "rap")}


@pytest.mark.parametrize(
    ("genres", "leaf", "whole", "top"),
    [
        ((), (), (), ()),
        (("rock",), ("rock",), ("rock",), ("rock",)),
        (
            ("electronic", "dnb", "rock"),
            ("dnb", "rock"),
            ("dnb", "rock", "electronic"),
            ("electronic", "rock"),
        ),
        # A genre may be decided where what is above it is not.
        (("jungle",), ("jungle",), ("jungle", "dnb", "electronic"), ("electronic",)),
        (("jazz_rap",), ("jazz_rap",), ("jazz_rap", "jazz", "rap"), ("jazz", "rap")),
    ],
)
def test_what_of_a_tree_is_written(
    genres: tuple[str, ...],
    leaf: tuple[str, ...],
    whole: tuple[str, ...],
    top: tuple[str, ...],
) -> None:
    for level, expected in (("leaf", leaf), ("all", whole), ("top", top)):
        assert at_level(genres, parents=PARENTS, level=level) == expected


def test_the_level_is_asked_for(
    songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Of a, b and c, of which a is a kind of b, a and b are decided.
    tree = replace(small_bundle(), rule=ScoreRule(parents=((1,), (), ())))
    write_bundle(tree, tmp_path / "tree")
    for options, written in (
        ([], "A"),
        (["--write-level", "leaf"], "A"),
        (["--write-level", "all"], "A, B"),
        (["--write-level", "top"], "B"),
    ):
        words = tag_words(tmp_path / "tree", songs / "b.ogg", "--write-tags", *options)
        assert main(words) == 0
        assert capsys.readouterr().out == f"{songs / 'b.ogg'}: none → {written}\n"
    assert main(tag_words(tmp_path / "tree", songs, "--write-level", "all")) == 1
    assert "--write-level must come with --write-tags" in capsys.readouterr().err


def decided(path: Path, *genres: str) -> Tagged:
    """Decide genres of a file, of which nothing else is looked at."""
    timeline = Timeline(
        genres=genres, starts_seconds=np.zeros(0), window_seconds=4.0, scores=np.zeros((0, 0))
    )
    tags = TrackTags(
        path=path,
        genres=genres,
        scores={},
        thresholds={},
        timeline=timeline,
        duration_seconds=1.0,
        flags=(),
    )
    return Outcome(path, tags, None)


def test_files_are_changed_as_they_are_asked_for(songs: Path, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    retagger = Retagger(journal)
    unread = AudioError(AudioErrorKind.CORRUPT, "broken")
    outcomes = [
        decided(songs / "a.mp3", "jazz"),
        Outcome[Place, TrackTags](songs / "bad.mp3", None, unread),
        decided(songs / "c.wav", "jazz"),
        decided(songs / "b.ogg", "folk"),
    ]
    done = retag(outcomes, retagger, replace=False, names={})
    assert read_genres(songs / "a.mp3") == ("Rock",)  # nothing was asked for yet
    first = next(done)
    assert first.result == Retagged(path=songs / "a.mp3", before=("Rock",), after=("Rock", "jazz"))
    assert read_genres(songs / "a.mp3") == ("Rock", "jazz")
    assert read_genres(songs / "b.ogg") == ()
    bad, wave, ogg = done
    journal.close()
    assert (bad.unit, bad.result, bad.error) == (songs / "bad.mp3", None, unread)
    assert (wave.result, wave.error) == (
        Retagged(path=songs / "c.wav", before=(), after=(), why_not="a file of type WAV"),
        None,
    )
    assert ogg.result is not None
    assert ogg.result.after == read_genres(songs / "b.ogg") == ("folk",)
    assert (retagger.n_changed, retagger.n_without) == (2, 1)


def test_writing_a_line_changes_nothing(songs: Path) -> None:
    before = contents(songs)
    done = Retagged(path=songs / "a.mp3", before=("Rock",), after=("Rock", "jazz"))
    writer = RetaggedWriter()
    for _ in range(2):
        line = writer.track(Outcome(done.path, done, None))
        assert line == f"{songs / 'a.mp3'}: Rock → Rock, jazz\n"
    same = Retagged(path=Path("x"), before=(), after=())
    assert writer.track(Outcome(Path("x"), same, None)) == "x: none (unchanged)\n"
    gained = Retagged(path=Path("x"), before=(), after=("a\x1b",))
    assert writer.track(Outcome(Path("x"), gained, None)) == "x: none → a\\x1b\n"
    bad = Outcome[Place, Retagged](Path("x"), None, TagError("odd"))
    assert writer.opening() + writer.track(bad) + writer.closing() == ""
    assert contents(songs) == before


def test_without_a_journal_the_summary_says_what_apply_would_do() -> None:
    retagger = Retagger(None)
    assert summary(retagger, is_whole=True) == ""
    retagger.n_without = 2
    assert summary(retagger, is_whole=True) == "nothing was written, 2 cannot hold a genre"
    retagger.n_changed, retagger.n_without = 1, 0
    assert summary(retagger, is_whole=False) == "nothing was written: --apply changes 1 file"


def test_the_examples_are_true() -> None:
    found = doctest.testmod(tag_writing)
    assert found.attempted > 0
    assert found.failed == 0


def test_a_new_journal_has_the_time_in_its_name() -> None:
    name = str(new_journal_path())
    assert re.fullmatch(r"genre-tags-\d{8}-\d{6}\.jsonl", name)
