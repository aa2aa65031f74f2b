"""The options of `genre tag --write-tags`: genre.cli.tag_write_options."""

import re
from datetime import datetime
from pathlib import Path

import mutagen
import pytest

from genre.cli import main
from genre.cli.tag_writing import LEVELS
from genre.hashing import hash_file
from tests.tagged_files import contents, tag_words


def test_the_levels_are_offered(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["tag", "--help"])
    assert f"--write-level {'|'.join(LEVELS)}" in capsys.readouterr().out


def test_provenance_is_written_beside_new_genres_and_taken_back(
    bundle: Path, songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(songs)
    journal = tmp_path / "undo.jsonl"
    options: list[Path | str] = [
        "--write-tags",
        "--apply",
        "--journal",
        journal,
        "--provenance",
        "GENRE_MODEL",
    ]
    assert main(tag_words(bundle, songs, *options)) == 0  # the WAV among them cannot have it
    (said,) = mutagen.File(songs / "b.ogg")["GENRE_MODEL"]
    found = re.fullmatch(r"model=(.+); bundle=(.+); date=(.+)", said)
    assert found is not None
    assert found[1] == "spectrogram_cnn"  # nobody said what it was trained as
    assert found[2] == hash_file(bundle / "model.json")
    assert found[3] == f"{datetime.now().astimezone():%Y-%m-%d}"
    mp3 = mutagen.File(songs / "a.mp3")
    assert mp3["TXXX:GENRE_MODEL"].text == [said]
    # whose genres were there already
    assert "TXXX:GENRE_MODEL" not in mutagen.File(songs / "d.mp3")
    assert main(["untag", str(journal)]) == 0
    assert contents(songs) == before
    capsys.readouterr()


def test_by_default_nothing_is_said(bundle: Path, songs: Path, tmp_path: Path) -> None:
    options: list[Path | str] = ["--write-tags", "--apply", "--journal", tmp_path / "undo.jsonl"]
    main(tag_words(bundle, songs, *options))
    assert set(mutagen.File(songs / "b.ogg")) == {"genre", "encoder"}


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--provenance", "GENRE_MODEL"], "--provenance must come with --write-tags"),
        (["--write-tags", "--provenance", "a=b"], "provenance=a=b must be the name of a field"),
        (["--write-tags", "--journal", "j"], "journal=j must come with --apply"),
    ],
)
def test_what_makes_no_sense_is_refused(
    bundle: Path,
    songs: Path,
    extra: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = contents(songs)
    assert main(tag_words(bundle, songs, *extra)) == 1
    assert message in capsys.readouterr().err
    assert contents(songs) == before
