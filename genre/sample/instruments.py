"""Pitched instruments: three ways of making a tone from a frequency and a duration.

`Additive` sums harmonics (bowed, blown, sung and hammered tones), `FrequencyModulation` follows
Chowning (1973, *The Synthesis of Complex Audio Spectra by Means of Frequency Modulation*), and
`Pluck` is the string of Karplus and Strong (1983), here one inverse FFT per period: a circular
averaging filter applied p times is its response to the power p.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
_VIBRATO_HZ = 5.5


@dataclass(frozen=True, kw_only=True)
class Timbre:
    """How one artist's instrument differs from another's of the same kind.

    Plucked strings take neither detuning nor vibrato.

    Parameters
    ----------
    brightness : float, in [0, 1]
        Strength of the upper harmonics; 0.5 is neutral.
    detune_cents : float, at least 0
        Half the distance of two doubled voices; below 1 there is one voice.
    attack_scale, decay_scale : float, above 0
        Factors on the instrument's own attack and decay times.
    vibrato_cents : float, at least 0
        Depth of the vibrato of sustained tones.
    """

    brightness: float = 0.5
    detune_cents: float = 0.0
    attack_scale: float = 1.0
    decay_scale: float = 1.0
    vibrato_cents: float = 0.0


@dataclass(frozen=True)
class Tone:
    """One note to play.

    Parameters
    ----------
    frequency_hz : float
        Of the fundamental.
    duration_seconds : float
        Without the release.
    sample_rate : int, hertz
        Of the samples that are made.
    timbre : Timbre
        How the artist's instrument differs from others.
    """

    frequency_hz: float
    duration_seconds: float
    sample_rate: int
    timbre: Timbre

    def n_samples(self, *, release_seconds: float) -> int:
        """Count the samples of the note with its release."""
        return round((self.duration_seconds + release_seconds) * self.sample_rate)

    @property
    def doubling_cents(self) -> tuple[float, ...]:
        """Detuning of each voice: one voice, or two on either side."""
        cents = self.timbre.detune_cents
        return (-cents, cents) if cents >= 1.0 else (0.0,)

    def phase(self, *, n_samples: int, cents: float) -> NDArray[np.float64]:
        """Compute the phase of one detuned voice, ndarray of shape (n_samples,), in radians."""
        time = np.arange(n_samples) / self.sample_rate
        frequency_hz = self.frequency_hz * 2 ** (cents / 1200)
        deviation_hz = frequency_hz * (2 ** (self.timbre.vibrato_cents / 1200) - 1.0)
        # The integral of a frequency that swings by the deviation.
        swing = deviation_hz / _VIBRATO_HZ * (1.0 - np.cos(2 * np.pi * _VIBRATO_HZ * time))
        return np.asarray(2 * np.pi * frequency_hz * time + swing, dtype=np.float64)


class Voice(Protocol):
    """An instrument: a tone in, its samples out."""

    def render(self, tone: Tone, *, rng: np.random.Generator) -> Samples:
        """Play one note at about unit peak; it begins and ends in silence."""
        ...


def envelope(
    n_samples: int,
    *,
    sample_rate: int,
    attack_seconds: float,
    decay_seconds: float,
    sustain: float,
    release_seconds: float,
) -> Samples:
    """Shape a note: linear attack, exponential decay to the sustained level, linear release.

    Parameters
    ----------
    n_samples : int
        Length of the note, its release included.
    sample_rate : int, hertz
        Of the note.
    attack_seconds, decay_seconds, release_seconds : float
        Of the rise, of the fall to 1/e of the way to `sustain`, and of the end.
    sustain : float, in [0, 1]
        Level that the decay approaches.

    Returns
    -------
    ndarray of shape (n_samples,), in [0, 1]
        Zero at both ends.
    """
    time = np.arange(n_samples, dtype=np.float32) / sample_rate
    after = np.maximum(time - attack_seconds, 0.0)
    level = sustain + (1.0 - sustain) * np.exp(-after / max(decay_seconds, 1e-3))
    rise = np.minimum(time / max(attack_seconds, 1e-3), 1.0)
    remaining = time[::-1]
    fall = np.minimum(remaining / max(release_seconds, 5e-3), 1.0)
    return np.asarray(level * rise * fall, dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class Additive:
    """Sum harmonics whose amplitude falls as a power of their number.

    Parameters
    ----------
    rolloff : float
        Exponent of that power; larger is darker.
    n_partials : int
        Most harmonics; those above 0.45 of the sample rate are left out.
    even : float, in [0, 1]
        Factor on the even harmonics; a clarinet has few.
    attack_seconds, decay_seconds, release_seconds, sustain : float
        As for `envelope`.
    damping : float, per second
        Decay rate of each harmonic times its number: hammered strings lose the high ones first.
    formants_hz : tuple of float
        Resonances of a voice or body; empty for none.
    breath : float, in [0, 1]
        Noise beside the tone.
    """

    rolloff: float = 1.0
    n_partials: int = 16
    even: float = 1.0
    attack_seconds: float = 0.02
    decay_seconds: float = 0.5
    release_seconds: float = 0.06
    sustain: float = 0.8
    damping: float = 0.0
    formants_hz: tuple[float, ...] = ()
    breath: float = 0.0

    def render(self, tone: Tone, *, rng: np.random.Generator) -> Samples:
        """Play one note; see `Voice.render`."""
        n_samples = tone.n_samples(release_seconds=self.release_seconds)
        wave = np.zeros(n_samples, dtype=np.float32)
        for cents in tone.doubling_cents:
            wave += self._harmonics(tone.phase(n_samples=n_samples, cents=cents), tone)
        wave /= len(tone.doubling_cents)
        if self.breath:
            wave += self.breath * rng.standard_normal(n_samples, dtype=np.float32)
        return wave * _envelope_of(self, tone)

    def _harmonics(self, phase: NDArray[np.float64], tone: Tone) -> Samples:
        highest = int(0.45 * tone.sample_rate / tone.frequency_hz)
        n_partials = max(1, min(self.n_partials, highest))
        numbers = np.arange(1, n_partials + 1)
        weights = numbers ** (-self.rolloff * (1.7 - 1.4 * tone.timbre.brightness))
        weights[1::2] *= self.even
        if self.formants_hz:
            octaves = np.log2(numbers[:, None] * tone.frequency_hz / np.asarray(self.formants_hz))
            weights *= 0.1 + np.exp(-((octaves / 0.35) ** 2)).sum(axis=1)
        weights /= np.sqrt(np.sum(weights**2)) * 1.6
        # Harmonic k is the k-th power of the first, damping included: one product per harmonic.
        loss = self.damping / tone.timbre.decay_scale * np.arange(len(phase)) / tone.sample_rate
        first = np.exp(1j * phase - loss).astype(np.complex64)
        power, total = first.copy(), weights[0] * first.imag
        for weight in weights[1:]:
            power *= first
            total += np.float32(weight) * power.imag
        return np.asarray(total, dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class FrequencyModulation:
    """One sine modulating the phase of another.

    Parameters
    ----------
    ratio : float
        Frequency of the modulator over that of the carrier.
    index : float, radians
        Depth of the modulation at the onset.
    index_decay_seconds : float
        Time in which the depth falls to 1/e.
    attack_seconds, decay_seconds, release_seconds, sustain : float
        As for `envelope`.
    """

    ratio: float = 1.0
    index: float = 2.0
    index_decay_seconds: float = 0.3
    attack_seconds: float = 0.005
    decay_seconds: float = 0.6
    release_seconds: float = 0.08
    sustain: float = 0.1

    def render(self, tone: Tone, *, rng: np.random.Generator) -> Samples:
        """Play one note; see `Voice.render`."""
        n_samples = tone.n_samples(release_seconds=self.release_seconds)
        time = np.arange(n_samples) / tone.sample_rate
        fall = np.exp(-time / (self.index_decay_seconds * tone.timbre.decay_scale))
        depth = self.index * (0.3 + 1.4 * tone.timbre.brightness) * fall
        wave = np.zeros(n_samples)
        for cents in tone.doubling_cents:
            carrier = tone.phase(n_samples=n_samples, cents=cents)
            # A free phase of the modulator keeps two notes from being copies of each other.
            modulator = np.sin(self.ratio * carrier + rng.uniform(0.0, 0.5))
            wave += np.sin(carrier + depth * modulator)
        wave *= 0.8 / len(tone.doubling_cents)
        return wave.astype(np.float32) * _envelope_of(self, tone)


def _envelope_of(voice: Additive | FrequencyModulation, tone: Tone) -> Samples:
    return envelope(
        tone.n_samples(release_seconds=voice.release_seconds),
        sample_rate=tone.sample_rate,
        attack_seconds=voice.attack_seconds * tone.timbre.attack_scale,
        decay_seconds=voice.decay_seconds * tone.timbre.decay_scale,
        sustain=voice.sustain,
        release_seconds=voice.release_seconds,
    )


@dataclass(frozen=True, kw_only=True)
class Pluck:
    """Let a noise burst run round a string that loses its high harmonics first.

    Parameters
    ----------
    decay_seconds : float
        Time in which the fundamental falls to 1/e.
    damping : float
        How much faster the high harmonics fall; larger is duller.
    pick_position : float, in (0, 0.5]
        Where the string is plucked, as a share of its length: harmonics with a node there miss.
    release_seconds : float
        As for `envelope`.
    """

    decay_seconds: float = 1.2
    damping: float = 1.0
    pick_position: float = 0.2
    release_seconds: float = 0.05

    def render(self, tone: Tone, *, rng: np.random.Generator) -> Samples:
        """Play one note; see `Voice.render`."""
        n_samples = tone.n_samples(release_seconds=self.release_seconds)
        periods = self._periods(tone, n_samples / tone.sample_rate, rng)
        # Reading the periods at a fractional index tunes the string exactly.
        where = np.arange(n_samples) * (tone.frequency_hz * periods.shape[1] / tone.sample_rate)
        wave = np.interp(where, np.arange(periods.size), periods.ravel()).astype(np.float32)
        shape = envelope(
            n_samples,
            sample_rate=tone.sample_rate,
            attack_seconds=0.002 * tone.timbre.attack_scale,
            decay_seconds=60.0,
            sustain=1.0,
            release_seconds=self.release_seconds,
        )
        return np.asarray(wave * shape, dtype=np.float32)

    def _periods(self, tone: Tone, seconds: float, rng: np.random.Generator) -> NDArray[np.float64]:
        timbre = tone.timbre
        n_harmonics = max(3, min(48, int(0.45 * tone.sample_rate / tone.frequency_hz)))
        numbers = np.arange(1, n_harmonics + 1)
        weights = numbers ** -(1.3 - timbre.brightness) * rng.uniform(0.6, 1.0, n_harmonics)
        weights *= np.abs(np.sin(np.pi * self.pick_position * numbers)) + 0.05
        spectrum = weights * np.exp(2j * np.pi * rng.random(n_harmonics))
        spectrum /= np.sqrt(np.sum(weights**2)) * 1.6
        decay = self.decay_seconds * tone.timbre.decay_scale
        rate = 1.0 / decay + self.damping * (1.3 - timbre.brightness) * 0.35 * numbers**1.3
        n_periods = int(np.ceil(seconds * tone.frequency_hz)) + 2
        loss = np.exp(-np.outer(np.arange(n_periods) / tone.frequency_hz, rate))
        bins = np.zeros((n_periods, 2 * n_harmonics + 1), dtype=np.complex128)
        bins[:, 1 : n_harmonics + 1] = loss * spectrum
        n_points = 4 * n_harmonics
        periods: NDArray[np.float64] = np.fft.irfft(bins, n=n_points, axis=1) * (n_points / 2)
        return periods
