"""Pre-trained networks as a source of features: genre.inference.embedding."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.addresses import here
from genre.audio.frontend import extract
from genre.audio.windows import WindowConfig
from genre.dataset.features import RowStore
from genre.dataset.packing import pack_rows
from genre.dataset.tracks import Track
from genre.errors import BundleError
from genre.execution import ExecutionConfig
from genre.hashing import hash_file
from genre.inference.embedding import EmbeddingSource, embedding_source
from genre.inference.writing import write_bundle
from tests import sounds
from tests.networks import level
from tests.pretrained_examples import N_FRAMES, N_MELS, small_backbone

ONE = ExecutionConfig(n_workers=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_bundle(small_backbone(), tmp_path / "backbones" / "ears")
    return tmp_path / "backbones" / "ears"


def tone(tmp_path: Path, seconds: float) -> Track:
    path = sounds.write(tmp_path / f"{seconds}.wav", sounds.tone(seconds, 8000), 8000)
    return Track(
        track_id=path.name,
        path=path,
        genres=("jazz",),
        artist="a",
        artist_source="labels",
        sha256=hash_file(path),
    )


def test_a_store_keeps_the_embedding_of_every_window(folder: Path, tmp_path: Path) -> None:
    source, tracks = embedding_source(folder), [tone(tmp_path, n) for n in (1.0, 0.15)]
    store = RowStore(tmp_path / "cache", source)
    report = store.fill(tracks, execution=ONE)
    assert (report.n_new, report.faults) == (2, ())
    backbone = small_backbone()
    for track, n_windows in zip(tracks, (4, 1), strict=True):  # one is padded
        rows = store.load(track)
        assert rows.dtype == np.float32
        mel = extract(here(track.path), backbone.front_end).mel
        np.testing.assert_array_equal(rows, backbone.network(n_threads=1).embed(mel))
        assert len(rows) == n_windows
        assert store.facts(track).duration_seconds == pytest.approx(
            1.0 if n_windows == 4 else 0.15, abs=0.01
        )
    assert RowStore(tmp_path / "cache", source).fill(tracks, execution=ONE).n_cached == 2


@pytest.mark.parametrize("is_mapped", [True, False])
def test_packed_rows_stand_behind_each_other(folder: Path, tmp_path: Path, is_mapped: bool) -> None:
    store = RowStore(tmp_path / "cache", embedding_source(folder))
    tracks = [tone(tmp_path, seconds) for seconds in (0.8, 0.15)]
    store.fill(tracks, execution=ONE)
    packed = pack_rows(tracks, store, folder=tmp_path / "packed" if is_mapped else None)
    assert packed.lengths.tolist() == [3, 1]
    assert packed.mel.dtype == np.float32
    expected = np.concatenate([store.load(track) for track in tracks])
    np.testing.assert_array_equal(packed.mel, expected)


def test_the_name_of_the_embeddings_is_that_of_all_they_depend_on(tmp_path: Path) -> None:
    first = small_backbone()
    deviation = replace(first.standardisation, deviation=(2.0,) * N_MELS)
    others = [
        first,
        replace(
            first,
            network_onnx=level(n_mels=N_MELS, n_frames=N_FRAMES, n_labels=0),
            genres=(),
            thresholds=(),
        ),
        replace(first, windows=WindowConfig(window_seconds=0.25, step_seconds=0.125)),
        replace(first, standardisation=deviation),
        replace(
            first,
            front_end=replace(first.spectrogram, mel=replace(first.spectrogram.mel, f_max=3000.0)),
        ),
    ]
    names = set()
    for number, bundle in enumerate(others):
        write_bundle(bundle, tmp_path / str(number))
        source = embedding_source(tmp_path / str(number))
        assert source.n_columns == 1
        names.add(source.features_fingerprint)
    assert len(names) == len(others)
    write_bundle(first, tmp_path / "elsewhere")
    assert embedding_source(tmp_path / "elsewhere").features_fingerprint in names


def test_another_network_by_now_is_told(folder: Path, tmp_path: Path) -> None:
    source: EmbeddingSource = replace(embedding_source(folder), network_sha256="0" * 64)
    with pytest.raises(BundleError, match="must hold the network that it held when this began"):
        source.open(here(tone(tmp_path, 1.0).path))
