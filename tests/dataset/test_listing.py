"""What a store holds, by its names alone: genre.dataset.listing."""

from pathlib import Path

import numpy as np
import pytest

from genre.audio.frontend import FrontEndConfig
from genre.dataset.features import FeatureStore
from genre.dataset.listing import contents_at, contents_in, whole_ones
from genre.execution import ExecutionConfig
from tests.dataset_examples import noise_track
from tests.far import at

ONE = ExecutionConfig(n_workers=1)
HERE = FrontEndConfig()


def test_a_recording_counts_where_features_and_facts_are_whole(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path / "cache")
    tracks = [noise_track(tmp_path, f"{seed}.wav", seed=seed) for seed in range(4)]
    assert store.contents() == set()
    store.fill(tracks, execution=ONE)
    assert store.contents() == {track.sha256 for track in tracks}
    assert contents_in(store.folder, HERE) == contents_at(at(store.folder), HERE)
    cut, emptied, lonely, whole = (store.path(track.sha256) for track in tracks)
    cut.write_bytes(cut.read_bytes()[:-1])
    emptied.write_bytes(b"")
    lonely.with_suffix(".json").unlink()
    (whole.parent / f".{whole.name}.x.tmp").touch()
    (store.folder / "notes.txt").touch()
    for found in (contents_in(store.folder, HERE), contents_at(at(store.folder), HERE)):
        assert found == {whole.stem}


@pytest.mark.parametrize("n_columns", [1, 96, 2_000_000])
def test_numpys_header_is_as_long_as_is_taken_for_granted(n_columns: int, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((3, n_columns), np.float16))
    assert (tmp_path / "a.npy").stat().st_size == 128 + 3 * n_columns * 2


def test_where_a_size_is_not_said_the_names_must_do() -> None:
    name = "ab" * 32
    files = [(f"ab/{name}.npy", None), (f"ab/{name}.json", None), ("ab/x.npy", 5)]
    assert whole_ones(files, HERE) == {name}
