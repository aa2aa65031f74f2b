"""What computing the spectrograms of a collection will take: `genre.cli.feature_costs`."""

import json
from pathlib import Path

import pytest
import soundfile

from genre.cli import main
from tests.sounds import tone


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    for number in range(60):
        soundfile.write(folder / f"{number}.wav", tone(0.5, 22050, frequency=100 + number), 22050)
    return folder


def test_a_dry_run_keeps_nothing(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = tmp_path / "cache"
    assert main(["features", str(music), "--cache", str(cache), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "for 60 files" in said
    # 0.5 s: 26 frames of 96 half floats and a header; 22,094 bytes of sound
    assert "307.2 kB to keep, 1.3 MB to read (from 50 files); nothing is kept" in said
    assert not list(cache.rglob("*.npy"))
    assert not list(cache.glob(".dry-run*"))


def test_what_it_takes_is_told_on_the_way_and_what_is_kept_is_packed(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["features", str(music), "--cache", str(tmp_path / "cache"), "--pack", "shards"]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert "60 files: 60 new, 0 cached, 0 bad, 60 packed" in out
    assert "for 60 files" in err
    assert "307.2 kB to keep, 1.3 MB to read" in err
    assert len(list((tmp_path / "cache").rglob("*.tar"))) == 1
    assert not list((tmp_path / "cache").glob("*/??/*.npy"))
    assert main([*words, "--dry-run"]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert main(words) == 0
    assert "0 new, 60 cached" in capsys.readouterr().out


def test_of_what_is_kept_elsewhere_windows_are_counted_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "music").mkdir()
    soundfile.write(tmp_path / "music" / "a.wav", tone(10.0, 22050), 22050)
    far = ["features", str(tmp_path / "music"), "--cache", f"file://{tmp_path}/far", "--dry-run"]
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(f"path\nfile://{tmp_path}/music/a.wav\n")
    # features as files, with the header of each
    far[1] = str(manifest)
    for kept, said in (("0", "96.3 kB"), ("2", "76.9 kB"), ("3", "96.3 kB")):
        assert main([*far, "--windows-per-track", kept]) == 0
        assert f"{said} to keep" in capsys.readouterr().out


def test_a_folder_of_broken_files_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.wav").write_bytes(b"no sound at all")
    words = ["features", str(tmp_path / "music"), "--cache", str(tmp_path / "cache"), "--dry-run"]
    assert main(words) == 1
    out, err = capsys.readouterr()
    assert "(from 1 file, 1 of them bad)" in out
    assert "a.wav" in err
    assert main(words[:-1]) == 1
    (kept,) = (tmp_path / "cache").rglob("quarantine.jsonl")
    assert json.loads(kept.read_text())["kind"] == "not_audio"
    assert main([*words[:-1], "--shard", "0/1"]) == 1
