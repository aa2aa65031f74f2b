"""The sample dataset: what is planned, what is rendered, what lies on disk."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile

from genre.errors import ConfigError, DatasetError
from genre.sample import SampleConfig, make_sample_dataset, render_excerpt
from genre.sample.artists import invent_names
from genre.sample.genres import STYLES
from genre.sample.planning import plan_tracks
from genre.sample.rendering import render_track

TINY = SampleConfig(
    genres=("jazz", "rock"),
    n_artists_per_genre=1,
    n_tracks_per_artist=2,
    min_seconds=2.0,
    max_seconds=2.5,
)


def test_the_default_dataset_is_as_promised() -> None:
    config = SampleConfig()
    plans = plan_tracks(config)
    assert len(plans) >= 196
    assert {plan.genres[0] for plan in plans} == set(config.genres)
    assert len({plan.artist.name for plan in plans}) == 70
    assert sum(len(plan.genres) == 2 for plan in plans) == round(len(plans) / 4)
    assert all(12 <= plan.duration_seconds <= 16 for plan in plans)
    assert {plan.sample_rate for plan in plans} == {22050, 44100, 48000}
    assert {plan.n_channels for plan in plans} == {1, 2}
    assert {Path(plan.relative_path).suffix for plan in plans} == {".mp3", ".wav"}
    assert len({plan.relative_path for plan in plans}) == len(plans)


def test_names_are_different() -> None:
    assert len(set(invent_names(600, rng=np.random.default_rng(0)))) == 600


def test_same_seed_same_samples_other_seed_other_samples() -> None:
    first, again, other = (
        render_track(plan_tracks(replace(TINY, seed=seed))[0]) for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:20000], other[:20000])


@pytest.mark.parametrize("genre", STYLES)
def test_excerpts_are_music(genre: str) -> None:
    rng = np.random.default_rng(1)
    samples, sample_rate = render_excerpt(genre, rng=rng, duration_seconds=4.0)
    assert (samples.dtype, samples.shape, sample_rate) == (np.float32, (88200,), 22050)
    assert np.max(np.abs(samples)) <= 0.8
    assert np.mean(np.abs(samples) > 0.79) < 0.001  # not clipped
    loudness = np.sqrt(np.mean(samples[: 4 * 20000].reshape(-1, 4000) ** 2, axis=1))
    assert np.median(loudness) > 0.01  # not silent


def test_excerpts_refuse_what_they_cannot_make() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ConfigError, match="genre='polka' must be one of: classical, pop"):
        render_excerpt("polka", rng=rng, duration_seconds=4.0)
    with pytest.raises(ConfigError, match="duration_seconds=0 must be at least 2"):
        render_excerpt("jazz", rng=rng, duration_seconds=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"genres": ("polka", "jazz")}, "genres=.* must be two or more different ones of: class"),
        ({"genres": ("jazz",)}, "genres=.* must be two or more"),
        ({"genres": ("jazz", "jazz")}, "genres=.* must be two or more"),
        ({"n_artists_per_genre": 0}, "n_artists_per_genre=0 must be at least 1"),
        ({"n_artists_per_genre": 100}, "at most 600 artists"),
        ({"n_tracks_per_artist": 0}, "n_tracks_per_artist=0 must"),
        ({"min_seconds": 9.0, "max_seconds": 8.0}, "the first not above the second"),
        ({"min_seconds": 1.0}, "min_seconds=1.0"),
        ({"seed": -1}, "seed=-1 must be at least 0"),
    ],
)
def test_bad_options_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        SampleConfig(**options)  # type: ignore[arg-type]


def test_the_cut_on_disk(sample_cut: Path) -> None:
    with (sample_cut / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 18
    assert list(rows[0]) == ["path", "genres", "artist"]
    for row in rows:
        path, genres = sample_cut / row["path"], row["genres"].split("|")
        assert path.parent.name == genres[0]
        info = soundfile.info(path)
        assert info.duration == pytest.approx(10.0, abs=0.1)  # MP3 pads to whole frames
        tags = mutagen.File(path).tags
        assert tags["TPE1"].text == [row["artist"]]
        assert tags["TCON"].text == genres
        assert path.stem == f"{row['artist']} - {tags['TIT2'].text[0]}"
    assert {Path(row["path"]).suffix for row in rows} == {".mp3", ".wav"}


def test_a_second_call_does_nothing_and_touches_nothing(sample_cut: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in sample_cut.rglob("*.*")}
    marker = json.loads((sample_cut / "sample.json").read_text())["config"]
    config = SampleConfig(**{**marker, "genres": tuple(marker["genres"])})
    summary = make_sample_dataset(sample_cut, config)
    assert summary.n_written == 0
    assert str(summary).endswith(f"sample dataset: {sample_cut}")
    assert {path: path.stat().st_mtime_ns for path in sample_cut.rglob("*.*")} == before


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tiny")
    make_sample_dataset(root, TINY, n_workers=1)
    return root


def test_another_configuration_replaces_ours_and_keeps_yours(tiny: Path) -> None:
    old = {path for path in tiny.rglob("*") if path.suffix in (".mp3", ".wav")}
    kept, changed = tiny / "jazz" / "mine.wav", min(old)
    kept.write_bytes(b"mine")
    changed.write_bytes(b"edited by its owner")
    summary = make_sample_dataset(tiny, replace(TINY, seed=5), n_workers=1)
    assert summary.n_written == 4
    new = {path for path in tiny.rglob("*") if path.suffix in (".mp3", ".wav")}
    assert kept.read_bytes() == b"mine"
    assert changed.read_bytes() == b"edited by its owner"
    assert new & old == {changed}
    assert len(new) == 4 + 2


def test_a_foreign_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("path,genres\n")
    with pytest.raises(DatasetError, match=r"root=.* must be empty .* labels.csv is there"):
        make_sample_dataset(tmp_path, TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]
    with pytest.raises(DatasetError, match="must be a folder"):
        make_sample_dataset(tmp_path / "labels.csv", TINY)


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_broken_marker_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "sample.json").write_text(text)
    with pytest.raises(DatasetError, match=r"sample.json must be"):
        make_sample_dataset(tmp_path, TINY)


def test_an_interrupted_dataset_is_made_again(tmp_path: Path) -> None:
    make_sample_dataset(tmp_path, TINY, n_workers=1)
    sound = {path: path.read_bytes() for path in tmp_path.rglob("*.wav")}
    marker = json.loads((tmp_path / "sample.json").read_text())
    marker["finished"] = False
    (tmp_path / "sample.json").write_text(json.dumps(marker))
    assert make_sample_dataset(tmp_path, TINY, n_workers=1).n_written == 4
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.wav")} == sound


def test_the_synthesiser_needs_no_torch_and_warns_of_nothing() -> None:
    heavy = "{'torch', 'librosa', 'sklearn'} & set(sys.modules)"
    code = f"import sys, genre.sample; print({heavy})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


def test_the_script_says_where_the_data_is(tmp_path: Path) -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "make_sample_data.py"
    words = "--genres jazz rock --n-artists-per-genre 1 --n-tracks-per-artist 1 --n-workers 1"
    words += " --min-seconds 2 --max-seconds 2"
    command = [sys.executable, str(script), "--out", str(tmp_path / "s"), *words.split()]
    for expected in ("made 2 tracks", "it was there already"):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
        assert done.stdout.splitlines()[-1] == f"sample dataset: {tmp_path / 's'}"
