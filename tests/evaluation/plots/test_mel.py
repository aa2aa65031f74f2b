"""A spectrogram on axes in seconds and hertz."""

import numpy as np

from genre.evaluation.plots.mel import draw_mel, extent_of
from genre.evaluation.plots.style import new_figure


def test_the_edges_are_seconds_and_half_a_band_beyond_the_centres() -> None:
    assert extent_of(np.zeros((150, 96)), 50.0) == (0.0, 3.0, -0.5, 95.5)


def test_frequencies_stand_at_their_bands() -> None:
    axes = new_figure(4, 3).axes[0]
    band_hz = np.array([100.0, 300.0, 500.0, 1500.0, 2500.0])
    image = draw_mel(axes, np.zeros((20, 5)), band_hz, 50.0)
    # 125 Hz is an eighth of the way to the second band; 4000 and 8000 are not shown.
    ticks = [text.get_text() for text in axes.get_yticklabels()]
    assert ticks == ["125", "500", "1000", "2000"]
    np.testing.assert_allclose(axes.get_yticks(), [1 / 8, 2, 2.5, 3.5])
    assert image.get_array().shape == (5, 20)


def test_limits_say_what_is_darkest_and_brightest() -> None:
    axes = new_figure(4, 3).axes[0]
    mel = np.linspace(-80, 0, 40).reshape(8, 5)
    band_hz = np.linspace(100, 500, 5)
    assert draw_mel(axes, mel, band_hz, 50.0).get_clim() == (-80, 0)
    image = draw_mel(axes, mel, band_hz, 50.0, cmap="gray", limits=(-60, 10))
    assert image.get_clim() == (-60, 10)
    assert image.get_cmap().name == "gray"
