"""Log-mel spectrograms, computed in aligned blocks so that a stream equals the whole.

Convention: centred frames over zero padding, periodic Hann window, power spectrum, triangular
filters on the Slaney scale with Slaney's norm (each filter has unit area), then
``10 log10(max(power, power_floor))``. Equal to ``torchaudio.transforms.MelSpectrogram`` and
``librosa.feature.melspectrogram`` with the same settings.

References: M. Slaney, "Auditory Toolbox", Interval Research technical report 1998-010 (1998).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from genre.errors import ConfigError, GenreError

BLOCK_FRAMES = 128

# Slaney's scale: 3 mel per 200 Hz up to 1 kHz, then 27 mel per factor of 6.4.
_HZ_PER_MEL = 200.0 / 3.0
_LOG_START_HZ = 1000.0
_LOG_START_MEL = _LOG_START_HZ / _HZ_PER_MEL
_LOG_STEP = math.log(6.4) / 27.0


@dataclass(frozen=True, kw_only=True)
class MelConfig:
    """How a waveform becomes a log-mel spectrogram.

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
        Power that replaces anything smaller before the logarithm.
    """

    sample_rate: int = 22050
    n_fft: int = 2048
    hop_length: int = 441
    n_mels: int = 96
    f_min: float = 0.0
    f_max: float = 11025.0
    power_floor: float = 1e-8

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
        if not 0 < self.power_floor < math.inf:
            raise ConfigError(f"power_floor={self.power_floor} must be a number above 0")

    @property
    def floor_db(self) -> float:
        """The level of silence: what `power_floor` is in decibels."""
        return 10.0 * math.log10(self.power_floor)

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
    low, high = _hz_to_mel(config.f_min), _hz_to_mel(config.f_max)
    edges = _mel_to_hz(np.linspace(low, high, config.n_mels + 2))
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
    weights *= 2.0 / (edges[2:] - edges[:-2])
    bank = weights.astype(np.float32)
    bank.flags.writeable = False
    return bank


class MelStream:
    """Turn a waveform that arrives in pieces into a log-mel spectrogram.

    Frames are computed in blocks of `BLOCK_FRAMES` counted from the start of the sound, however
    the input was cut: rounding may depend on the shape of what is computed together, so aligned
    blocks make the result bit-equal for every split.

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
        return self._whole_blocks()

    def finish(self) -> NDArray[np.float32]:
        """End the sound.

        Returns
        -------
        ndarray of shape (n_last, n_mels), in dB
            The remaining frames: with those of `push` they are 1 + n_samples // hop_length.
        """
        padding = np.zeros(self.config.n_fft // 2, dtype=np.float32)
        self._buffer = np.concatenate([self._buffer, padding])
        whole = self._whole_blocks()
        n_left = 1 + self._n_samples // self.config.hop_length - self._n_frames
        self._n_frames += n_left
        return np.concatenate([whole, self._frames(0, n_left)]) if n_left else whole

    def _whole_blocks(self) -> NDArray[np.float32]:
        hop = self.config.hop_length
        needed = (BLOCK_FRAMES - 1) * hop + self.config.n_fft
        blocks = [np.empty((0, self.config.n_mels), dtype=np.float32)]
        start = 0
        while self._buffer.shape[0] - start >= needed:
            blocks.append(self._frames(start, BLOCK_FRAMES))
            start += BLOCK_FRAMES * hop
            self._n_frames += BLOCK_FRAMES
        self._buffer = self._buffer[start:]
        return np.concatenate(blocks)

    def _frames(self, start: int, n_frames: int) -> NDArray[np.float32]:
        hop, n_fft = self.config.hop_length, self.config.n_fft
        span = self._buffer[start : start + (n_frames - 1) * hop + n_fft]
        framed, power = self._framed[:n_frames], self._power[:, :n_frames]
        np.multiply(sliding_window_view(span, n_fft)[::hop], self._window, out=framed)
        parts = self._transform(framed, axis=1).view(np.float32)  # real and imaginary in turn
        np.multiply(parts, parts, out=parts)
        np.add(parts[:, 0::2].T, parts[:, 1::2].T, out=power)
        bands = self._filters @ power  # (n_mels, n_frames)
        np.maximum(bands, np.float32(self.config.power_floor), out=bands)
        np.multiply(np.log10(bands, out=bands), np.float32(10.0), out=bands)
        # once more, because the logarithm of the floor is rounded
        np.maximum(bands, np.float32(self.config.floor_db), out=bands)
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


def _hz_to_mel(frequency: float) -> float:
    if frequency < _LOG_START_HZ:
        return frequency / _HZ_PER_MEL
    return _LOG_START_MEL + math.log(frequency / _LOG_START_HZ) / _LOG_STEP


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    logarithmic = _LOG_START_HZ * np.exp(_LOG_STEP * (mel - _LOG_START_MEL))
    return np.where(mel < _LOG_START_MEL, mel * _HZ_PER_MEL, logarithmic)
