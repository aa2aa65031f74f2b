"""`genre scan`, and the commands that take its manifest: genre.cli.scan."""

import json
import sys
from pathlib import Path

import pytest

from genre.cli import main
from genre.dataset.manifest import read_manifest
from tests.bundles import varying_bundle, write_bundle
from tests.far import at, stored, write_music

ONE = ("--n-workers", "1")


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return write_music(tmp_path / "music", 6)


def test_a_manifest_stands_for_its_folder(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (music / "rock" / "bad.mp3").write_text("<html>")
    out = tmp_path / "m.csv"
    assert main(["scan", str(music), "--out", str(out), "--hash"]) == 0
    told, err = capsys.readouterr()
    counts = "6 files, 6 with genres, 6 with their SHA-256, 1 bad left out"
    assert told == f"{out}: {counts}\n"
    assert "not_audio: " in err
    for place, cache in ((out, "listed"), (music, "folder")):
        main(["features", str(place), "--cache", str(tmp_path / cache), *ONE])
    told = capsys.readouterr().out
    assert told == "6 files: 6 new, 0 cached, 0 bad\n7 files: 6 new, 0 cached, 1 bad\n"
    assert stored(tmp_path / "listed") == stored(tmp_path / "folder")
    for path in music.rglob("*.wav"):  # nobody looks at a file whose features are there
        path.unlink()
    assert main(["features", str(out), "--cache", str(tmp_path / "listed"), *ONE]) == 0
    assert capsys.readouterr().out == "6 files: 0 new, 6 cached, 0 bad\n"


def test_a_file_that_has_changed_since_is_hashed_anew(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.csv"
    main(["scan", str(music), "--out", str(out), "--hash"])
    for path in (music / "rock").glob("*.wav"):
        path.write_bytes(path.read_bytes()[:-2])
    capsys.readouterr()
    assert main(["features", str(out), "--cache", str(tmp_path / "listed"), *ONE]) == 0
    main(["features", str(music), "--cache", str(tmp_path / "folder"), *ONE])
    assert capsys.readouterr().out == 2 * "6 files: 6 new, 0 cached, 0 bad\n"
    assert stored(tmp_path / "listed") == stored(tmp_path / "folder")


def test_parts_of_a_manifest_are_the_whole(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.parquet"
    main(["scan", str(music), "--out", str(out)])
    for part in (1, 0):
        words = ["features", str(out), "--cache", str(tmp_path / "parts"), "--shard", f"{part}/2"]
        assert main([*words, *ONE]) == 0
    main(["features", str(music), "--cache", str(tmp_path / "whole"), *ONE])
    assert stored(tmp_path / "parts") == stored(tmp_path / "whole")
    assert "part 1/2, " in capsys.readouterr().out


def test_music_cache_and_answers_may_all_lie_elsewhere(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed, far = at(tmp_path / "far" / "m.csv"), at(tmp_path / "far")
    main(["scan", str(at(music)), "--out", str(listed)])
    assert read_manifest(listed).path[0] == f"{at(music)}/jazz/Ann Bee - 0.wav"
    main(["features", str(listed), "--cache", str(far / "cache"), *ONE])
    main(["features", str(listed), "--cache", str(far / "cache"), *ONE])
    told = capsys.readouterr().out.splitlines()[1:]
    assert told == ["6 files: 6 new, 0 cached, 0 bad", "6 files: 0 new, 6 cached, 0 bad"]
    main(["features", str(music), "--cache", str(tmp_path / "cache"), *ONE])
    assert stored(tmp_path / "far" / "cache") == stored(tmp_path / "cache")
    write_bundle(varying_bundle(), tmp_path / "best")
    for part in (1, 0):
        words = ["tag", str(tmp_path / "best"), str(listed), "--shard", f"{part}/2", *ONE]
        assert main([*words, "--out", str(far / "tags")]) == 0
    assert main([*words, "--out", str(far / "tags")]) == 0
    assert " 0 tagged now, " in capsys.readouterr().out
    assert main(["tag", "--merge", str(far / "tags")]) == 0
    tags = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    main(["tag", str(tmp_path / "best"), str(music), "--json", *ONE])
    for one, other in zip(tags, json.loads(capsys.readouterr().out), strict=True):
        assert one.pop("path") == str(at(Path(other.pop("path"))))
        assert one == other


def test_the_doctor_takes_a_manifest(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.csv"
    main(["scan", str(music), "--out", str(out)])
    words = ["doctor", str(out), "--out", str(tmp_path / "told"), "--cache", str(tmp_path / "c")]
    assert main([*words, *ONE]) == 0
    assert "m.csv (manifest): 6 files, 6 usable" in capsys.readouterr().out
    assert "music/jazz/Ann Bee - 0.wav" in (tmp_path / "told" / "doctor.csv").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["scan", "{music}", "--out", "{tmp}/m.txt"], "m.txt must be a file that ends in .csv"),
        (["scan", "{tmp}/none", "--out", "{tmp}/m.csv"], "must be an existing folder, or an add"),
        (["scan", "nope://x", "--out", "{tmp}/m.csv"], "data=nope://x cannot be reached"),
        (["scan", "file://{music}", "--out", "{tmp}/m.csv", "--labels", "tags"], "auto or folders"),
        (["features", "{music}", "--cache", "nope://x"], "cache=nope://x cannot be reached"),
        (["features", "s3://x", "--cache", "{tmp}/c"], "or a manifest that genre scan wrote"),
        (["tag", "{tmp}/b", "{music}", "--out", "{music}/x"], "must lie outside"),
        (["tag", "--merge", "nope://x"], "nope://x cannot be listed"),
    ],
)
def test_what_cannot_be_is_one_line(
    words: list[str],
    message: str,
    music: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("genre.remote.copying.PAUSES_SECONDS", ())
    assert main([word.format(music=music, tmp=tmp_path) for word in words]) == 1
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_parquet_without_its_package_is_one_line(
    music: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["scan", str(music), "--out", str(tmp_path / "m.parquet")]) == 1
    assert "pip install '.[remote]'" in capsys.readouterr().err
