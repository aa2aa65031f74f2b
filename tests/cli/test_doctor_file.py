"""One file is examined without a folder."""

from pathlib import Path

import numpy as np
import pytest

from genre.cli import main
from genre.cli.doctor_file import examine_file
from genre.dataset.features import FeatureStore
from genre.execution import ExecutionConfig
from tests.doctor_examples import noise
from tests.sounds import write
from tests.tagged_files import give_genres

ONE = ExecutionConfig(n_workers=1)


def test_what_it_is_and_what_is_odd_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet = write(tmp_path / "Ann - Silence.wav", np.zeros(110250, np.float32), 22050)
    store = FeatureStore(tmp_path / "cache")
    assert examine_file(quiet, store, ONE) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{quiet}: can be used",
        "  sound   wav, 22,050 Hz, mono",
        "  length  5.0 s",
        "  peak    none",
        "  genres  no genre tag; write one",
        "  artist  Ann (from its name)",
        "  odd: holds no sound",
    ]


def test_the_command_examines_a_file_and_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    song = write(tmp_path / "song.mp3", noise(5), 22050, format="MP3", subtype="MPEG_LAYER_III")
    give_genres(song, "Rock")
    before = song.read_bytes()
    assert main(["doctor", "song.mp3", "--n-workers", "1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("song.mp3: can be used\n")
    assert "  genres  Rock\n" in out
    assert song.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "data",
        "song.mp3",
    ]  # the spectrogram, in data/cache
    (tmp_path / "bad.mp3").write_text("<html>")
    assert main(["doctor", "bad.mp3"]) == 0
    assert capsys.readouterr().out.startswith("bad.mp3: cannot be used (not_audio): begins with")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.wav", "--out", "here"], "out=here must come with a folder"),
        (["a.wav", "--propose-genres", "g.toml"], "propose_genres=g.toml must come with a folder"),
        (["gone.mp3"], "data=gone.mp3 must be a file, a folder or a manifest that is there"),
    ],
)
def test_what_makes_no_sense_of_a_file_is_refused(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.wav").touch()
    assert main(["doctor", *words]) == 1
    assert capsys.readouterr().err.startswith(f"error: {message}")
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
