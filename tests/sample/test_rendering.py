"""Tracks and excerpts as samples."""

from dataclasses import replace

import numpy as np
import pytest

from genre.errors import ConfigError
from genre.sample.genres import STYLES
from genre.sample.planning import plan_tracks
from genre.sample.rendering import render_excerpt, render_track
from tests.sample_examples import TINY


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
    assert samples.dtype == np.float32
    assert (samples.shape, sample_rate) == ((88200,), 22050)
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


def test_a_track_has_the_shape_of_its_plan() -> None:
    plan = plan_tracks(TINY)[0]
    mono, stereo = (render_track(replace(plan, sample_rate=22050, n_channels=n)) for n in (1, 2))
    assert (mono.ndim, stereo.shape[1]) == (1, 2)
    # the mixer cuts at whole milliseconds
    assert len(mono) == len(stereo) == pytest.approx(plan.duration_seconds * 22050, abs=23)
    assert mono.dtype == stereo.dtype == np.float32
    # -2 dB, less what the fade takes where the peak lies in it
    assert 0.4 < np.max(np.abs(stereo)) <= 10 ** (-2 / 20) + 1e-6
