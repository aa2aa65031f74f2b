"""genre.tagging.embedding: one file and many, with a bundle and with a backbone."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.audio.frontend import extract
from genre.errors import AudioError
from genre.tagging import Embedder
from tests.bundles import small_bundle
from tests.pretrained_examples import small_backbone


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 8000), 8000)
    return path


def test_the_embedding_of_a_track_is_the_mean_of_its_windows(song: Path) -> None:
    bundle = small_backbone()
    found = Embedder(bundle).embed(song)
    mel = extract(song, bundle.front_end).mel  # 81 frames: 4 windows of 20
    expected = mel[:80].astype(np.float64).reshape(4, -1).mean(axis=1)
    np.testing.assert_allclose(found.windows[:, 0], expected, rtol=1e-4)
    np.testing.assert_allclose(found.track, [expected.mean()], rtol=1e-4)
    assert found.starts_seconds.tolist() == [0.0, 0.25, 0.5, 0.75]
    assert (found.path, found.flags) == (song, ())


def test_a_trained_model_embeds_too_and_short_tracks_are_flagged(song: Path) -> None:
    found = Embedder(small_bundle()).embed(song)  # a second, of a window of four
    assert found.windows.shape == (1, 144)
    assert found.flags == ("short",)


def test_many_come_in_order_and_bad_ones_stop_nothing(song: Path, tmp_path: Path) -> None:
    embedder = Embedder(small_backbone())
    first, bad, last = embedder.embed_many([song, tmp_path / "gone.wav", str(song)])
    assert isinstance(bad.error, AudioError)
    for outcome in (first, last):
        assert outcome.result is not None
        np.testing.assert_array_equal(outcome.result.windows, embedder.embed(song).windows)


def test_too_little_memory_is_told(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = Embedder(small_backbone())

    def fail(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(embedder._network, "embed", fail)
    with pytest.raises(AudioError, match="must be embedded with the memory there is"):
        embedder.embed(song)
