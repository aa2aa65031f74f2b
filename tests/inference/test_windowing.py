"""genre.inference.windowing: standardised windows by hand."""

import numpy as np
import pytest

from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.errors import ConfigError
from genre.inference.windowing import Standardisation, Windowing

N_MELS = 96


def windowing(*, mean: float = 0.0, deviation: float = 1.0) -> Windowing:
    return Windowing(
        mel=MelConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(mean,) * N_MELS, deviation=(deviation,) * N_MELS),
    )


def test_standardisation_by_hand() -> None:
    standard = Standardisation(mean=(-20.0, -40.0), deviation=(10.0, 20.0))
    windows = np.array([[[-20.0, -40.0], [-10.0, 0.0], [-30.0, -80.0]]], dtype=np.float16)
    standardised = standard(windows)
    np.testing.assert_array_equal(standardised, [[[[0.0, 1.0, -1.0], [0.0, 2.0, -2.0]]]])
    assert standardised.dtype == np.float32
    assert standardised.flags.c_contiguous
    assert windows[0, 0, 0] == -20.0  # what comes in stays
    with pytest.raises(ConfigError, match="must have 2 values above 0"):
        Standardisation(mean=(0.0, 0.0), deviation=(1.0, 0.0))


def test_windows_are_slices_every_two_seconds_and_one_at_the_end() -> None:
    mel = np.arange(401 + 60, dtype=np.float32)[:, None].repeat(N_MELS, axis=1)
    assert windowing().cut(mel)[:, 0, 0].tolist() == [0, 100, 200, 261]
    assert [view[0, 0] for view in windowing().views(mel)] == [0, 100, 200, 261]
    assert all(np.shares_memory(view, mel) for view in windowing().views(mel))


def test_some_windows_of_a_long_track_are_spread_from_its_first_to_its_last() -> None:
    mel = np.arange(201 + 960, dtype=np.float32)[:, None].repeat(N_MELS, axis=1)

    def starts(most: int) -> list[float]:
        return [view[0, 0] for view in windowing().views(mel, most=most)]

    assert starts(0) == starts(11) == [*range(0, 901, 100), 961]
    assert starts(3) == [0, 500, 961]
    assert starts(6) == [0, 200, 400, 600, 800, 961]
    assert starts(1) == [0]


def test_a_short_track_is_padded_with_the_floor() -> None:
    (window,) = windowing().cut(np.zeros((10, N_MELS), dtype=np.float32))
    assert window.shape == (200, N_MELS)
    assert (window[:10] == 0).all()
    assert (window[10:] == MelConfig().floor_db).all()
