"""Recognise a recording by its sound, whatever it was encoded with and however loud it is.

Two steps, both on the log-mel spectrogram. `find_landmarks` picks the moments where the sound
changes most and describes half a second around each by the low orders of a two-dimensional cosine
transform: the same moments are found, with nearly the same description, in any copy of the
recording. They say where two recordings could be laid over each other. `likeness` then lays them
there and compares the fine structure in time, in half-second pieces: what nine tenths of the pieces
reach is the similarity. So one shared passage, loop or drum kit is not enough, and silence, which
has no structure, is like nothing.

References: J. Haitsma and T. Kalker, "A highly robust audio fingerprinting system", ISMIR 2002
(differences along time and frequency survive coding); A. Wang, "An industrial-strength audio search
algorithm", ISMIR 2003 (landmarks and the histogram of their offsets).
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from genre.audio.mel import MelConfig, mel_filter_bank

# To be raised when landmarks of the same sound begin to differ: those kept on disk are left alone.
FINGERPRINT_VERSION = 1

# Of the cosine transform around a landmark: orders along time (without the constant, so that
# loudness and equalisation drop out) and along frequency.
TIME_ORDERS = 4
FREQUENCY_ORDERS = 8
N_COEFFICIENTS = TIME_ORDERS * FREQUENCY_ORDERS
LANDMARK = np.dtype([("frame", "<i4"), ("shape", "i1", (N_COEFFICIENTS,))])

Mel = NDArray[np.floating]
Floats = NDArray[np.float32]

_TOP_HZ = 7500.0  # encoders at low bit rates cut what is above
_N_GROUPS = 21  # of bands, for landmarks
_SILENCE_DB = -70.0
_LANDMARK_RANGE_DB = 60.0  # below the loudest frame within 0.3 s
_LIKENESS_RANGE_DB = 50.0  # below the loudest frames of a minute
_MIN_CHANGE_DB = 0.3  # mean over bands of what changes in 80 ms
_MIN_DETAIL_DB = 1.5  # a frame whose bands stray less from their neighbourhood tells nothing
_MIN_INFORMATIVE = 0.2  # of a piece, in frames that tell something, for it to count
_FEW_PEAKS = 24
_BLOCK_FRAMES = 4096  # of the spectrogram that are held as float32 at a time


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How alike two recordings are where they overlap.

    Parameters
    ----------
    similarity : float, in [-1, 1]
        Correlation of the fine structure that nine tenths of the half-second pieces reach; 0 where
        there is nothing to compare.
    informative_seconds : float
        How much of the overlap has structure in either recording.
    offset_seconds : float
        Time in the first recording less time in the second.
    """

    similarity: float
    informative_seconds: float
    offset_seconds: float


def find_landmarks(mel: Mel, config: MelConfig) -> NDArray[np.void]:
    """Find and describe the moments where a recording changes most.

    Parameters
    ----------
    mel : ndarray of shape (n_frames, n_mels), in dB
        Log-mel spectrogram.
    config : MelConfig
        How it was computed.

    Returns
    -------
    ndarray of shape (n_landmarks,), of dtype `LANDMARK`
        In order of time: about five a second, or up to fifty where the whole recording has few
        changes. ``shape`` is a vector of length 127, rounded. None in silence, in a steady tone and
        in less than half a second.
    """
    reach = _frames(0.24, config)
    bands = _grouped(mel, config)
    if len(bands) < 2 * reach + 1:
        return np.empty(0, dtype=LANDMARK)
    # what happens at the very ends counts too: a clip may hold one bark and then silence
    bands = np.pad(bands, ((reach, reach), (0, 0)), mode="edge")
    peak = maximum_filter1d(bands.max(axis=1), 2 * _frames(0.3, config) + 1)
    floor = np.maximum(peak - _LANDMARK_RANGE_DB, _SILENCE_DB)[:, None]  # (n_frames, 1)
    change = _change(bands, floor, step=_frames(0.04, config))
    is_moment = change > _MIN_CHANGE_DB
    is_moment[:reach] = is_moment[-reach:] = False
    is_peak = change == maximum_filter1d(change, 2 * _frames(0.06, config) + 1)
    moments = np.flatnonzero(is_moment & is_peak)
    # where there are few, a cut may leave none of them: all frames with some change are described
    if len(moments) < _FEW_PEAKS:
        moments = np.flatnonzero(is_moment)
    shapes = _shapes(bands, floor, moments, reach)
    length = np.linalg.norm(shapes, axis=1)
    moments, shapes, length = (part[length > 0] for part in (moments, shapes, length))
    landmarks = np.empty(len(moments), dtype=LANDMARK)
    landmarks["frame"] = moments - reach
    landmarks["shape"] = np.rint(shapes * (127 / length[:, None]))
    return landmarks


def likeness(first: Mel, second: Mel, offset_frames: int, config: MelConfig) -> Likeness:
    """Lay two recordings over each other and compare them.

    Parameters
    ----------
    first, second : ndarray of shape (n_frames, n_mels), in dB
        Log-mel spectrograms.
    offset_frames : int
        Frame of the first less frame of the second that are laid over each other. Places up to
        one frame away are tried too, in steps of half a frame.
    config : MelConfig
        How both were computed.

    Returns
    -------
    Likeness
        At the best place; of similarity 0 where the middle alone shows that they differ.
    """
    if _is_hopeless(first, second, offset_frames, config):
        return _nothing(offset_frames / config.frames_per_second)
    here = _laid(first, second, offset_frames, config)
    # One frame away, copies are still far more alike than that.
    if here.similarity < 0.3:
        return here
    around = ((-1, False), (0, True), (1, True), (1, False))
    places = [
        _laid(first, second, offset_frames + step, config, between_frames=half)
        for step, half in around
    ]
    return max((here, *places), key=lambda place: place.similarity)


def _frames(seconds: float, config: MelConfig) -> int:
    return max(1, round(seconds * config.frames_per_second))


@lru_cache(maxsize=8)
def _n_bands(config: MelConfig) -> int:
    bins = mel_filter_bank(config).argmax(axis=0)  # the middle of each band
    return max(1, int((bins * config.sample_rate < _TOP_HZ * config.n_fft).sum()))


def _grouped(mel: Mel, config: MelConfig) -> Floats:
    """Take means over neighbouring bands: (n_frames, n_groups)."""
    n_bands = _n_bands(config)
    edges = np.linspace(0, n_bands, min(_N_GROUPS, n_bands) + 1).astype(np.int64)
    grouped = np.empty((len(mel), len(edges) - 1), dtype=np.float32)
    for start in range(0, len(mel), _BLOCK_FRAMES):
        block = np.asarray(mel[start : start + _BLOCK_FRAMES, :n_bands], dtype=np.float32)
        sums = np.add.reduceat(block, edges[:-1], axis=1)
        grouped[start : start + _BLOCK_FRAMES] = sums / np.diff(edges)
    return grouped


def _change(bands: Floats, floor: Floats, step: int) -> Floats:
    """Measure how much the spectrum changes around each frame: (n_frames,), in dB."""
    change = np.zeros(len(bands), dtype=np.float32)
    here = floor[step:-step]
    later, earlier = np.maximum(bands[2 * step :], here), np.maximum(bands[: -2 * step], here)
    change[step:-step] = np.abs(later - earlier).mean(axis=1)
    smooth: Floats = uniform_filter1d(change, 3)
    return smooth


def _shapes(bands: Floats, floor: Floats, moments: NDArray[np.int64], reach: int) -> Floats:
    """Describe the surroundings of moments: (n_moments, N_COEFFICIENTS)."""
    along_time = _cosines(2 * reach + 1, np.arange(1, TIME_ORDERS + 1))
    along_frequency = _cosines(bands.shape[1], np.arange(FREQUENCY_ORDERS))
    shapes = np.zeros((len(moments), TIME_ORDERS, FREQUENCY_ORDERS), dtype=np.float32)
    for lag in range(2 * reach + 1):
        # one floor for all surroundings of a moment, so that it makes no steps of its own
        frame = np.maximum(bands[moments + (lag - reach)], floor[moments])
        shapes += along_time[lag][:, None] * (frame @ along_frequency)[:, None, :]
    return shapes.reshape(len(moments), N_COEFFICIENTS)


def _cosines(length: int, orders: NDArray[np.int64]) -> Floats:
    """Compute the basis of the cosine transform of type II: (length, n_orders)."""
    turn = np.pi * (np.arange(length)[:, None] + 0.5) / length
    return np.cos(turn * orders).astype(np.float32)


def _nothing(offset_seconds: float) -> Likeness:
    return Likeness(similarity=0.0, informative_seconds=0.0, offset_seconds=offset_seconds)


def _is_hopeless(first: Mel, second: Mel, offset: int, config: MelConfig) -> bool:
    """Look at five seconds in the middle, as most candidates are no copies."""
    length, start = _frames(5.0, config), max(0, offset)
    n_frames = min(len(first) - start, len(second) - (start - offset))
    if n_frames < 2 * length:
        return False
    row = start + (n_frames - length) // 2
    part, other = first[row : row + length], second[row - offset : row - offset + length]
    middle = _laid(part, other, 0, config)
    return middle.informative_seconds >= 1.0 and middle.similarity < 0.2


def _laid(
    first: Mel, second: Mel, offset: int, config: MelConfig, *, between_frames: bool = False
) -> Likeness:
    """Compare at one place; between frames, the second is taken half a frame later."""
    n_bands, piece = _n_bands(config), _frames(0.5, config)
    start = max(0, offset)
    n_frames = min(len(first) - start, len(second) - (start - offset)) - between_frames
    seconds = (offset - 0.5 * between_frames) / config.frames_per_second
    if n_frames < piece:
        return _nothing(seconds)
    correlations, n_informative = [], 0
    for edge, end in _spans(n_frames, max(1, n_frames // _BLOCK_FRAMES)):
        one = np.asarray(first[start + edge : start + end, :n_bands], dtype=np.float32)
        row = start - offset + edge
        rows = second[row : row + (end - edge) + between_frames, :n_bands]
        other = np.asarray(rows, dtype=np.float32)
        if between_frames:
            other = 0.5 * (other[1:] + other[:-1])
        values, informative = _pieces(_detail(one, config), _detail(other, config), piece)
        correlations.append(values)
        n_informative += informative
    values = np.concatenate(correlations)
    return Likeness(
        similarity=float(np.quantile(values, 0.1)) if len(values) else 0.0,
        informative_seconds=n_informative / config.frames_per_second,
        offset_seconds=seconds,
    )


def _spans(length: int, n_spans: int) -> list[tuple[int, int]]:
    edges: list[int] = np.linspace(0, length, n_spans + 1).astype(np.int64).tolist()
    return list(pairwise(edges))


def _detail(bands: Floats, config: MelConfig) -> Floats:
    """Keep what differs from the neighbourhood in time and from the other bands of the frame."""
    loud = np.sort(bands.max(axis=1))[-min(3, len(bands))]  # the third, as clicks come and go
    bands = np.maximum(bands, max(loud - _LIKENESS_RANGE_DB, _SILENCE_DB))
    size = min(2 * _frames(0.12, config) + 1, len(bands))
    detail = bands - uniform_filter1d(bands, size, axis=0)
    centred: Floats = detail - detail.mean(axis=1, keepdims=True)
    return centred


def _pieces(one: Floats, other: Floats, piece: int) -> tuple[Floats, int]:
    """Correlate piece by piece, and count the frames that tell something."""
    power = (one * one).mean(axis=1)
    other_power = (other * other).mean(axis=1)
    informative = np.maximum(power, other_power) > _MIN_DETAIL_DB**2
    starts = [start for start, _ in _spans(len(one), max(1, len(one) // piece))]
    energies = np.add.reduceat(power, starts) * np.add.reduceat(other_power, starts)
    products = np.add.reduceat((one * other).mean(axis=1), starts)
    counts = np.add.reduceat(informative.astype(np.int64), starts)
    correlation = (products / np.sqrt(energies + 1e-6)).astype(np.float32)
    return correlation[counts >= _MIN_INFORMATIVE * piece], int(informative.sum())
