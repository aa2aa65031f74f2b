"""What is odd about the sound of one file that can be decoded."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from genre.audio.decode import FLAG_OPPOSED, FLAG_PARTIAL, FLAG_SILENT, FLAG_TRUNCATED
from genre.audio.frontend import Features
from genre.audio.mel import MelConfig, mel_filter_bank
from genre.audio.sound import SoundFacts
from genre.audio.windows import WindowConfig
from genre.wording import counted

# Lossy decoding overshoots and mastering limits a few peaks: of 25 real tracks the worst
# has 0.02 % of its frames at full scale; a track driven 6 dB too high has several per cent.
CLIPPED_FRACTION = 0.005
# Less loses what most instruments have above 8 kHz.
LOW_SAMPLE_RATE = 16_000
# What discs and films have: nothing is odd about either, or about a multiple of it.
COMMON_SAMPLE_RATES = (44_100, 48_000)
# Any other is odd where this many times more files have the usual one.
TIMES_RARER = 10
MAX_USUAL_CHANNELS = 2

# No instrument ends within two mel bands (7 % in frequency); a filter does. Measured: real tracks
# fall by at most 21 dB there, copies of five of them through 8 to 16 kHz or 32 and 48 kbit/s by 25
# to 73 dB.
STEEP_DROP_DB = 24.0
BANDS_BETWEEN = 2
_BANDS_BELOW, _BANDS_ABOVE = 8, 6
_LOWEST_CUTOFF_HZ = 2_500.0
_FRAMES_LOOKED_AT = 400
# Nearer than this to what the file's own sample rate can hold, the rate explains the cutoff.
_SHARE_OF_OWN_RATE = 0.8


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is odd about a file.

    Parameters
    ----------
    kind : str
        A key of `genre.dataset.doctor.advice.ODDITIES`.
    message : str
        What was found, in words.
    """

    kind: str
    message: str


def sound_findings(
    facts: SoundFacts, *, sample_rates: Counter[int], cutoff_hz: float | None
) -> tuple[Finding, ...]:
    """Judge the sound of one file.

    Parameters
    ----------
    facts : SoundFacts
        What decoding told.
    sample_rates : Counter of int
        How many files of the folder have which rate, in Hz.
    cutoff_hz : float or None
        From `steep_cutoff_hz`.
    """
    found = {
        "silent": "holds no sound" if FLAG_SILENT in facts.flags else "",
        "opposed": (
            "its channels cancel each other in mono" if FLAG_OPPOSED in facts.flags else ""
        ),
        "partial": (
            f"breaks off: {seconds_text(facts.duration_seconds)} could be decoded"
            if FLAG_PARTIAL in facts.flags
            else ""
        ),
        "truncated": _truncated(facts),
        "short": _short(facts),
        "clipped": _clipped(facts),
        "low_pass": _low_pass(facts, cutoff_hz),
        "odd_sample_rate": _odd_rate(facts.sample_rate, sample_rates),
        "odd_channels": (
            f"has {facts.n_channels} channels, mixed to one"
            if facts.n_channels > MAX_USUAL_CHANNELS
            else ""
        ),
    }
    return tuple(Finding(kind=kind, message=words) for kind, words in found.items() if words)


def seconds_text(seconds: float) -> str:
    """Write a duration: ``0.25 s``, ``31.5 s``, ``3 min 5 s``, ``2 h 10 min``.

    Parameters
    ----------
    seconds : float
        The duration.
    """
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _truncated(facts: SoundFacts) -> str:
    if FLAG_TRUNCATED not in facts.flags:
        return ""
    held = seconds_text(facts.duration_seconds)
    promised = "" if facts.declared_seconds is None else seconds_text(facts.declared_seconds)
    # the container may know of a missing end without saying how long it would be
    if promised in ("", held):
        return f"ends in the middle, after {held}"
    return f"holds {held} where its header says {promised}"


def _short(facts: SoundFacts) -> str:
    window = WindowConfig().window_seconds
    if facts.duration_seconds >= window:
        return ""
    return f"{seconds_text(facts.duration_seconds)}, shorter than a window of {window:g} s"


def _clipped(facts: SoundFacts) -> str:
    if facts.clipped_fraction <= CLIPPED_FRACTION:
        return ""
    return f"{100 * facts.clipped_fraction:.1f} % of it is at full scale"


def _low_pass(facts: SoundFacts, cutoff_hz: float | None) -> str:
    if cutoff_hz is None or cutoff_hz >= _SHARE_OF_OWN_RATE * facts.sample_rate / 2:
        return ""
    return (
        f"ends steeply at about {cutoff_hz / 1000:.1f} kHz, though {facts.sample_rate} Hz could "
        "hold more"
    )


def _odd_rate(rate: int, rates: Counter[int]) -> str:
    usual, n_usual = min(rates.items(), key=lambda item: (-item[1], item[0]))
    is_common = any(rate % common == 0 for common in COMMON_SAMPLE_RATES)
    if rate != usual and not is_common and rates[rate] * TIMES_RARER <= n_usual:
        return f"has {rate} Hz; {counted(n_usual, 'file')} of {rates.total()} have {usual} Hz"
    if rate < LOW_SAMPLE_RATE:
        return f"has {rate} Hz: nothing above {rate / 2000:g} kHz is in it"
    return ""


def steep_cutoff_hz(mel: Features, config: MelConfig) -> float | None:
    """Find the frequency at which a sound was cut off, as resampling and low bit rates do.

    Parameters
    ----------
    mel : ndarray of shape (n_frames, n_mels), in dB
        A log-mel spectrogram.
    config : MelConfig
        Its settings.

    Returns
    -------
    float, in Hz, or None
        None where there is no such cutoff below the highest bands.
    """
    rows = np.linspace(0, len(mel) - 1, min(len(mel), _FRAMES_LOOKED_AT)).astype(np.int64)
    # the level that the loudest tenth of the time reaches, per band
    n_louder = len(rows) // 10 + 1
    level = np.partition(mel[rows].astype(np.float32), -n_louder, axis=0)[-n_louder]
    centres = band_centres_hz(config)
    edges = np.arange(np.searchsorted(centres, _LOWEST_CUTOFF_HZ), len(level) - _BANDS_ABOVE + 1)
    # A single tone ends steeply too: every one of the bands below must be loud.
    quietest = sliding_window_view(level, _BANDS_BELOW).min(axis=1)[edges - _BANDS_BELOW]
    loudest = np.maximum.accumulate(level[::-1])[::-1][edges + BANDS_BETWEEN]
    best = int((quietest - loudest).argmax())
    if quietest[best] - loudest[best] < STEEP_DROP_DB:
        return None
    half_way = (quietest[best] + loudest[best]) / 2
    return float(centres[np.flatnonzero(level >= half_way)[-1]])


def visible_cutoffs_hz(config: MelConfig) -> tuple[float, float]:
    """Compute between which frequencies `steep_cutoff_hz` can find a cutoff.

    Parameters
    ----------
    config : MelConfig
        The settings of the spectrogram.

    Returns
    -------
    lowest, highest : float, in Hz
    """
    return _LOWEST_CUTOFF_HZ, float(band_centres_hz(config)[-_BANDS_ABOVE])


@lru_cache(maxsize=8)
def band_centres_hz(config: MelConfig) -> NDArray[np.float64]:
    """Compute the middle of every mel band.

    Parameters
    ----------
    config : MelConfig
        The settings of the spectrogram.

    Returns
    -------
    ndarray of shape (n_mels,), in Hz, ascending
        Read-only.
    """
    bank = mel_filter_bank(config).astype(np.float64)
    bins = np.arange(len(bank)) * (config.sample_rate / config.n_fft)
    centres: NDArray[np.float64] = (bins @ bank) / bank.sum(axis=0)
    centres.flags.writeable = False
    return centres
