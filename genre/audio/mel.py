"""Log-mel spectrograms, computed in aligned blocks so that a stream equals the whole.

Convention: centred frames over zero padding, periodic Hann window, power spectrum, triangular
filters on the Slaney scale with Slaney's norm (each filter has unit area), then
``10 log10(max(power, power_floor))``. Equal to ``torchaudio.transforms.MelSpectrogram`` and
``librosa.feature.melspectrogram`` with the same settings, those of pre-trained networks too.

References: M. Slaney, "Auditory Toolbox", Interval Research technical report 1998-010 (1998);
S. Young et al., "The HTK Book" (2006), equation 5.13.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from genre.audio.mel_scale import to_hz, to_mel
from genre.config import check_choices, later
from genre.errors import ConfigError, GenreError

BLOCK_FRAMES = 128


@dataclass(frozen=True, kw_only=True)
class MelConfig:
    """How a waveform becomes a log-mel spectrogram; "in dB" means as `compression` has it.

    Parameters
    ----------
    sample_rate : int, in Hz
        Rate of the waveform.
    n_fft : int, in samples, even
        Length of a frame and of its Fourier transform.
    hop_length : int, in samples
        Distance between the centres of two frames.
    n_mels : int
        Number of mel bands.
    f_min : float, in Hz
        Lower edge of the lowest band.
    f_max : float, in Hz, at most half the sample rate
        Upper edge of the highest band.
    power_floor : float
        Power that replaces anything smaller before the logarithm of decibels.
    mel_scale : slaney or htk
        Where the bands lie.
    filter_norm : slaney, sum or none
        What the weights of a band are divided by: half its width in Hz, their own sum, or nothing.
    compression : decibels or log10
        The second is ``log10(1 + log_gain * power) / log_divisor``.
    log_gain : float
        Read with log10 alone.
    log_divisor : float
        Read with log10 alone.
    normalise_peak : bool
        Whether the largest magnitude of the waveform, of the whole track, is brought to 1.
    """

    sample_rate: int = 22050
    n_fft: int = 2048
    hop_length: int = 441
    n_mels: int = 96
    f_min: float = 0.0
    f_max: float = 11025.0
    power_floor: float = 1e-8
    mel_scale: Literal["slaney", "htk"] = later("slaney")
    filter_norm: Literal["slaney", "sum", "none"] = later("slaney")
    compression: Literal["decibels", "log10"] = later("decibels")
    log_gain: float = later(1e4)
    log_divisor: float = later(1.0)
    normalise_peak: bool = later(False)

    def __post_init__(self) -> None:
        if self.sample_rate < 1:
            raise ConfigError(f"sample_rate={self.sample_rate} must be at least 1 Hz")
        if self.n_fft < 2 or self.n_fft % 2:
            raise ConfigError(f"n_fft={self.n_fft} must be an even number of samples, at least 2")
        if not 1 <= self.hop_length <= self.n_fft:
            raise ConfigError(
                f"hop_length={self.hop_length} must be between 1 and n_fft={self.n_fft} samples"
            )
        if self.n_mels < 1:
            raise ConfigError(f"n_mels={self.n_mels} must be at least 1")
        if not 0 <= self.f_min < self.f_max:
            raise ConfigError(f"f_min={self.f_min} must be at least 0 and below f_max={self.f_max}")
        if not self.f_max <= self.sample_rate / 2:
            raise ConfigError(
                f"f_max={self.f_max} must be at most half of sample_rate={self.sample_rate}"
            )
        for name in ("power_floor", "log_gain", "log_divisor"):
            if not 0 < (value := getattr(self, name)) < math.inf:
                raise ConfigError(f"{name}={value} must be a number above 0")
        check_choices(self)

    @property
    def floor_db(self) -> float:
        """What `power_floor` is in decibels."""
        return 10.0 * math.log10(self.power_floor)

    @property
    def silence(self) -> float:
        """The value of a band in which nothing sounds."""
        return self.floor_db if self.compression == "decibels" else 0.0

    @property
    def frames_per_second(self) -> float:
        """Number of frames in a second of sound."""
        return self.sample_rate / self.hop_length


@lru_cache(maxsize=8)
def mel_filter_bank(config: MelConfig) -> NDArray[np.float32]:
    """Build the triangular filters of the mel bands.

    Returns
    -------
    ndarray of shape (n_fft // 2 + 1, n_mels), read-only
        Weights that turn a power spectrum into mel bands by a matrix product.

    Raises
    ------
    ConfigError
        Where bands are so narrow that one of them holds no frequency bin.
    """
    bins = np.arange(config.n_fft // 2 + 1) * (config.sample_rate / config.n_fft)
    low, high = (to_mel(edge, config.mel_scale) for edge in (config.f_min, config.f_max))
    edges = to_hz(np.linspace(low, high, config.n_mels + 2), config.mel_scale)
    width = np.diff(edges)
    offset = bins[:, None] - edges[None, :]  # (n_bins, n_mels + 2)
    rising = offset[:, :-2] / width[:-1]
    falling = -offset[:, 2:] / width[1:]
    weights = np.maximum(0.0, np.minimum(rising, falling))
    if not weights.any(axis=0).all():
        raise ConfigError(
            f"n_mels={config.n_mels} must leave a frequency bin to every band: "
            f"use fewer bands or a larger n_fft={config.n_fft}"
        )
    if config.filter_norm == "slaney":
        weights *= 2.0 / (edges[2:] - edges[:-2])
    elif config.filter_norm == "sum":
        weights /= weights.sum(axis=0)
    bank = weights.astype(np.float32)
    bank.flags.writeable = False
    return bank


class MelStream:
    """Turn a waveform that arrives in pieces into a log-mel spectrogram.

    Frames are computed in blocks of `BLOCK_FRAMES` counted from the start of the sound, however
    the input was cut: rounding may depend on the shape of what is computed together, so aligned
    blocks make the result bit-equal for every split. Where the peak is to be normalised, power is
    kept until the end, when the peak is known: 4 bytes for each of a track's numbers.

    Parameters
    ----------
    config : MelConfig
        The settings.
    """

    def __init__(self, config: MelConfig) -> None:
        # Who needs the settings alone does not wait for these.
        from scipy.fft import rfft
        from scipy.sparse import csr_array

        self.config = config
        self._transform = rfft
        # Sparse, as 98 % of the weights are zero. It is also summed in one order, whereas a dense
        # product rounds differently with the number of threads, so workers would disagree.
        self._filters = csr_array(mel_filter_bank(config).T)
        turn = np.arange(config.n_fft) * (2.0 * math.pi / config.n_fft)
        self._window = (0.5 - 0.5 * np.cos(turn)).astype(np.float32)
        # Held for the life of the stream: to take and give back a megabyte for every block costs
        # more time than the transform.
        self._framed = np.empty((BLOCK_FRAMES, config.n_fft), dtype=np.float32)
        self._power = np.empty((config.n_fft // 2 + 1, BLOCK_FRAMES), dtype=np.float32)
        # half a frame of zeros, so that frame i is centred on sample i * hop_length
        self._buffer = np.zeros(config.n_fft // 2, dtype=np.float32)
        self._n_samples = 0
        self._n_frames = 0
        self._peak = 0.0
        self._kept: list[NDArray[np.float32]] = []

    def push(self, samples: ArrayLike) -> NDArray[np.float32]:
        """Add the next piece of the waveform.

        Parameters
        ----------
        samples : array of floats of shape (n_samples,)
            Mono, at the configured sample rate.

        Returns
        -------
        ndarray of shape (n_ready, n_mels), in dB
            The frames of every block that is now complete; often none.
        """
        piece = np.asarray(samples)
        if piece.ndim != 1 or piece.dtype.kind != "f":
            raise GenreError(
                f"samples={piece.dtype} of shape {piece.shape} must be floats of shape (n_samples,)"
            )
        self._n_samples += piece.shape[0]
        self._buffer = np.concatenate([self._buffer, piece.astype(np.float32, copy=False)])
        blocks = self._whole_blocks()
        if self.config.normalise_peak:
            self._peak = max(self._peak, float(np.abs(piece).max(initial=0.0)))
            self._kept += blocks
            blocks = []
        return self._joined(map(self._compressed, blocks))

    def finish(self) -> NDArray[np.float32]:
        """End the sound.

        Returns
        -------
        ndarray of shape (n_last, n_mels), in dB
            The remaining frames: with those of `push` they are 1 + n_samples // hop_length.
        """
        return self._joined(self.last_blocks())

    def last_blocks(self) -> Iterator[NDArray[np.float32]]:
        """End the sound as `finish`, but yield the remaining frames in pieces."""
        padding = np.zeros(self.config.n_fft // 2, dtype=np.float32)
        self._buffer = np.concatenate([self._buffer, padding])
        self._kept += self._whole_blocks()
        n_left = 1 + self._n_samples // self.config.hop_length - self._n_frames
        self._n_frames += n_left
        if n_left:
            self._kept.append(self._powers(0, n_left))
        # A sound of zeros stays what it is.
        factor = np.float32(1.0 / self._peak**2) if self._peak else None
        for number, block in enumerate(self._kept):
            self._kept[number] = block[:, :0]
            if factor is not None:
                np.multiply(block, factor, out=block)
            yield self._compressed(block)

    def _joined(self, blocks: Iterable[NDArray[np.float32]]) -> NDArray[np.float32]:
        return np.concatenate([np.empty((0, self.config.n_mels), dtype=np.float32), *blocks])

    def _whole_blocks(self) -> list[NDArray[np.float32]]:
        hop = self.config.hop_length
        needed = (BLOCK_FRAMES - 1) * hop + self.config.n_fft
        blocks = []
        start = 0
        while self._buffer.shape[0] - start >= needed:
            blocks.append(self._powers(start, BLOCK_FRAMES))
            start += BLOCK_FRAMES * hop
            self._n_frames += BLOCK_FRAMES
        self._buffer = self._buffer[start:]
        return blocks

    def _powers(self, start: int, n_frames: int) -> NDArray[np.float32]:
        """Compute the bands of some frames, of shape (n_mels, n_frames)."""
        hop, n_fft = self.config.hop_length, self.config.n_fft
        span = self._buffer[start : start + (n_frames - 1) * hop + n_fft]
        framed, power = self._framed[:n_frames], self._power[:, :n_frames]
        np.multiply(sliding_window_view(span, n_fft)[::hop], self._window, out=framed)
        parts = self._transform(framed, axis=1).view(np.float32)  # real and imaginary in turn
        np.multiply(parts, parts, out=parts)
        np.add(parts[:, 0::2].T, parts[:, 1::2].T, out=power)
        bands: NDArray[np.float32] = self._filters @ power
        return bands

    def _compressed(self, bands: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the logarithm of bands, in their place, and lay them as (n_frames, n_mels)."""
        config = self.config
        if config.compression == "log10":
            np.multiply(bands, np.float32(config.log_gain), out=bands)
            np.log10(np.add(bands, np.float32(1.0), out=bands), out=bands)
            np.divide(bands, np.float32(config.log_divisor), out=bands)
        else:
            np.maximum(bands, np.float32(config.power_floor), out=bands)
            np.multiply(np.log10(bands, out=bands), np.float32(10.0), out=bands)
            # once more, because the logarithm of the floor is rounded
            np.maximum(bands, np.float32(config.floor_db), out=bands)
        return np.ascontiguousarray(bands.T)


def log_mel(samples: ArrayLike, config: MelConfig | None = None) -> NDArray[np.float32]:
    """Compute the log-mel spectrogram of a whole waveform.

    Parameters
    ----------
    samples : array of floats of shape (n_samples,)
        Mono, at the configured sample rate.
    config : MelConfig, optional
        The settings; the default ones if None.

    Returns
    -------
    ndarray of shape (1 + n_samples // hop_length, n_mels), in dB, at least `floor_db`
        One row per frame.
    """
    stream = MelStream(config or MelConfig())
    return np.concatenate([stream.push(samples), stream.finish()])
