"""The one way from a file to features: decoded, resampled and analysed in one stream.

Training and tagging both go through `extract`; only the spectrogram, never the waveform, is held
as a whole.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.audio.containers import Container
from genre.audio.decode import DecodeConfig, decode
from genre.audio.mel import MelConfig, MelStream
from genre.config import fingerprint
from genre.errors import ConfigError

# To be raised when the same settings begin to give other numbers: old caches are then left alone.
FEATURES_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class FrontEndConfig:
    """Everything between a file and its log-mel spectrogram.

    Parameters
    ----------
    decode : DecodeConfig
        Which sound is accepted and at what rate.
    mel : MelConfig
        The spectrogram; of the same sample rate.
    """

    decode: DecodeConfig = field(default_factory=DecodeConfig)
    mel: MelConfig = field(default_factory=MelConfig)

    def __post_init__(self) -> None:
        if self.decode.sample_rate != self.mel.sample_rate:
            raise ConfigError(
                f"decode.sample_rate={self.decode.sample_rate} must be the same as "
                f"mel.sample_rate={self.mel.sample_rate}"
            )

    @property
    def features_fingerprint(self) -> str:
        """Sixteen hexadecimal digits that name the features which these settings give.

        Limits on length and size are left out: they decide whether there are features, not which.
        """
        return fingerprint(_Features(mel=self.mel, version=FEATURES_VERSION))


@dataclass(frozen=True, kw_only=True)
class _Features:
    mel: MelConfig
    version: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Extracted:
    """The features of one file.

    Parameters
    ----------
    mel : ndarray of shape (n_frames, n_mels), float32, in dB
        Log-mel spectrogram.
    duration_seconds : float
        Length of the sound that was decoded.
    source_sample_rate : int, in Hz
        Of the file.
    n_channels : int
        Of the file.
    container : Container
        What the file is.
    flags : tuple of str
        What is odd about it: ``partial``, ``truncated``, ``silent``.
    """

    mel: NDArray[np.float32]
    duration_seconds: float
    source_sample_rate: int
    n_channels: int
    container: Container
    flags: tuple[str, ...]


def extract(path: Path, config: FrontEndConfig | None = None) -> Extracted:
    """Turn a sound file into its log-mel spectrogram.

    Parameters
    ----------
    path : Path
        The file.
    config : FrontEndConfig, optional
        The settings; the default ones if None.

    Raises
    ------
    AudioError
        As `genre.audio.decode.decode` and `Decoder.blocks`.
    """
    config = config or FrontEndConfig()
    decoder = decode(path, config.decode)
    stream = MelStream(config.mel)
    pieces = [stream.push(block) for block in decoder.resampled_blocks()]
    pieces.append(stream.finish())
    return Extracted(
        mel=np.concatenate(pieces),
        duration_seconds=decoder.duration_seconds,
        source_sample_rate=decoder.sample_rate,
        n_channels=decoder.n_channels,
        container=decoder.container,
        flags=decoder.flags,
    )
