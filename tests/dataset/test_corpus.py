"""Parts of a corpus are views of the right tracks: genre.dataset.corpus."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from genre.dataset.corpus import Corpus
from tests.synthetic import corpus


def test_a_part_has_its_tracks_features_labels_and_artists() -> None:
    data = corpus()
    ids = [data.tracks[4].track_id, data.tracks[1].track_id]
    part = data.part(ids)
    assert part.track_id == tuple(ids)
    np.testing.assert_array_equal(part.y_true, [[False, True, False]] * 2)
    mels = list(part.mels())
    np.testing.assert_array_equal(mels[0], data.features.mel[4 * 301 : 5 * 301])
    np.testing.assert_array_equal(mels[1], data.features.mel[301:602])
    assert data.artists(ids).tolist() == ["artist 4", "artist 1"]
    assert part.features.mel is data.features.mel


def test_the_hash_is_of_content_and_labels() -> None:
    assert corpus().data_hash == corpus().data_hash
    assert corpus().data_hash != corpus(n_artists=5).data_hash


def test_mapped_features_are_read_into_memory(tmp_path: Path) -> None:
    data = corpus(n_artists=1)
    np.save(tmp_path / "mel.npy", data.features.mel)
    mapped = np.load(tmp_path / "mel.npy", mmap_mode="r")
    on_disk: Corpus = replace(data, features=replace(data.features, mel=mapped))
    in_memory = on_disk.in_memory()
    assert not isinstance(in_memory.features.mel, np.memmap)
    np.testing.assert_array_equal(in_memory.features.mel, data.features.mel)
    assert in_memory.data_hash == data.data_hash
