"""A sound as a small picture: loudest sample and log-mel bands, column by column.

For people who look at a track; nothing is learned from it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre.audio.mel import MelConfig

MAX_COLUMNS = 1000
# What the eye can tell apart on a screen of 8 bits.
RANGE_DB = 80.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A sound in columns of equal length.

    Parameters
    ----------
    seconds_per_column : float, in seconds
        The last column may reach beyond the end of the sound.
    peaks : ndarray of shape (n_columns,), uint8
        Largest magnitude of a sample, from 0 to full scale at 255.
    mel : ndarray of shape (n_mels, n_columns), uint8
        Mean level of a band, lowest band first, from `floor_db` at 0 to `ceiling_db` at 255.
    floor_db, ceiling_db : float, in dB
        What is black and what is white; `RANGE_DB` apart.
    """

    seconds_per_column: float
    peaks: NDArray[np.uint8]
    mel: NDArray[np.uint8]
    floor_db: float
    ceiling_db: float


class Peaks:
    """The largest magnitude in every hop of a sound that arrives in pieces.

    Parameters
    ----------
    hop_length : int, in samples
        Length of a hop.
    """

    def __init__(self, hop_length: int) -> None:
        self._hop_length = hop_length
        self._rest = np.empty(0, dtype=np.float32)
        self._found: list[NDArray[np.float32]] = []

    def push(self, samples: NDArray[np.float32]) -> None:
        """Add the next piece of the sound.

        Parameters
        ----------
        samples : ndarray of shape (n_samples,)
            Mono; of any length.
        """
        whole = np.concatenate([self._rest, np.abs(samples)])
        n_whole = len(whole) // self._hop_length * self._hop_length
        self._rest = whole[n_whole:]
        self._found.append(whole[:n_whole].reshape(-1, self._hop_length).max(axis=1))

    def all(self) -> NDArray[np.float32]:
        """Return what was found so far.

        Returns
        -------
        ndarray of shape (n_hops,)
            The last hop may be a part of one.
        """
        last = [self._rest.max(keepdims=True)] if len(self._rest) else []
        return np.concatenate([*self._found, *last])


def draw(mel: NDArray[np.floating], peaks: NDArray[np.float32], config: MelConfig) -> Picture:
    """Bring a spectrogram and its peaks into at most `MAX_COLUMNS` columns.

    Parameters
    ----------
    mel : ndarray of shape (n_frames, n_mels), in dB
        At least one frame.
    peaks : ndarray of shape (n_hops,)
        At least one; of the same sound.
    config : MelConfig
        What `mel` was made with.
    """
    # A sound that ends with a hop has one frame more than it has hops.
    n_hops = min(len(mel), len(peaks))
    n_per_column = math.ceil(n_hops / MAX_COLUMNS)
    starts = np.arange(0, n_hops, n_per_column)
    counts = np.diff(starts, append=n_hops)
    decibels = _decibels(mel[:n_hops].astype(np.float32), config)
    levels = np.add.reduceat(decibels, starts, axis=0) / counts[:, None]
    # Silence is to look like silence, whatever is loudest in it.
    ceiling = max(float(levels.max()), config.floor_db + RANGE_DB)
    floor = ceiling - RANGE_DB
    return Picture(
        seconds_per_column=n_per_column / config.frames_per_second,
        peaks=_bytes(np.maximum.reduceat(peaks[:n_hops], starts)),
        mel=_bytes((levels.T - floor) / RANGE_DB),
        floor_db=floor,
        ceiling_db=ceiling,
    )


def _decibels(mel: NDArray[np.float32], config: MelConfig) -> NDArray[np.float32]:
    if config.compression == "decibels":
        return mel
    power = (10.0 ** (mel * np.float32(config.log_divisor)) - 1.0) / np.float32(config.log_gain)
    return np.asarray(10.0 * np.log10(np.maximum(power, np.float32(config.power_floor))))


def _bytes(shares: NDArray[np.floating]) -> NDArray[np.uint8]:
    levels: NDArray[np.uint8] = np.round(np.clip(shares, 0.0, 1.0) * 255.0).astype(np.uint8)
    return levels
