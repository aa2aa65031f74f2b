"""`genre sample` as a user sees it: genre.cli.sample."""

from pathlib import Path

import pytest

from genre.cli import main, sample
from genre.sample import SampleConfig


def test_the_options_reach_the_synthesiser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[Path, SampleConfig, int, bool]] = []

    def make(root: Path, config: SampleConfig, *, n_workers: int, progress: bool) -> str:
        asked.append((root, config, n_workers, progress))
        return "made"

    monkeypatch.setattr(sample, "make_sample_dataset", make)
    assert main(["sample"]) == 0
    words = ["--out", str(tmp_path / "s"), "--genres", "jazz", "rock", "--n-workers", "3"]
    assert main(["sample", *words]) == 0
    assert asked == [
        (Path("data/sample"), SampleConfig(), 0, True),
        (tmp_path / "s", SampleConfig(genres=("jazz", "rock")), 3, True),
    ]
    assert capsys.readouterr().out == "made\nmade\n"


def test_what_cannot_be_played_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", "--out", str(tmp_path / "s"), "--genres", "polka"]) == 1
    line = capsys.readouterr().err
    assert line.startswith("error: genres=")
    assert "polka" in line
    assert line.count("\n") == 1
    assert not (tmp_path / "s").exists()
