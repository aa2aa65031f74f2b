"""Pictures of the page as plain numbers and small PNGs: spectrograms and the histogram."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

import numpy as np
from matplotlib.image import imsave

from genre.audio.frontend import Features
from genre.audio.mel import MelConfig
from genre.dataset.doctor.examination import Examination, ExaminedFile
from genre.dataset.doctor.sound import band_centres_hz

SUSPICIOUS = ("silent", "partial", "truncated", "low_pass", "clipped", "short")

_WIDTH_PIXELS = 240
_FRAMES_PER_PIXEL = 4
# One scale for all, so that the pictures can be compared; music lies between, on any master.
_CEILING_DB = 30.0
_TICKS_KHZ = (0.5, 1, 2, 4, 8)
_N_TIME_TICKS = 4
_CLOCK_FROM_SECONDS = 120.0

# Widths of bars that a person can read, in seconds.
_NICE_SECONDS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_MAX_BARS = 24


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A mark on an axis.

    Parameters
    ----------
    place : float, in [0, 1]
        From the left or from the bottom.
    label : str
        What stands beside it.
    """

    place: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    """The spectrogram of one file.

    Parameters
    ----------
    file : ExaminedFile
        The file.
    png : str
        Base64.
    times, frequencies : tuple of Tick
        Of the axes; frequencies in kHz.
    time_unit : str
        What the times are in.
    """

    file: ExaminedFile
    png: str
    times: tuple[Tick, ...]
    frequencies: tuple[Tick, ...]
    time_unit: str


def suspicious(examination: Examination, *, limit: int) -> list[ExaminedFile]:
    """Choose files to draw: of every kind of oddity in turn, each recording once.

    Parameters
    ----------
    examination : Examination
        What was found in the folder.
    limit : int
        The most files.
    """
    columns = [examination.by_finding.get(kind, []) for kind in SUSPICIOUS]
    in_turn = (file for row in zip_longest(*columns) for file in row if file is not None)
    by_content: dict[str, ExaminedFile] = {}
    for file in in_turn:
        by_content.setdefault(file.sha256, file)
    return list(by_content.values())[:limit]


def thumbnail(file: ExaminedFile, mel: Features, config: MelConfig) -> Thumbnail:
    """Draw a spectrogram small.

    Parameters
    ----------
    file : ExaminedFile
        The file.
    mel : ndarray of shape (n_frames, n_mels), in dB
        Its log-mel spectrogram.
    config : MelConfig
        What made it.
    """
    n_columns = min(_WIDTH_PIXELS, len(mel))
    # a few frames of each column stand for it, so that hours are not read for a thumbnail
    rows = np.linspace(0, len(mel) - 1, n_columns * _FRAMES_PER_PIXEL).astype(np.int64)
    few = mel[rows].astype(np.float32).reshape(n_columns, _FRAMES_PER_PIXEL, -1).mean(axis=1)
    png = io.BytesIO()
    imsave(
        png,
        few.T,
        vmin=config.floor_db,
        vmax=_CEILING_DB,
        cmap="magma",
        origin="lower",
        format="png",
    )
    seconds = len(mel) / config.frames_per_second
    times = np.arange(_N_TIME_TICKS + 1) / _N_TIME_TICKS
    return Thumbnail(
        file=file,
        png=base64.b64encode(png.getvalue()).decode("ascii"),
        times=tuple(
            Tick(place=float(place), label=_clock(place * seconds, seconds)) for place in times
        ),
        frequencies=_frequency_ticks(config),
        time_unit="min:s" if seconds >= _CLOCK_FROM_SECONDS else "s",
    )


def _frequency_ticks(config: MelConfig) -> tuple[Tick, ...]:
    centres = band_centres_hz(config)
    bands = np.interp([1000 * kilohertz for kilohertz in _TICKS_KHZ], centres, range(len(centres)))
    return tuple(
        Tick(place=float((band + 0.5) / len(centres)), label=f"{kilohertz:g}")
        for band, kilohertz in zip(bands, _TICKS_KHZ, strict=True)
    )


def _clock(seconds: float, longest: float) -> str:
    if longest >= _CLOCK_FROM_SECONDS:
        return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
    return f"{seconds:.0f}" if longest >= 8 else f"{seconds:.1f}"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of the histogram of durations.

    Parameters
    ----------
    label : str
        Which durations it counts.
    start : str
        Where it begins.
    number : int
        How many tracks.
    height : float, in [0, 1]
        Against the highest bar.
    """

    label: str
    start: str
    number: int
    height: float


@dataclass(frozen=True, kw_only=True)
class Histogram:
    """How long the tracks are.

    Parameters
    ----------
    bars : tuple of Bar
        At most 25, from the first to the last that counts anything; the last one may also count
        what is much longer.
    unit : str
        ``s`` or ``min``.
    """

    bars: tuple[Bar, ...]
    unit: str


def duration_histogram(seconds: Sequence[float]) -> Histogram | None:
    """Count tracks per duration, in bars of one width that a person can read.

    Parameters
    ----------
    seconds : sequence of float
        Durations.

    Returns
    -------
    Histogram or None
        None where there are no tracks.
    """
    if not seconds:
        return None
    usual = float(np.quantile(seconds, 0.98))
    width = next((nice for nice in _NICE_SECONDS if nice * _MAX_BARS > usual), _NICE_SECONDS[-1])
    # a little more than the quotient: 0.3 s belongs to the bar that begins at 3 times 0.1 s
    places = (np.array(seconds) / width + 1e-9).astype(np.int64)
    n_bars = int(places.max()) + 1
    if n_bars > _MAX_BARS:
        n_bars = min(int(usual / width) + 1, _MAX_BARS)
    counts = np.bincount(np.minimum(places, n_bars), minlength=n_bars + 1)
    scale, unit = (60, "min") if width >= 60 else (1, "s")
    starts = [f"{index * width / scale:g}" for index in range(n_bars + 1)]
    labels = [f"{start} to {end} {unit}" for start, end in pairwise(starts)]
    # what lies far beyond the usual has one bar, which is open to the right
    labels.append(f"{starts[-1]} {unit} and more")
    starts[-1] += "+"
    bars = [
        Bar(label=label, start=start, number=int(number), height=float(number / counts.max()))
        for label, start, number in zip(labels, starts, counts, strict=True)
    ]
    filled = np.flatnonzero(counts)
    return Histogram(bars=tuple(bars[filled[0] : filled[-1] + 1]), unit=unit)
