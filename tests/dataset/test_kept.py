"""Features in files of their own or in packs are the same to whoever reads them."""

import logging
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.addresses import Address
from genre.dataset.content_index import ContentIndex
from genre.dataset.features import FeatureStore
from genre.dataset.kept import Kept
from genre.dataset.packs import PACKS_NAME
from genre.dataset.tracks import Track
from genre.dataset.unlabelled import read_unlabelled
from genre.errors import ConfigError, DatasetError
from genre.execution import ExecutionConfig
from tests.sounds import tone

ONE = ExecutionConfig(n_workers=1)


@pytest.fixture
def tracks(tmp_path: Path) -> list[Track]:
    paths = {tmp_path / f"{number}.wav": f"{number}.wav" for number in range(3)}
    for number, path in enumerate(paths):
        soundfile.write(path, tone(1.0, 22050, frequency=200.0 * (number + 1)), 22050)
    return read_unlabelled(paths, ContentIndex(tmp_path / "contents.json"))[0]


def test_a_packed_store_is_read_as_before(tmp_path: Path, tracks: list[Track]) -> None:
    store = FeatureStore(tmp_path / "cache")
    assert store.fill(tracks, execution=ONE).n_new == 3
    loose = {track: np.array(store.load(track)) for track in tracks}
    facts = {track: store.facts(track) for track in tracks}
    assert store.pack(is_all=True) == 3
    packed = FeatureStore(tmp_path / "cache")
    assert packed.contents() == {track.sha256 for track in tracks}
    again = packed.fill(tracks, execution=ONE)
    assert (again.n_new, again.n_cached) == (0, 3)
    for track in tracks:
        rows = packed.load(track)
        assert isinstance(rows, np.memmap)
        np.testing.assert_array_equal(rows, loose[track])
        assert packed.n_rows(track) == len(rows)
        assert packed.facts(track) == facts[track]


def test_what_is_damaged_in_a_pack_is_computed_anew_into_a_file_of_its_own(
    tmp_path: Path, tracks: list[Track], caplog: pytest.LogCaptureFixture
) -> None:
    store = FeatureStore(tmp_path / "cache")
    store.fill(tracks, execution=ONE)
    before = np.array(store.load(tracks[0]))
    store.pack(is_all=True)
    (tar,) = (store.folder / PACKS_NAME).glob("*.tar")
    content = bytearray(tar.read_bytes())
    start = content.find(before[5].tobytes())
    content[start : start + 100] = bytes(100)
    tar.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        np.testing.assert_array_equal(FeatureStore(tmp_path / "cache").load(tracks[0]), before)
    assert "is damaged and is computed anew" in caplog.text
    assert store.path(tracks[0].sha256).exists()


def test_what_is_not_there(tmp_path: Path) -> None:
    kept = Kept(tmp_path, FeatureStore(tmp_path).source)
    assert not kept.has("ab" * 32)
    assert kept.written("ab" * 32) is None
    assert kept.whole("ab" * 32) is None
    with pytest.raises(DatasetError):
        kept.rows("ab" * 32)


def test_a_store_elsewhere_is_not_packed(tmp_path: Path) -> None:
    store = FeatureStore(Address(f"file://{tmp_path}/cache"))
    with pytest.raises(ConfigError, match="pack=shards must come with a cache on this machine"):
        store.pack(is_all=True)
