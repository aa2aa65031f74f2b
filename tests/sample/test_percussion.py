"""Drums: where their sound lies and how it ends."""

import numpy as np
import pytest

from genre.sample.percussion import DRUMS, Kit, render_hit


@pytest.mark.parametrize("drum", DRUMS)
def test_every_drum_has_unit_peak_early_and_ends_in_silence(drum: str) -> None:
    hit = render_hit(drum, kit=Kit(), sample_rate=22050, rng=np.random.default_rng(0))
    assert np.max(np.abs(hit)) == pytest.approx(1.0)
    assert np.sum(hit[: len(hit) // 2] ** 2) > 0.4 * np.sum(hit**2)
    assert hit[-1] == 0.0


def test_kick_is_low_and_hat_is_high() -> None:
    def centroid(drum: str) -> float:
        hit = render_hit(drum, kit=Kit(), sample_rate=22050, rng=np.random.default_rng(0))
        power = np.abs(np.fft.rfft(hit)) ** 2
        return float(np.sum(np.linspace(0, 11025, len(power)) * power) / power.sum())

    assert centroid("kick") < 300 < 3000 < centroid("hat")


def centroid_of(drum: str, kit: Kit) -> float:
    hit = render_hit(drum, kit=kit, sample_rate=22050, rng=np.random.default_rng(0))
    power = np.abs(np.fft.rfft(hit)) ** 2
    return float(np.sum(np.linspace(0, 11025, len(power)) * power) / power.sum())


@pytest.mark.parametrize("drum", ["kick", "boom", "tom", "timpani"])
def test_a_kit_tuned_up_sounds_higher(drum: str) -> None:
    assert centroid_of(drum, Kit(tuning=1.2)) > 1.05 * centroid_of(drum, Kit(tuning=0.85))


@pytest.mark.parametrize("drum", ["hat", "ride", "shaker"])
def test_a_bright_kit_has_brighter_noise(drum: str) -> None:
    assert centroid_of(drum, Kit(brightness=1.0)) > 1.05 * centroid_of(drum, Kit(brightness=0.0))


def test_a_kit_that_rings_longer_has_longer_hits() -> None:
    short, long = (
        render_hit("ride", kit=Kit(decay=d), sample_rate=22050, rng=np.random.default_rng(0))
        for d in (0.5, 1.5)
    )
    assert (len(short), len(long)) == (round(0.3 * 22050), round(0.9 * 22050))
