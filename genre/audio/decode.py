"""Sound files as mono float32 blocks: recognised by content, capped, checked and flagged.

libsndfile reads WAV, MP3, FLAC, OGG (Vorbis, Opus), AIFF, W64, CAF and AU; an installed ffmpeg
reads the rest. Nothing is allocated from what a header claims, and nothing is believed of it:
lengths are counted while decoding.
"""

import stat
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.audio.containers import (
    AUDIO_SUFFIXES,
    DECODABLE,
    Container,
    Content,
    cannot_open,
    locate,
    sniff,
)
from genre.audio.decoder import (
    FLAG_OPPOSED,
    FLAG_PARTIAL,
    FLAG_SILENT,
    FLAG_TRUNCATED,
    DecodeConfig,
    Decoder,
)
from genre.audio.readers.ffmpeg import open_adts, open_ffmpeg
from genre.audio.readers.ffprobe import FORMATS, has_ffmpeg
from genre.audio.readers.libsndfile import open_sound
from genre.audio.readers.mpeg_file import open_mpeg
from genre.audio.sound import MAX_SAMPLE_RATE, Lengths, Sound, SoundFacts, check_layout
from genre.errors import AudioError, AudioErrorKind
from genre.wording import shown

__all__ = [
    "AUDIO_SUFFIXES",
    "FLAG_OPPOSED",
    "FLAG_PARTIAL",
    "FLAG_SILENT",
    "FLAG_TRUNCATED",
    "Container",
    "DecodeConfig",
    "Decoder",
    "Waveform",
    "load_waveform",
    "open_audio",
    "sniff",
]


@dataclass(frozen=True, kw_only=True, eq=False)
class Waveform:
    """A whole file as sound.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,), float32
        Mono, nominally in [-1, 1].
    sample_rate : int, in Hz
        Of `samples`.
    facts : SoundFacts
        What decoding told about the file.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    facts: SoundFacts

    @property
    def duration_seconds(self) -> float:
        """Length of the sound."""
        return len(self.samples) / self.sample_rate


def open_audio(path: Path, config: DecodeConfig | None = None) -> Decoder:
    """Open a sound file after checking what it is.

    Parameters
    ----------
    path : Path
        The file.
    config : DecodeConfig, optional
        The settings; the default ones if None.

    Returns
    -------
    Decoder
        Its `blocks` or `resampled_blocks` are the sound.

    Raises
    ------
    AudioError
        Of any kind.
    """
    config = config or DecodeConfig()
    _check_file(path, config)
    content = locate(path)
    try:
        sound, lengths = _open(path, content, config)
    except OSError as error:  # it was there a moment ago
        raise cannot_open(path, error) from error
    try:
        check_layout(path, sound.samplerate, sound.channels)
    except AudioError:
        sound.close()
        raise
    return Decoder(path, sound, lengths=lengths, container=content.container, config=config)


def load_waveform(path: Path, config: DecodeConfig | None = None) -> Waveform:
    """Read a whole file as mono sound at one sample rate.

    Parameters
    ----------
    path : Path
        The file.
    config : DecodeConfig, optional
        The settings; the default ones if None.

    Raises
    ------
    AudioError
        As `open_audio` and `Decoder.blocks`.
    """
    decoder = open_audio(path, config)
    samples = np.concatenate(list(decoder.resampled_blocks()))
    return Waveform(samples=samples, sample_rate=decoder.config.sample_rate, facts=decoder.facts)


def _open(path: Path, content: Content, config: DecodeConfig) -> tuple[Sound, Lengths]:
    if content.container is Container.MP3:
        return open_mpeg(path, content)
    if content.container is Container.AAC:
        return open_adts(path, content.start, max_seconds=config.max_seconds)
    if content.container not in DECODABLE:
        return open_ffmpeg(path, content.container, max_seconds=config.max_seconds)
    try:
        sound, lengths = open_sound(path, content)
        if sound.samplerate <= MAX_SAMPLE_RATE or not has_ffmpeg():
            return sound, lengths
        sound.close()  # too high a rate, which ffmpeg halves
        return open_ffmpeg(path, content.container, max_seconds=config.max_seconds)
    except AudioError as error:
        # libsndfile may know the container and not the coding in it: ADPCM of some kind, video.
        is_unknown = error.kind is AudioErrorKind.UNSUPPORTED
        if content.container not in FORMATS or not (is_unknown or has_ffmpeg()):
            raise
        try:
            return open_ffmpeg(path, content.container, max_seconds=config.max_seconds)
        except AudioError:
            if is_unknown:
                raise
            raise error from None


def _check_file(path: Path, config: DecodeConfig) -> None:
    try:
        status = path.stat()
    except OSError as error:
        raise cannot_open(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise AudioError(
            AudioErrorKind.UNSAFE,
            f"path={shown(path)!r} must be a regular file, not a folder, a pipe or a device",
        )
    if status.st_size == 0:
        raise AudioError(
            AudioErrorKind.EMPTY, f"{shown(path)} has no bytes; replace it by a whole copy"
        )
    if status.st_size > config.max_bytes:
        raise AudioError(
            AudioErrorKind.TOO_LARGE,
            f"{shown(path)} has {status.st_size} bytes, more than max_bytes={config.max_bytes}; "
            "cut it or convert it to FLAC",
        )
