"""An exported model beside its bundle: genre.tagging.onnx_export.checking."""

import doctest
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.audio.decode import load_waveform
from genre.errors import BundleError
from genre.inference import Bundle, ScoreRule
from genre.tagging.onnx_export import checking, excerpts, largest_difference
from tests.sounds import changing_sound


def test_a_model_that_scores_otherwise_is_refused(bundle: Bundle, model: bytes) -> None:
    other = replace(bundle, rule=ScoreRule(temperature=3.0))
    with pytest.raises(BundleError, match=r"must score as the bundle does, within 0\.001"):
        largest_difference(model, other, [changing_sound(22050)])


@pytest.mark.slow
@pytest.mark.real
def test_real_music_scores_as_the_bundle_does(
    bundle: Bundle, model: bytes, shared_data: Path
) -> None:
    paths = sorted((shared_data / "open_music" / "audio").iterdir())
    assert len(paths) == 25
    for path in paths:
        samples = load_waveform(path).samples
        assert largest_difference(model, bundle, excerpts(samples, 22050, [0.1, 4.0, 33.3])) < 1e-3


def test_the_largest_difference_by_hand(monkeypatch: pytest.MonkeyPatch, bundle: Bundle) -> None:
    class Exported:
        """Scores a sound by its length."""

        def __init__(self, _: bytes) -> None:
            pass

        def scores(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
            return np.array([0.5, len(samples) * 1e-4], np.float32)

    monkeypatch.setattr(checking, "OnnxModel", Exported)
    monkeypatch.setattr(checking, "_reference", lambda *_: np.array([0.5, 2e-4]))
    sounds = [np.zeros(n, np.float32) for n in (1, 2, 8)]
    # 1e-4 is 1e-4 away, 8e-4 is 6e-4; float32
    assert checking.largest_difference(b"", bundle, sounds) == pytest.approx(6e-4, rel=1e-5)
    with pytest.raises(BundleError, match=r"the largest\s+difference is 0\.0018"):
        checking.largest_difference(b"", bundle, [np.zeros(20, np.float32)])
    with pytest.raises(BundleError, match=r"within 0\.0005; the largest"):
        checking.largest_difference(b"", bundle, sounds, tolerance=5e-4)
    monkeypatch.setattr(checking, "_reference", lambda *_: np.array([0.5, np.nan]))
    with pytest.raises(BundleError, match=r"the largest\s+difference is nan"):
        checking.largest_difference(b"", bundle, sounds)


def test_excerpts_begin_where_the_sound_does() -> None:
    sound = np.arange(100, dtype=np.float32)
    cut = excerpts(sound, 10, [0.1, 0.26, 10.0, 11.0])
    assert [len(piece) for piece in cut] == [1, 3, 100]
    np.testing.assert_array_equal(cut[1], [0, 1, 2])
    np.testing.assert_array_equal(cut[2], sound)


def test_the_examples_are_true() -> None:
    found = doctest.testmod(checking)
    assert found.attempted > 0
    assert found.failed == 0
