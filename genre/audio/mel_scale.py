"""Mel scales: frequencies as an ear spaces them, after Slaney or as HTK has it."""

import math

import numpy as np
from numpy.typing import NDArray

# Slaney's scale: 3 mel per 200 Hz up to 1 kHz, then 27 mel per factor of 6.4.
_HZ_PER_MEL = 200.0 / 3.0
_LOG_START_HZ = 1000.0
_LOG_START_MEL = _LOG_START_HZ / _HZ_PER_MEL
_LOG_STEP = math.log(6.4) / 27.0
# HTK's: 2595 log10(1 + f / 700).
_HTK_MEL, _HTK_HZ = 2595.0, 700.0


def to_mel(frequency: float, scale: str) -> float:
    """Place a frequency on a mel scale.

    Parameters
    ----------
    frequency : float, in Hz
        At least 0.
    scale : slaney or htk
        As in `genre.audio.mel.MelConfig`.
    """
    if scale == "htk":
        return _HTK_MEL * math.log10(1.0 + frequency / _HTK_HZ)
    if frequency < _LOG_START_HZ:
        return frequency / _HZ_PER_MEL
    return _LOG_START_MEL + math.log(frequency / _LOG_START_HZ) / _LOG_STEP


def to_hz(mel: NDArray[np.float64], scale: str) -> NDArray[np.float64]:
    """Find the frequencies of places on a mel scale, in Hz; the inverse of `to_mel`.

    Parameters
    ----------
    mel : ndarray
        Of any shape.
    scale : slaney or htk
        As in `genre.audio.mel.MelConfig`.
    """
    if scale == "htk":
        return np.asarray(_HTK_HZ * (10.0 ** (mel / _HTK_MEL) - 1.0))
    logarithmic = _LOG_START_HZ * np.exp(_LOG_STEP * (mel - _LOG_START_MEL))
    return np.where(mel < _LOG_START_MEL, mel * _HZ_PER_MEL, logarithmic)
