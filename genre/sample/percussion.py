"""Drums: each hit is noise and decaying sines, shaped by the habits of one kit."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre.sample.instruments import Samples


@dataclass(frozen=True, kw_only=True)
class Kit:
    """How one artist's drums differ from another's.

    Parameters
    ----------
    tuning : float, above 0
        Factor on every pitch of the kit.
    decay : float, above 0
        Factor on every decay time.
    brightness : float, in [0, 1]
        Where the noise of cymbals and snare begins; 0.5 is neutral.
    """

    tuning: float = 1.0
    decay: float = 1.0
    brightness: float = 0.5


def _time(seconds: float, sample_rate: int) -> NDArray[np.float64]:
    return np.arange(round(seconds * sample_rate)) / sample_rate


def _noise(
    n_samples: int, low_hz: float, high_hz: float, sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    edges = (low_hz, min(high_hz, 0.46 * sample_rate))
    from scipy.signal import butter, sosfilt  # takes longer to import than to play a bar

    sections = butter(2, edges, btype="bandpass", fs=sample_rate, output="sos")
    noise = np.asarray(sosfilt(sections, rng.standard_normal(n_samples)))
    return np.asarray(noise / (np.max(np.abs(noise)) + 1e-9))


def _drop(
    time: NDArray[np.float64], start_hz: float, end_hz: float, fall_seconds: float
) -> NDArray[np.float64]:
    # The integral of end + (start - end)·exp(-t / fall), a pitch that falls like a drum skin's.
    swing = (start_hz - end_hz) * fall_seconds * (1.0 - np.exp(-time / fall_seconds))
    return np.sin(2 * np.pi * (end_hz * time + swing))


def _kick(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.35 * kit.decay, sample_rate)
    body = _drop(time, 170 * kit.tuning, 50 * kit.tuning, 0.03) * np.exp(-time / 0.11 / kit.decay)
    click = _noise(len(time), 1500, 6000, sample_rate, rng) * np.exp(-time / 0.004)
    return body + (0.1 + 0.4 * kit.brightness) * click


def _boom(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.7 * kit.decay, sample_rate)
    body = _drop(time, 120 * kit.tuning, 43 * kit.tuning, 0.05) * np.exp(-time / 0.3 / kit.decay)
    return body + 0.1 * rng.standard_normal(len(time)) * np.exp(-time / 0.002)


def _snare(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.3 * kit.decay, sample_rate)
    tone = _drop(time, 260 * kit.tuning, 185 * kit.tuning, 0.02) * np.exp(-time / 0.06 / kit.decay)
    wires = _noise(len(time), 1000 + 2000 * kit.brightness, 11000, sample_rate, rng)
    return 0.5 * tone + 0.8 * wires * np.exp(-time / 0.09 / kit.decay)


def _rim(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.08, sample_rate)
    tone = np.sin(2 * np.pi * 1650 * kit.tuning * time) + np.sin(
        2 * np.pi * 820 * kit.tuning * time
    )
    return (0.4 * tone + 0.2 * rng.standard_normal(len(time))) * np.exp(-time / 0.012)


def _clap(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.25 * kit.decay, sample_rate)
    noise = _noise(len(time), 700 + 800 * kit.brightness, 5000, sample_rate, rng)
    strokes = time - np.array([[0.0], [0.011], [0.021]])
    hands = np.sum(np.exp(-np.maximum(strokes, 0.0) / 0.008) * (strokes >= 0), axis=0)
    return np.asarray(noise * (0.5 * hands + np.exp(-time / 0.07 / kit.decay)))


def _cymbal(
    seconds: float, decay_seconds: float, metal: float
) -> Callable[[Kit, int, np.random.Generator], NDArray[np.float64]]:
    def _hit(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
        time = _time(seconds * kit.decay, sample_rate)
        low = 4000 + 3500 * kit.brightness
        hiss = _noise(len(time), low, 15000, sample_rate, rng)
        ratios = np.array([[2.0], [3.0], [4.16], [5.43], [6.79], [8.21]])  # no two harmonic
        ring = np.mean(np.sin(2 * np.pi * 560 * kit.tuning * ratios * time), axis=0)
        return np.asarray(
            (hiss * (1 - metal) + metal * ring) * np.exp(-time / decay_seconds / kit.decay)
        )

    return _hit


def _swish(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.22 * kit.decay, sample_rate)
    noise = _noise(len(time), 1800 + 1500 * kit.brightness, 9000, sample_rate, rng)
    return np.asarray(0.7 * noise * np.sin(np.pi * time / time[-1]) ** 2)


def _shaker(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.07, sample_rate)
    noise = _noise(len(time), 4500 + 2500 * kit.brightness, 13000, sample_rate, rng)
    return np.asarray(0.6 * noise * np.sin(np.pi * time / time[-1]))


def _tom(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.4 * kit.decay, sample_rate)
    start = rng.uniform(150, 220) * kit.tuning
    return np.asarray(_drop(time, start, 0.6 * start, 0.06) * np.exp(-time / 0.13 / kit.decay))


def _timpani(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(1.0 * kit.decay, sample_rate)
    ratios = np.array([[1.0], [1.5], [1.98]])
    tones = np.sum(np.sin(2 * np.pi * 92 * kit.tuning * ratios * time) / ratios, axis=0)
    thud = 0.15 * rng.standard_normal(len(time)) * np.exp(-time / 0.01)
    return np.asarray(0.6 * tones * np.exp(-time / 0.35 / kit.decay) + thud)


def _stomp(kit: Kit, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = _time(0.25, sample_rate)
    thud = _noise(len(time), 60 * kit.tuning, 220 * kit.tuning, sample_rate, rng)
    return thud * np.exp(-time / 0.06 / kit.decay)


DRUMS: dict[str, Callable[[Kit, int, np.random.Generator], NDArray[np.float64]]] = {
    "kick": _kick,
    "boom": _boom,
    "snare": _snare,
    "rim": _rim,
    "clap": _clap,
    "hat": _cymbal(0.08, 0.02, 0.15),
    "open_hat": _cymbal(0.35, 0.12, 0.15),
    "ride": _cymbal(0.6, 0.22, 0.45),
    "crash": _cymbal(1.2, 0.45, 0.2),
    "brush": _swish,
    "shaker": _shaker,
    "tambourine": _cymbal(0.16, 0.05, 0.3),
    "tom": _tom,
    "timpani": _timpani,
    "stomp": _stomp,
}
"""Every drum by name."""


def render_hit(name: str, *, kit: Kit, sample_rate: int, rng: np.random.Generator) -> Samples:
    """Play one drum once.

    Parameters
    ----------
    name : str
        A key of `DRUMS`.
    kit : Kit
        How the artist's drums sound.
    sample_rate : int, hertz
        Of the hit.
    rng : numpy.random.Generator
        Draws its noise.

    Returns
    -------
    ndarray of shape (n_samples,), in [-1, 1]
        Its peak is 1 and its last 3 ms fade to silence.
    """
    hit = DRUMS[name](kit, sample_rate, rng)
    n_fade = max(2, int(0.003 * sample_rate))
    hit[-n_fade:] *= np.linspace(1.0, 0.0, n_fade)
    return np.asarray(hit / np.max(np.abs(hit)), dtype=np.float32)
