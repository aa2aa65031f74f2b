"""`genre features`: spectrograms before they are needed, a part at a time: genre.cli.features."""

import json
import re
from pathlib import Path

import pytest
import soundfile

from genre.cli import main
from genre.dataset import content_index
from genre.dataset.collection import decode_tracks, read_folder
from genre.dataset.content_index import CONTENTS_NAME
from genre.dataset.features import FeatureStore
from genre.grid import GridConfig
from genre.grid.recipes import RECIPES
from tests.doctor_examples import noise


def words(data: Path, cache: Path, *rest: str) -> list[str]:
    return ["features", str(data), "--cache", str(cache), "--n-workers", "1", *rest]


def stored(cache: Path) -> dict[str, bytes]:
    return {
        f"{path.relative_to(cache)}": path.read_bytes()
        for pattern in ("*.npy", "*/*/*.json")
        for path in cache.rglob(pattern)
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder without labels: six sounds, a copy, one that is empty and one that is none."""
    monkeypatch.setattr(content_index, "_RECENT_NS", 0)
    (tmp_path / "music" / "deep").mkdir(parents=True)
    for number in range(6):
        samples = noise(2) * (number + 1) / 10
        soundfile.write(tmp_path / "music" / f"{number}.wav", samples, 22050)
    copy = tmp_path / "music" / "deep" / "copy.wav"
    copy.write_bytes((tmp_path / "music" / "0.wav").read_bytes())
    (tmp_path / "music" / "bad.mp3").write_text("<html>")
    (tmp_path / "music" / "empty.flac").touch()
    return tmp_path / "music"


def test_parts_in_any_order_are_the_whole_and_a_second_call_does_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(folder, tmp_path / "whole")) == 1
    out, err = capsys.readouterr()
    assert out == "9 files: 6 new, 1 cached, 2 bad\n"
    assert f"empty: {folder / 'empty.flac'} has no content\n" in err
    assert err.count(f"not_audio: {folder / 'bad.mp3'} begins with") == 1
    cache = tmp_path / "parts"
    statuses = [main(words(folder, cache, "--shard", f"{part}/3")) for part in (2, 0, 1)]
    told = re.findall(
        r"part \d/3, (\d) files?: (\d) new, (\d) cached, (\d) bad", capsys.readouterr().out
    )
    n_files, _, _, n_bad = (sum(map(int, column)) for column in zip(*told, strict=True))
    assert (n_files, n_bad) == (9, 2)
    assert [status == 1 for status in statuses] == [bad != "0" for *_, bad in told]
    assert stored(cache) == stored(tmp_path / "whole")
    indices = [
        json.loads((place / CONTENTS_NAME).read_text()) for place in (cache, tmp_path / "whole")
    ]
    assert indices[0] == indices[1]
    assert len(indices[0]) == 8
    lists = [path.read_text() for path in cache.rglob("quarantine-*-of-00003.jsonl")]
    reasons = sorted(line for text in lists for line in text.splitlines())
    times = {path: path.stat().st_mtime_ns for path in cache.rglob("*.*")}
    main(words(folder, cache))
    assert capsys.readouterr().out == "9 files: 0 new, 7 cached, 2 bad\n"
    (whole,) = cache.rglob("quarantine.jsonl")
    assert sorted(whole.read_text().splitlines()) == reasons
    whole.unlink()
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.*")} == times


def test_training_finds_them(sample_cut: Path, tmp_path: Path) -> None:
    assert main(words(sample_cut, tmp_path / "cache")) == 0
    filled = decode_tracks(read_folder(sample_cut, cache=tmp_path / "cache")).filled
    assert (filled.n_new, filled.n_cached) == (0, 18)


def test_windows_of_tracks_are_kept_in_parts_as_in_one_run_and_training_finds_them(
    sample_cut: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache, kept = tmp_path / "cache", ["--windows-per-track", "2"]
    for part in (1, 0):
        assert main(words(sample_cut, cache, *kept, "--shard", f"{part}/2")) == 0
    assert main(words(sample_cut, tmp_path / "whole", *kept)) == 0
    assert stored(cache) == stored(tmp_path / "whole")
    sizes = {path.stat().st_size for path in cache.rglob("*.npy")}
    assert sizes == {2 * 200 * 96 * 2 + 128}
    ears = GridConfig(kept_windows=2).kept
    filled = decode_tracks(read_folder(sample_cut, cache=cache), front_end=ears).filled
    assert (filled.n_new, filled.n_cached) == (0, 18)
    capsys.readouterr()
    assert main(words(sample_cut, tmp_path / "none", *kept, "--dry-run")) == 0
    assert "1.4 MB to keep" in capsys.readouterr().out  # of 18 tracks


def test_a_recipe_has_ears_of_its_own(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "yes.wav", noise(1), 16000)
    cache = tmp_path.with_name(f"{tmp_path.name}_cache")
    assert main(words(tmp_path, cache, "--recipe", "speech_commands")) == 0
    store = FeatureStore(cache, RECIPES["speech_commands"].front_end)
    assert [path.name for path in cache.iterdir() if path.is_dir()] == [store.folder.name]
    assert len([*store.folder.rglob("*.npy")]) == 1


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--shard", "3/3"], "shard=3/3 must be I/N with I from 0 to N - 1"),
        (["--recipe", "none"], "recipe='none' must be one of: default, reference"),
        (["--windows-per-track", "-1"], "windows_per_track=-1 must be 0 (all) or a number of"),
        (["--cache", "{folder}/c"], "c must lie outside"),
        (["--cache", "{folder}/../file"], "file must be a folder that can be written"),
        (["--n-workers", "-1"], "n_workers=-1 must be 0"),
    ],
)
def test_options_that_make_no_sense(
    folder: Path, extra: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "file").touch()
    given = [word.format(folder=folder) for word in extra]
    assert main(words(folder, folder.parent / "cache", *given)) == 1
    assert message in capsys.readouterr().err
    assert not (folder.parent / "cache").exists()


@pytest.mark.parametrize("name", ["none", "silence"])
def test_a_folder_must_be_there_and_hold_sound(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "silence").mkdir()
    assert main(words(tmp_path / name, tmp_path / "cache")) == 1
    assert f"error: data={tmp_path / name} must " in capsys.readouterr().err
