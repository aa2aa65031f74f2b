"""What a worker does: features of one file, whole or not at all."""

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.addresses import here
from genre.audio.frontend import Features, FeatureStream
from genre.dataset.features import FeatureStore
from genre.dataset.filling import (
    LEFTOVER_SECONDS,
    FeatureWork,
    remove_leftovers,
    watched,
    write_features,
    write_rows,
)
from genre.errors import AudioError, AudioErrorKind
from genre.execution import ExecutionConfig, Outcome
from tests.dataset_examples import noise_track, track_of
from tests.doctor_examples import make_facts

ONE = ExecutionConfig(n_workers=1)


def test_facts_are_there_before_the_features(tmp_path: Path, store: FeatureStore) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(22050), 22050)
    track = track_of(tmp_path / "silent.wav")
    work = FeatureWork(here(track.path), track.sha256, store.path(track.sha256), store.config)
    work.target.mkdir(parents=True)  # so that the features cannot take their name
    with pytest.raises(OSError, match="directory"):
        write_features(work)
    (work.target).rmdir()
    assert [path.name for path in work.target.parent.iterdir()] == [f"{track.sha256}.json"]
    assert [fault.kind for fault in store.fill([track], execution=ONE).warnings] == ["silent"]


def test_a_write_that_breaks_off_leaves_nothing(
    tmp_path: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(_: FeatureStream) -> Iterator[Features]:
        yield np.zeros((128, 96), np.float16)
        raise KeyboardInterrupt

    track = noise_track(tmp_path, "a.wav")
    work = FeatureWork(here(track.path), track.sha256, store.path(track.sha256), store.config)
    monkeypatch.setattr(FeatureStream, "blocks", break_off)
    with pytest.raises(KeyboardInterrupt):
        write_features(work)
    assert not [path for path in store.folder.rglob("*") if path.is_file()]


def test_a_worker_writes_features_and_facts(tmp_path: Path, store: FeatureStore) -> None:
    track = noise_track(tmp_path, "a.wav", seconds=2.0)
    work = FeatureWork(here(track.path), track.sha256, store.path(track.sha256), store.config)
    assert str(work) == str(track.path)
    facts = write_features(work)
    assert facts.duration_seconds == 2.0
    assert store.facts(track) == facts
    assert np.load(work.target).shape == (101, 96)


def test_another_content_is_not_kept_under_this_name(tmp_path: Path, store: FeatureStore) -> None:
    track = noise_track(tmp_path, "a.wav")
    work = FeatureWork(here(track.path), "0" * 64, store.path("0" * 64), store.config)
    with pytest.raises(AudioError, match="has changed since the folder was read") as caught:
        write_features(work)
    assert caught.value.kind is AudioErrorKind.CORRUPT
    assert not work.target.exists()


@pytest.mark.parametrize("lengths", [[], [3], [2, 0, 5]])
def test_rows_of_unknown_number_are_an_array(lengths: list[int]) -> None:
    rng = np.random.default_rng(0)
    blocks = [rng.normal(size=(length, 4)).astype(np.float16) for length in lengths]
    file = io.BytesIO()
    write_rows(file, iter(blocks), n_columns=4)
    file.seek(0)
    read = np.load(file)
    assert (read.shape, read.dtype) == ((sum(lengths), 4), np.float16)
    np.testing.assert_array_equal(read, np.concatenate([np.empty((0, 4), np.float16), *blocks]))


def test_only_old_leftovers_are_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "ab"
    folder.mkdir()
    names = {".old.npy.x.tmp": 1.1, ".young.npy.x.tmp": 0.9, "kept.npy": 2.0, "plain.tmp": 2.0}
    for name, age in names.items():
        (folder / name).touch()
        changed = time.time() - age * LEFTOVER_SECONDS
        os.utime(folder / name, (changed, changed))
    remove_leftovers(tmp_path)
    assert {path.name for path in folder.iterdir()} == set(names) - {".old.npy.x.tmp"}
    remove_leftovers(tmp_path / "nowhere")


@pytest.mark.usefixtures("live_bars")
@pytest.mark.parametrize("progress", [True, False])
def test_outcomes_pass_by_the_bar_unchanged(
    tmp_path: Path, store: FeatureStore, capfd: pytest.CaptureFixture[str], progress: bool
) -> None:
    work = FeatureWork(tmp_path / "a.wav", "0" * 64, tmp_path / "a.npy", store.config)
    outcomes = [
        Outcome(unit=work, result=make_facts(), error=None),
        Outcome(unit=work, result=None, error=AudioError(AudioErrorKind.EMPTY, "is empty")),
    ]
    assert list(watched(iter(outcomes), 2, progress=progress)) == outcomes
    told = capfd.readouterr().err
    assert ("features: 100%" in told and "h of audio a minute" in told) is progress
