"""Features that are whole windows: for networks that hear a waveform, or several that hear as one.

A row is one window of a track, and holds what each of its parts wants of it: bands by frames, one
band after the other, or samples. All parts of a row are of the same stretch of time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.audio.decode import open_audio
from genre.audio.decoder import DecodeConfig
from genre.audio.frontend import FEATURES_VERSION, FeatureStream, FrontEndConfig
from genre.audio.mel import MelConfig
from genre.audio.sound import SoundFacts
from genre.audio.windows import WindowConfig, pad_to_window, to_frames, window_starts
from genre.config import fingerprint
from genre.errors import ConfigError

_MAX_COLUMNS = 2_000_000


@dataclass(frozen=True, kw_only=True)
class RowPart:
    """What one network hears of a window.

    Parameters
    ----------
    sample_rate : int, in Hz
        Of the waveform.
    mel : MelConfig or None
        Its spectrogram, of the same sample rate; None is the waveform itself, mono, nominally in
        [-1, 1].
    """

    sample_rate: int
    mel: MelConfig | None = None

    def __post_init__(self) -> None:
        if self.sample_rate < 1:
            raise ConfigError(f"sample_rate={self.sample_rate} must be at least 1 Hz")
        if self.mel is not None and self.mel.sample_rate != self.sample_rate:
            raise ConfigError(
                f"sample_rate={self.sample_rate} must be the same as "
                f"mel.sample_rate={self.mel.sample_rate}"
            )

    @property
    def n_mels(self) -> int:
        """Numbers of a frame: one where a frame is a sample."""
        return self.mel.n_mels if self.mel else 1

    @property
    def frames_per_second(self) -> float:
        """Number of frames, or samples, in a second of sound."""
        return self.mel.frames_per_second if self.mel else float(self.sample_rate)

    @property
    def silence(self) -> float:
        """The value where nothing sounds."""
        return self.mel.silence if self.mel else 0.0


@dataclass(frozen=True, kw_only=True)
class RowGrid:
    """Rows as if they were the frames of a spectrogram, a window each.

    Parameters
    ----------
    n_mels : int
        Numbers of a row.
    frames_per_second : float
        Rows that begin in a second of sound.
    silence : float
        What would fill a row that is absent; none ever is.
    """

    n_mels: int
    frames_per_second: float
    silence: float = 0.0


@dataclass(frozen=True, kw_only=True)
class RowFrontEnd:
    """Everything between a file and its rows; in place of a `FrontEndConfig`.

    Parameters
    ----------
    decode : DecodeConfig
        Which sound is accepted; its rate is that of the first part.
    parts : tuple of RowPart
        What a row holds, in order; at least one.
    windows : WindowConfig
        Where the rows of a track lie, to the frame of the first part.
    """

    decode: DecodeConfig = field(default_factory=DecodeConfig)
    parts: tuple[RowPart, ...]
    windows: WindowConfig = field(default_factory=WindowConfig)

    def __post_init__(self) -> None:
        if not self.parts:
            raise ConfigError("parts must have at least one")
        if self.decode.sample_rate != self.parts[0].sample_rate:
            raise ConfigError(
                f"decode.sample_rate={self.decode.sample_rate} must be the same as "
                f"parts[0].sample_rate={self.parts[0].sample_rate}"
            )
        if self.n_columns > _MAX_COLUMNS:
            raise ConfigError(
                f"window_seconds={self.windows.window_seconds} must leave at most "
                f"{_MAX_COLUMNS:,} numbers to a row; it has {self.n_columns:,}"
            )

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Bands and frames of each part of a row."""
        seconds = self.windows.window_seconds
        return tuple((part.n_mels, to_frames(seconds, part)) for part in self.parts)

    @property
    def grain(self) -> "RowPart":
        """What sound is cut into before it becomes rows: the frames or samples of the first."""
        return self.parts[0]

    @property
    def n_columns(self) -> int:
        """Numbers of a row."""
        return sum(n_mels * n_frames for n_mels, n_frames in self.shapes)

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """What rows are kept as: a waveform is finer than a spectrogram."""
        return np.dtype(np.float16 if all(part.mel for part in self.parts) else np.float32)

    @property
    def mel(self) -> RowGrid:
        """Rows as frames, for what counts a track's features."""
        return RowGrid(n_mels=self.n_columns, frames_per_second=1 / self.windows.step_seconds)

    @property
    def one_by_one(self) -> WindowConfig:
        """Windows of a row each, for what cuts a track's features."""
        step = self.windows.step_seconds
        return WindowConfig(window_seconds=step, step_seconds=step, min_tail_seconds=step)

    @property
    def drawn(self) -> FrontEndConfig:
        """What a track is drawn through, for people: its first spectrogram, or the usual one."""
        first = next((part.mel for part in self.parts if part.mel), MelConfig())
        decode = replace(self.decode, sample_rate=first.sample_rate)
        return FrontEndConfig(decode=decode, mel=first)

    @property
    def features_fingerprint(self) -> str:
        """Sixteen hexadecimal digits, as `FrontEndConfig.features_fingerprint`."""
        return fingerprint(_Rows(parts=self.parts, windows=self.windows, version=FEATURES_VERSION))

    @property
    def max_bytes(self) -> int:
        """The largest sound file that is read, in bytes."""
        return self.decode.max_bytes

    def open(self, path: Path) -> "RowStream":
        """Open a sound file.

        Parameters
        ----------
        path : Path
            The file.

        Raises
        ------
        AudioError
            As `genre.audio.decode.open_audio`.
        """
        return RowStream(path, self)


FrontEnd = FrontEndConfig | RowFrontEnd
"""Frames of a spectrogram, which windows are cut from, or whole windows."""


@dataclass(frozen=True, kw_only=True)
class _Rows:
    parts: tuple[RowPart, ...]
    windows: WindowConfig
    version: int


class RowStream:
    """A sound file on its way to rows, to be read once.

    It is decoded once for each part, so that a part hears what it would hear alone.

    Parameters
    ----------
    path : Path
        The file.
    config : RowFrontEnd
        The settings.

    Raises
    ------
    AudioError
        As `genre.audio.decode.open_audio`.
    """

    def __init__(self, path: Path, config: RowFrontEnd) -> None:
        self._path, self._config = path, config
        self._first = open_audio(path, config.decode)

    @property
    def facts(self) -> SoundFacts:
        """What was learned of the file; complete when all blocks have been read."""
        return self._first.facts

    def blocks(self) -> Iterator[NDArray[np.floating]]:
        """Decode and analyse the file, which is held as a whole, and cut it into rows.

        Yields
        ------
        ndarray of shape (n_windows, n_columns)
            All rows of the file.

        Raises
        ------
        AudioError
            As `Decoder.blocks`.
        """
        config = self._config
        heard = [self._heard(number) for number in range(len(config.parts))]
        first = config.parts[0]
        starts = window_starts(len(heard[0]), config.windows, first) / first.frames_per_second
        rows = np.empty((len(starts), config.n_columns), dtype=config.dtype)
        column = 0
        for part, frames, (n_mels, n_frames) in zip(
            config.parts, heard, config.shapes, strict=True
        ):
            padded = pad_to_window(frames, config.windows, part)
            wanted = np.rint(starts * part.frames_per_second).astype(np.int64)
            width = n_mels * n_frames
            # Lengths in frames are rounded, part by part.
            for row, start in zip(rows, np.minimum(wanted, len(padded) - n_frames), strict=True):
                window = padded[start : start + n_frames]
                row[column : column + width] = window.T.reshape(-1)
            column += width
        yield rows

    def _heard(self, number: int) -> NDArray[np.floating]:
        """Read what a part hears of the whole file, of shape (n_frames, n_mels)."""
        part, decode = self._config.parts[number], self._config.decode
        decoder = self._first
        if number:
            decoder = open_audio(self._path, replace(decode, sample_rate=part.sample_rate))
        if part.mel is None:
            return np.concatenate(list(decoder.resampled_blocks()))[:, None]
        own = FrontEndConfig(decode=replace(decode, sample_rate=part.sample_rate), mel=part.mel)
        return np.concatenate(list(FeatureStream(decoder, own).blocks()))
