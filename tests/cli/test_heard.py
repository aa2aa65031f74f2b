"""`genre heard` as a user sees it: genre.cli.heard."""

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.cli import main
from genre.inference.writing import write_bundle
from tests.pretrained_examples import small_backbone

TAGS = ("low", "mid", "loud", "louder", "louder still", "loudest")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    write_bundle(small_backbone(TAGS), tmp_path / "shelf" / "ears")
    write_bundle(small_backbone(()), tmp_path / "shelf" / "mute")
    return tmp_path / "shelf"


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, seconds in (("a", 2.0), ("short", 0.2)):
        soundfile.write(folder / f"{name}.wav", rng.normal(0, 0.1, int(8000 * seconds)), 8000)
    soundfile.write(folder / "silent.wav", np.zeros(8000), 8000)
    (folder / "bad.mp3").write_text("<html>")
    return folder


def test_the_best_tags_are_told_and_all_are_in_the_table(
    shelf: Path, music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "results.csv"
    words = ["heard", str(music), "--backbone", "ears", "--backbones", str(shelf)]
    assert main([*words, "--csv", str(table)]) == 1
    out, err = capsys.readouterr()
    lines = dict(line.split(": ", 1) for line in out.splitlines())
    # the network's logits are once to six times the mean level
    best = [part.rsplit(" ", 1)[0] for part in lines[str(music / "a.wav")].split(", ")]
    assert best == ["loudest", "louder still", "louder", "loud", "mid"]
    assert lines[str(music / "short.wav")].endswith("[short]")
    assert lines[str(music / "silent.wav")] == "nothing [silent]"
    assert "bad.mp3" in err
    assert f"table: {table}" in err
    rows = {Path(row["path"]).name: row for row in csv.DictReader(table.open(encoding="utf-8"))}
    assert rows["a.wav"]["heard"] == "|".join(best)
    assert [rows["a.wav"][f"score_{tag}"] for tag in TAGS] == sorted(
        rows["a.wav"][f"score_{tag}"] for tag in TAGS
    )
    assert rows["bad.mp3"]["error"].startswith("not_audio: ")
    assert rows["bad.mp3"]["score_low"] == ""
    assert rows["silent.wav"]["heard"] == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--backbone", "mute"], "backbone=mute must have tags of its own; it has none"),
        (["--backbone", "gone"], "there: ears, mute; genre backbone add gone brings it"),
        (["--backbone", "ears", "--csv", "."], "csv=. must be a file, such as results.csv"),
    ],
)
def test_wrong_words_are_a_line(
    shelf: Path,
    music: Path,
    options: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["heard", str(music / "a.wav"), "--backbones", str(shelf), *options]) == 1
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
