"""Pictures of a network, its attention and what it looks at."""

import numpy as np
from matplotlib.patches import Rectangle

from genre.evaluation.plots.network import plot_maps_over_mel
from tests.plot_examples import BAND_HZ, MEL, OTHERS, rectangles


def test_maps_lie_over_the_whole_spectrogram() -> None:
    first, *others = OTHERS["maps_over_mel"]().axes[:4]  # behind them their bars
    assert len(first.get_images()) == 1
    for number, axes in enumerate(others, start=1):
        mel, overlay = axes.get_images()
        np.testing.assert_array_equal(overlay.get_array(), np.arange(4.0 * number).reshape(-1, 2).T)
        assert overlay.get_extent() == mel.get_extent() == first.get_images()[0].get_extent()
        # A weak map is not grey beside a strong one: each has the whole scale, and a bar of it.
        assert overlay.get_clim() == (0, 4 * number - 1)
        assert np.asarray(overlay.get_alpha()).max() == 0.8
    bars = others[0].figure.axes[4:]
    assert [bar.get_ylabel() for bar in bars] == ["Power (dB)", *["Let through (0 to 1)"] * 3]
    np.testing.assert_allclose([bar.get_ylim() for bar in bars[1:]], [(0, 3), (0, 7), (0, 11)])


def test_channels_are_ranked_by_weight() -> None:
    first, second = OTHERS["channel_weights"]().axes
    assert [patch.get_height() for patch in rectangles(first)] == [0.9, 0.5, 0.2]
    assert len(second.patches) == 96


def test_the_network_is_drawn_to_scale_with_its_shapes() -> None:
    axes, words = OTHERS["network"]().axes
    texts = " ".join(text.get_text() for text in words.texts)
    for said in ("24 × 24 × 50", "1728", "6,396 parameters", "max pool", "head"):
        assert said in texts
    assert "0 parameters" not in texts.replace("6,396 parameters", "")
    sizes = {
        (round(p.get_width(), 6), round(p.get_height(), 6))
        for p in axes.patches
        if isinstance(p, Rectangle)
    }
    window, block = sorted(sizes, reverse=True)[:2]
    np.testing.assert_allclose(np.divide(window, block), (4, 4), rtol=1e-4)  # 200 / 50, 96 / 24


def test_maps_of_one_value_are_drawn() -> None:
    figure = plot_maps_over_mel(
        MEL[:200], BAND_HZ, {"even": np.ones((5, 4))}, frames_per_second=50, label="x", title="$"
    )
    first, second = figure.axes[:2]
    assert first.get_title() == r"\$"
    overlay = second.get_images()[1]
    # Nothing stands out, so that nothing hides the sound.
    np.testing.assert_allclose(np.asarray(overlay.get_alpha()), 0.05)
