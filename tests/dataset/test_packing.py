"""The features of many tracks in one array, in memory or mapped from a file."""

import os
import pickle
import time
from pathlib import Path

import numpy as np
import pytest

from genre.audio.windows import WindowConfig
from genre.dataset.features import FeatureStore
from genre.dataset.packing import pack
from genre.errors import DatasetError
from genre.execution import ExecutionConfig
from tests.dataset_examples import noise_track

ONE = ExecutionConfig(n_workers=1)


@pytest.mark.parametrize("on_disk", [False, True])
def test_packing_puts_tracks_behind_each_other(
    tmp_path: Path, store: FeatureStore, on_disk: bool
) -> None:
    tracks = [noise_track(tmp_path, f"{s}.wav", seconds=s, seed=s) for s in (1, 5, 4)]
    store.fill(tracks, execution=ONE)
    packed = pack(tracks, store, folder=tmp_path / "new" if on_disk else None)
    assert isinstance(packed.mel, np.memmap) is on_disk
    # 1 s is padded to one window of 200 frames; 5 s have 251 frames and 4 s 201
    assert packed.lengths.tolist() == [200, 251, 201]
    assert packed.starts.tolist() == [0, 200, 451]
    assert packed.mel.shape == (652, 96)
    assert packed.mel.dtype == np.float16
    assert np.array_equal(packed.mel[:51], store.load(tracks[0]))
    assert (packed.mel[51:200] == -80).all()
    assert np.array_equal(packed.mel[200:451], store.load(tracks[1]))
    assert np.array_equal(packed.mel[451:], store.load(tracks[2]))


def test_a_packed_file_is_written_once_and_named_by_its_content(
    tmp_path: Path, store: FeatureStore
) -> None:
    tracks = [noise_track(tmp_path, f"{seed}.wav", seed=seed) for seed in (1, 2)]
    store.fill(tracks, execution=ONE)
    folder = tmp_path / "packed"
    pack(tracks, store, folder=folder)
    (first,) = folder.glob("*.npy")
    file_number = first.stat().st_ino
    pack(tracks, store, folder=folder)
    assert [path.stat().st_ino for path in folder.glob("*.npy")] == [file_number]
    pack(tracks[::-1], store, folder=folder)
    pack(tracks, store, folder=folder, windows=WindowConfig(window_seconds=8.0))
    assert len(list(folder.glob("*.npy"))) == len(list(folder.glob("*.json"))) == 3


@pytest.mark.parametrize("damage", ["zeroed", "cut", "empty", "foreign", "old and foreign"])
def test_a_damaged_packed_file_is_written_anew(
    tmp_path: Path, store: FeatureStore, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    tracks = [noise_track(tmp_path, f"{seed}.wav", seed=seed) for seed in (1, 2)]
    store.fill(tracks, execution=ONE)
    folder = tmp_path / "packed"
    expected = np.array(pack(tracks, store, folder=folder).mel)
    (path,) = folder.glob("*.npy")
    data = path.read_bytes()
    if "foreign" in damage:
        np.save(path, np.zeros((3, 96), np.float16))
    else:
        zeros = data[:5000] + bytes(500) + data[5500:]
        path.write_bytes({"zeroed": zeros, "cut": data[:5000], "empty": b""}[damage])
    if "old" in damage:
        path.with_suffix(".json").unlink()
    assert np.array_equal(pack(tracks, store, folder=folder).mel, expected)
    assert path.read_bytes() == data
    assert "is damaged and is written anew" in caplog.text
    path.with_suffix(".json").unlink()  # of an earlier version
    caplog.clear()
    assert np.array_equal(pack(tracks, store, folder=folder).mel, expected)
    assert caplog.text == ""


def test_packed_files_that_nobody_asks_for_any_more_make_room(
    tmp_path: Path, store: FeatureStore
) -> None:
    tracks = [noise_track(tmp_path, f"{seed}.wav", seed=seed) for seed in range(4)]
    store.fill(tracks, execution=ONE)
    folder = tmp_path / "packed"
    for days, last in ((6, 1), (5, 2), (4, 3)):
        before = set(folder.glob("*.npy"))
        pack(tracks[:last], store, folder=folder)
        (path,) = set(folder.glob("*.npy")) - before
        used = time.time() - days * 24 * 3600
        os.utime(path, (used, used))
    pack(tracks[:1], store, folder=folder)  # asked for again: the latest
    assert len(list(folder.iterdir())) == 6
    pack(tracks, store, folder=folder)
    # the two latest stay, and of the older ones what is younger than three days
    lengths = sorted(len(np.load(path)) for path in folder.glob("*.npy"))
    assert len(list(folder.glob("*.json"))) == 3
    assert lengths == [200, 3 * 200, 4 * 200]


def test_mapped_features_travel_to_another_process_as_their_file(
    tmp_path: Path, store: FeatureStore
) -> None:
    tracks = [noise_track(tmp_path, "1.wav", seed=1)]
    store.fill(tracks, execution=ONE)
    for folder, is_small in ((tmp_path / "packed", True), (None, False)):
        packed = pack(tracks, store, folder=folder)
        sent = pickle.dumps(packed)
        arrived = pickle.loads(sent)  # noqa: S301 - our own
        assert (len(sent) < packed.mel.nbytes) is is_small
        assert isinstance(arrived.mel, np.memmap) is is_small
        assert np.array_equal(arrived.mel, packed.mel)
        assert np.array_equal(arrived.starts, packed.starts)


def test_packing_pads_to_the_window_that_is_asked_for(tmp_path: Path, store: FeatureStore) -> None:
    track = noise_track(tmp_path, "a.wav")
    store.fill([track], execution=ONE)
    windows = WindowConfig(window_seconds=1.0, step_seconds=0.5)
    assert pack([track], store, windows=windows).lengths.tolist() == [51]


def test_packing_nothing_is_an_error(store: FeatureStore) -> None:
    with pytest.raises(DatasetError, match="must hold at least one track"):
        pack([], store)
