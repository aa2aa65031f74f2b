"""Of a long track some whole windows, evenly spread, where whole spectrograms would be too many.

A track longer than n windows is divided into n equal parts, and the window in the middle of each is
kept, one behind the other. A shorter track is kept whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.audio.frontend import FrontEndConfig
from genre.audio.sound import SoundFacts
from genre.audio.windows import WindowConfig, window_frames
from genre.config import fingerprint
from genre.dataset.filling import RowStream
from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class SampledFrontEnd:
    """A front end of whose frames some windows are kept.

    Parameters
    ----------
    front_end : FrontEndConfig
        What computes the spectrogram.
    n_frames : int
        Length of a window, in frames of the spectrogram.
    n_windows : int
        How many windows of a track are kept.
    """

    front_end: FrontEndConfig
    n_frames: int
    n_windows: int

    def __post_init__(self) -> None:
        if min(self.n_frames, self.n_windows) < 1:
            raise ConfigError(
                f"n_frames={self.n_frames} and n_windows={self.n_windows} must be at least 1"
            )

    @property
    def features_fingerprint(self) -> str:
        """Sixteen hexadecimal digits: never those of whole spectrograms, or of other windows."""
        front_end = self.front_end.features_fingerprint
        kept = _Sampled(front_end=front_end, n_frames=self.n_frames, n_windows=self.n_windows)
        return fingerprint(kept)

    @property
    def n_columns(self) -> int:
        """Numbers of a row: the mel bands."""
        return self.front_end.n_columns

    @property
    def dtype(self) -> np.dtype[np.float16]:
        """What rows are kept as."""
        return self.front_end.dtype

    @property
    def max_bytes(self) -> int:
        """The largest sound file that is read, in bytes."""
        return self.front_end.max_bytes

    @property
    def most_rows(self) -> int:
        """Frames that are kept of a long track, and the most of any."""
        return self.n_frames * self.n_windows

    def open(self, path: Path) -> "SampledStream":
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
        return SampledStream(self.front_end.open(path), self)

    def rows(self, n_rows: int) -> NDArray[np.int64]:
        """Choose which frames of a track are kept.

        Parameters
        ----------
        n_rows : int
            Frames of the track.

        Returns
        -------
        ndarray of shape (min(n_rows, most_rows),)
            Their numbers, ascending.
        """
        if n_rows <= self.most_rows:
            return np.arange(n_rows, dtype=np.int64)
        part = np.arange(self.n_windows, dtype=np.int64)
        starts = ((2 * part + 1) * n_rows - self.most_rows) // (2 * self.n_windows)
        return (starts[:, None] + np.arange(self.n_frames)).reshape(-1)


@dataclass(frozen=True, kw_only=True)
class _Sampled:
    front_end: str
    n_frames: int
    n_windows: int


class SampledStream:
    """A sound file on its way to its windows; to be read once.

    Parameters
    ----------
    stream : RowStream
        The whole file.
    config : SampledFrontEnd
        What is kept of it.
    """

    def __init__(self, stream: RowStream, config: SampledFrontEnd) -> None:
        self._stream = stream
        self._config = config

    @property
    def facts(self) -> SoundFacts:
        """What was learned of the whole file; complete when all blocks have been read."""
        return self._stream.facts

    def blocks(self) -> Iterator[NDArray[Any]]:
        """Analyse the file; all its frames are held until its length is known, 35 MB an hour.

        Yields
        ------
        ndarray of shape (n_frames, n_mels), float16, in dB
            The next frames of those that are kept; never none.
        """
        blocks = list(self._stream.blocks())
        kept = self._config.rows(sum(map(len, blocks)))
        first = 0
        for block in blocks:
            mine = kept[np.searchsorted(kept, first) : np.searchsorted(kept, first + len(block))]
            if len(mine):
                yield block[mine - first]
            first += len(block)


KeptFrames = FrontEndConfig | SampledFrontEnd
"""What a store of spectrograms keeps: all frames of a track, or windows of it."""


def front_end_of(kept: KeptFrames) -> FrontEndConfig:
    """Look up what computes the spectrograms.

    Parameters
    ----------
    kept : FrontEndConfig or SampledFrontEnd
        What is kept of them.
    """
    return kept.front_end if isinstance(kept, SampledFrontEnd) else kept


def kept_of(front_end: FrontEndConfig, windows: WindowConfig, n_windows: int) -> KeptFrames:
    """Describe what is kept of every track.

    Parameters
    ----------
    front_end : FrontEndConfig
        What computes the spectrogram.
    windows : WindowConfig
        How long a window is.
    n_windows : int
        How many of them are kept of a track; 0 keeps whole spectrograms.
    """
    if not n_windows:
        return front_end
    n_frames = window_frames(windows, front_end.mel)
    return SampledFrontEnd(front_end=front_end, n_frames=n_frames, n_windows=n_windows)
