"""The one way from a file to features: decoded, resampled and analysed in one stream.

Training and tagging both go through `extract`; only the spectrogram, never the waveform, is held
as a whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genre.audio.decode import DecodeConfig, Decoder, open_audio
from genre.audio.mel import MelConfig, MelStream
from genre.audio.sound import SoundFacts
from genre.config import fingerprint
from genre.errors import ConfigError

if TYPE_CHECKING:
    from genre.audio.rows import RowFrontEnd

# To be raised when the same settings begin to give other numbers: old caches are then left alone.
FEATURES_VERSION = 2

# float16 holds decibels to within 0.03 dB and halves the store.
Features = NDArray[np.float16]
OnSamples = Callable[[NDArray[np.float32]], object]


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

    @property
    def drawn(self) -> "FrontEndConfig":
        """What a track is drawn through, for people: the same."""
        return self

    @property
    def grain(self) -> MelConfig:
        """What sound is cut into: the frames of the spectrogram."""
        return self.mel

    @property
    def n_columns(self) -> int:
        """Numbers of a row of features: the mel bands."""
        return self.mel.n_mels

    @property
    def dtype(self) -> np.dtype[np.float16]:
        """What features are kept as."""
        return np.dtype(np.float16)

    @property
    def max_bytes(self) -> int:
        """The largest sound file that is read, in bytes."""
        return self.decode.max_bytes

    def open(self, path: Path) -> "FeatureStream":
        """Open a sound file whose features are wanted piece by piece, as `open_features`.

        Parameters
        ----------
        path : Path
            The file.
        """
        return open_features(path, self)


@dataclass(frozen=True, kw_only=True)
class _Features:
    mel: MelConfig
    version: int


class FeatureStream:
    """A sound file on its way to features; made by `open_features`, to be read once.

    Parameters
    ----------
    decoder : Decoder
        The file, open.
    config : FrontEndConfig
        The settings.
    """

    def __init__(self, decoder: Decoder, config: FrontEndConfig) -> None:
        self._decoder = decoder
        self._config = config

    @property
    def facts(self) -> SoundFacts:
        """What was learned of the file; complete when all blocks have been read."""
        return self._decoder.facts

    def blocks(self, *, on_samples: OnSamples | None = None) -> Iterator[Features]:
        """Decode, resample and analyse the file; only a second or two of it is held at a time.

        With `MelConfig.normalise_peak`, its power spectrogram is held until the end.

        Parameters
        ----------
        on_samples : callable, optional
            Given each block of the waveform, mono at the configured rate, as it passes by.

        Yields
        ------
        ndarray of shape (n_frames, n_mels), float16, in dB
            The next frames of the log-mel spectrogram; never none.

        Raises
        ------
        AudioError
            As `Decoder.blocks`.
        """
        stream = MelStream(self._config.mel)
        for samples in self._decoder.resampled_blocks():
            if on_samples is not None:
                on_samples(samples)
            if len(frames := stream.push(samples)):
                yield frames.astype(np.float16)
        for frames in stream.last_blocks():
            yield frames.astype(np.float16)


@dataclass(frozen=True, kw_only=True, eq=False)
class Extracted:
    """The features of one file.

    Parameters
    ----------
    mel : ndarray of shape (n_frames, n_mels), float16, in dB
        Log-mel spectrogram, as the feature cache holds it; of a `genre.audio.rows.RowFrontEnd`, its
        rows, of shape (n_windows, n_columns).
    facts : SoundFacts
        What decoding told about the file.
    """

    mel: NDArray[np.floating]
    facts: SoundFacts


def open_features(path: Path, config: FrontEndConfig | None = None) -> FeatureStream:
    """Open a sound file whose features are wanted piece by piece.

    Parameters
    ----------
    path : Path
        The file.
    config : FrontEndConfig, optional
        The settings; the default ones if None.

    Raises
    ------
    AudioError
        As `genre.audio.decode.open_audio`.
    """
    config = config or FrontEndConfig()
    return FeatureStream(open_audio(path, config.decode), config)


def extract(path: Path, config: "FrontEndConfig | RowFrontEnd | None" = None) -> Extracted:
    """Turn a sound file into what a network hears of it: its log-mel spectrogram, as a rule.

    Parameters
    ----------
    path : Path
        The file.
    config : FrontEndConfig or RowFrontEnd, optional
        The settings; the default ones if None.

    Raises
    ------
    AudioError
        As `genre.audio.decode.open_audio` and `Decoder.blocks`.
    """
    stream = (config or FrontEndConfig()).open(path)
    return Extracted(mel=np.concatenate(list(stream.blocks())), facts=stream.facts)
