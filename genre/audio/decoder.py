"""An open sound file as mono float32 blocks: counted, capped, checked and flagged."""

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from genre.audio.containers import Container
from genre.audio.downmix import Downmix
from genre.audio.silence import SilenceMeter
from genre.audio.sound import MAX_SAMPLE_RATE, MIN_SAMPLE_RATE, Lengths, Sound, SoundFacts
from genre.errors import AudioError, AudioErrorKind, ConfigError
from genre.wording import shown

FLAG_OPPOSED = "opposed"
FLAG_PARTIAL = "partial"
FLAG_SILENT = "silent"
FLAG_TRUNCATED = "truncated"

# A short effect is nothing to speak of.
OPPOSED_FRACTION = 0.05
CLIPPING_LEVEL = 0.999
# Full scale is 1; some programs write it as 2 ** 31. Beyond that, sums and powers overflow.
MAX_PEAK = 2.0**32
LENGTH_TOLERANCE = 0.05

Block = NDArray[np.float32]
_NOTHING = np.empty(0, dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class DecodeConfig:
    """Which sound is accepted and what it becomes.

    Parameters
    ----------
    sample_rate : int, in Hz
        Rate of the waveform after resampling.
    block_frames : int, in frames
        How much is decoded at a time.
    min_seconds : float, in seconds
        Shorter sound is refused.
    max_seconds : float, in seconds
        Longer sound is refused.
    max_bytes : int, in bytes
        Larger files are refused unread.
    """

    sample_rate: int = 22050
    block_frames: int = 65536
    min_seconds: float = 0.1
    max_seconds: float = 14400.0
    max_bytes: int = 2**31

    def __post_init__(self) -> None:
        if not MIN_SAMPLE_RATE <= self.sample_rate <= MAX_SAMPLE_RATE:
            raise ConfigError(
                f"sample_rate={self.sample_rate} must be between {MIN_SAMPLE_RATE} and "
                f"{MAX_SAMPLE_RATE} Hz"
            )
        if not 1 <= self.block_frames <= 2**24:
            raise ConfigError(f"block_frames={self.block_frames} must be between 1 and {2**24}")
        if not 0 < self.min_seconds < self.max_seconds < math.inf:
            raise ConfigError(
                f"min_seconds={self.min_seconds} must be above 0 and below "
                f"max_seconds={self.max_seconds}"
            )
        if self.max_bytes < 1:
            raise ConfigError(f"max_bytes={self.max_bytes} must be at least 1")


class _Part:
    """A stretch of a file in one sample rate and number of channels."""

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        self.sample_rate = sample_rate
        self.n_channels = n_channels
        self.n_frames = 0
        self.downmix = Downmix(n_channels, sample_rate)
        self.silence = SilenceMeter(n_channels)

    def is_like(self, other: "_Part") -> bool:
        """Whether both can be read as one."""
        return (self.sample_rate, self.n_channels) == (other.sample_rate, other.n_channels)


class Decoder:
    """An open sound file, to be read once; made by `open_audio`.

    Parameters
    ----------
    path : Path
        The file, for messages.
    sound : Sound
        The file, open; closed when its blocks have been read.
    lengths : Lengths
        What the file claims to hold.
    container : Container
        What the file is.
    config : DecodeConfig
        The settings.
    """

    def __init__(
        self,
        path: Path,
        sound: Sound,
        *,
        lengths: Lengths,
        container: Container,
        config: DecodeConfig,
    ) -> None:
        self.path = path
        self.container = container
        self.config = config
        self._sound = sound
        self._lengths = lengths
        # What a file declares of its length is counted at the rate with which it begins.
        self._first_rate = sound.samplerate
        self._parts = [_Part(sound.samplerate, sound.channels)]
        self._peak = 0.0
        self._n_clipped = 0
        self._trouble: str | None = None

    @property
    def sample_rate(self) -> int:
        """Rate of the file in Hz; where it changes, of the longest part so far."""
        return self._longest.sample_rate

    @property
    def n_channels(self) -> int:
        """Number of channels of the file; where it changes, of the longest part so far."""
        return self._longest.n_channels

    @property
    def facts(self) -> SoundFacts:
        """What was learned of the file; complete when all blocks have been read."""
        declared = self._lengths.declared
        n_frames = sum(part.n_frames for part in self._parts)
        return SoundFacts(
            container=self.container.value,
            sample_rate=self.sample_rate,
            n_channels=self.n_channels,
            duration_seconds=self.duration_seconds,
            declared_seconds=None if declared is None else declared / self._first_rate,
            peak=self._peak,
            clipped_fraction=self._n_clipped / max(1, n_frames),
            flags=self.flags,
        )

    @property
    def duration_seconds(self) -> float:
        """Length of what has been decoded so far."""
        return sum(part.n_frames / part.sample_rate for part in self._parts)

    @property
    def flags(self) -> tuple[str, ...]:
        """What is odd about the file; complete when all blocks have been read."""
        present, declared = self._lengths.present, self._lengths.declared
        is_short = present is not None and self._n_decoded < present and self._is_off(present)
        is_off = declared is not None and self._is_off(declared)
        turned = sum(part.downmix.n_turned_frames / part.sample_rate for part in self._parts)
        found = {
            FLAG_PARTIAL: self._trouble is not None or is_short,
            FLAG_TRUNCATED: is_off or self._lengths.is_cut,
            FLAG_SILENT: all(part.silence.is_silent for part in self._parts),
            FLAG_OPPOSED: turned > OPPOSED_FRACTION * self.duration_seconds,
        }
        return tuple(flag for flag, is_set in found.items() if is_set)

    def blocks(self) -> Iterator[Block]:
        """Decode the file.

        Yields
        ------
        ndarray of shape (n_frames,), float32
            Mono, at the file's own rate, which may change between two blocks: the mean of the
            channels, as `genre.audio.downmix` has it.

        Raises
        ------
        AudioError
            Of kind ``corrupt``, ``too_short`` or ``too_long``.
        """
        with closing(self._sound) as sound:
            while self._trouble is None:
                yield from self._part_blocks(sound, self._parts[-1])
                following = _Part(sound.samplerate, sound.channels)
                if following.is_like(self._parts[-1]):
                    break
                self._parts.append(following)
        if self.duration_seconds < self.config.min_seconds:
            raise self._too_little(self._trouble)

    def _part_blocks(self, sound: Sound, part: _Part) -> Iterator[Block]:
        buffer = np.empty((self.config.block_frames, part.n_channels), dtype=np.float32)
        while self._trouble is None:
            n_read, self._trouble = sound.read_block(buffer)
            if n_read == 0:
                break
            self._count(buffer[:n_read])
            if len(mono := part.downmix.push(buffer[:n_read])):
                yield mono
        if len(mono := part.downmix.finish()):
            yield mono

    def resampled_blocks(self) -> Iterator[Block]:
        """Decode the file at the configured sample rate; otherwise as `blocks`."""
        stream: soxr.ResampleStream | None = None
        rate = self.config.sample_rate
        for block in self.blocks():
            if self._parts[-1].sample_rate != rate:
                if stream is not None:
                    yield stream.resample_chunk(_NOTHING, last=True)
                rate = self._parts[-1].sample_rate
                stream = self._resampler(rate)
            yield block if stream is None else stream.resample_chunk(block)
        if stream is not None:
            yield stream.resample_chunk(_NOTHING, last=True)

    def _resampler(self, sample_rate: int) -> "soxr.ResampleStream | None":
        wanted = self.config.sample_rate
        if sample_rate == wanted:
            return None
        return soxr.ResampleStream(sample_rate, wanted, 1, dtype="float32", quality="HQ")

    @property
    def _longest(self) -> _Part:
        return max(self._parts, key=lambda part: part.n_frames / part.sample_rate)

    @property
    def _n_decoded(self) -> int:
        return round(self.duration_seconds * self._first_rate)

    def _is_off(self, expected: int) -> bool:
        allowed = max(LENGTH_TOLERANCE * expected, self._lengths.slack)
        return abs(self._n_decoded - expected) > allowed

    def _count(self, block: Block) -> None:
        # without a temporary array of magnitudes, which would take longer than both extremes
        peak = max(float(block.max()), -float(block.min()))
        if not peak <= MAX_PEAK:
            what = "too large for sound" if math.isfinite(peak) else "no numbers (NaN or infinite)"
            raise AudioError(
                AudioErrorKind.CORRUPT,
                f"{shown(self.path)} holds samples that are {what}; export it again",
            )
        self._peak = max(self._peak, peak)
        if peak >= CLIPPING_LEVEL:
            # frames are counted once, channel by channel: any(axis=1) takes ten times as long
            is_clipped = np.abs(block[:, 0]) >= CLIPPING_LEVEL
            for channel in block.T[1:]:
                is_clipped |= np.abs(channel) >= CLIPPING_LEVEL
            self._n_clipped += int(np.count_nonzero(is_clipped))
        part = self._parts[-1]
        part.n_frames += len(block)
        part.silence.push(block)
        if self.duration_seconds > self.config.max_seconds:
            raise AudioError(
                AudioErrorKind.TOO_LONG,
                f"{shown(self.path)} is longer than max_seconds={self.config.max_seconds:g}; "
                "cut it into tracks (`genre tag` takes longer ones with --max-seconds)",
            )

    def _too_little(self, trouble: str | None) -> AudioError:
        found = f"{shown(self.path)} gives {self.duration_seconds:.3f} s of sound"
        if trouble is None:
            needed = f"must hold at least min_seconds={self.config.min_seconds}"
            return AudioError(AudioErrorKind.TOO_SHORT, f"{found} and {needed}; take it out")
        return AudioError(
            AudioErrorKind.CORRUPT, f"{found} before it breaks ({trouble}); copy it again"
        )
