"""`--heard` of `genre tag` and `genre serve`: genre.cli.hearing."""

import csv
import io
import json
from pathlib import Path

import pytest

from genre.cli import main
from genre.cli.hearing import with_name
from genre.inference.writing import write_bundle
from genre.tagging import Tagger
from tests.pretrained_examples import small_backbone
from tests.tagged_files import tag_words


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    write_bundle(small_backbone(), tmp_path / "shelf" / "musicnn")
    write_bundle(small_backbone(()), tmp_path / "shelf" / "mute")
    return tmp_path / "shelf"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["m", "s.mp3", "--heard"], ["m", "s.mp3", "--heard", "musicnn"]),
        (["m", "--heard", "--csv", "s.mp3"], ["m", "--heard", "musicnn", "--csv", "s.mp3"]),
        (["m", "--heard", "s.mp3"], ["m", "--heard", "musicnn", "s.mp3"]),
        (["m", "--heard", "songs"], ["m", "--heard", "musicnn", "songs"]),
        (["m", "--heard", "ears", "s.mp3"], ["m", "--heard", "ears", "s.mp3"]),
        (["m", "--heard", "aisfx", "s.mp3"], ["m", "--heard", "aisfx", "s.mp3"]),
        (["m", "--heard=ears"], ["m", "--heard=ears"]),
        ([], []),
    ],
)
def test_a_file_or_folder_behind_it_is_no_name(
    words: list[str], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "songs").mkdir()
    (tmp_path / "aisfx").mkdir()  # a folder of that name: the network is meant
    monkeypatch.chdir(tmp_path)
    assert with_name(words) == expected


def test_a_line_a_table_and_json_tell_what_is_heard(
    bundle: Path, music: Path, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tag_words(bundle, music / "a.wav", "--backbones", str(shelf), "--heard")
    expected = Tagger(small_backbone()).tag(music / "a.wav").scores
    assert main(words) == 0
    line = capsys.readouterr().out
    told = ", ".join(f"{tag} {score:.2f}" for tag, score in expected.items())
    assert line.endswith(f"; heard: {told}\n")
    assert main([*words, "--csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["heard"] == "|".join(expected)
    assert main([*words, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["heard"] == pytest.approx(dict(expected), abs=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--heard", "mute"], "heard=ears must have tags of its own; it has none"),
        (["--heard", "gone"], "genre backbone add gone brings it"),
        (["--heard", "--write-tags"], "heard=musicnn must come without --write-tags"),
        (["--heard", "--csv", "--timeline"], "heard=musicnn must come without --csv --timeline"),
    ],
)
def test_what_cannot_be_heard_is_a_line(
    bundle: Path,
    music: Path,
    shelf: Path,
    options: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = tag_words(bundle, music / "a.wav", "--backbones", str(shelf), *options)
    assert main(words) == 1
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_a_server_without_the_network_does_not_start(
    bundle: Path, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", str(bundle), "--backbones", str(shelf), "--heard", "mute"]) == 1
    assert "heard=ears must have tags of its own" in capsys.readouterr().err
