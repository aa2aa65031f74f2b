"""An exported model beside its bundle: genre.tagging.onnx_export.checking."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.audio.decode import load_waveform
from genre.errors import BundleError
from genre.models.bundle import Bundle
from genre.models.score_rule import ScoreRule
from genre.tagging.onnx_export import excerpts, largest_difference
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
