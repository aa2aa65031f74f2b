"""A track in a few hundred numbers of librosa, as older work on small collections uses.

Mean, deviation, median, minimum, maximum and skew over time of 20 MFCC, 12 chroma, 7 spectral
contrasts, centroid, bandwidth, roll-off, zero crossings and RMS. They stay beside the cached
spectrograms: present means done.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.addresses import Place
from genre.array_files import load_array
from genre.atomic import atomic_file
from genre.audio.decode import DecodeConfig, load_waveform
from genre.dataset.tracks import Track
from genre.execution import ExecutionConfig, run_units
from genre.execution.bars import Bar
from genre.remote.sound import at_hand

logger = logging.getLogger(__name__)

# Another way of computing them needs another name.
FOLDER = "summaries-1"
# Of a longer track only the middle is summarised: a minute says what the whole says.
LONGEST_SECONDS = 60
N_FFT, HOP_LENGTH = 2048, 512
N_MFCC = 20
N_SUMMARY = 264


def summarise(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Describe a sound by statistics over time.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,), in [-1, 1]
        Mono; of more than a minute the middle is taken.
    sample_rate : int, in Hz
        Of the samples.

    Returns
    -------
    ndarray of shape (264,)
        Six statistics, each of 44 features; always finite.
    """
    # A second to load, which only this baseline needs.
    import librosa

    surplus = max(len(samples) - LONGEST_SECONDS * sample_rate, 0) // 2
    samples = samples[surplus : len(samples) - surplus]
    samples = np.pad(samples, (0, max(N_FFT - len(samples), 0)))
    magnitude = np.abs(librosa.stft(samples, n_fft=N_FFT, hop_length=HOP_LENGTH))
    mel = librosa.feature.melspectrogram(S=magnitude**2, sr=sample_rate)
    spectrum = {"S": magnitude, "sr": sample_rate}
    rows = np.vstack(
        [
            librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=N_MFCC),
            librosa.feature.chroma_stft(S=magnitude**2, sr=sample_rate, tuning=0.0),
            librosa.feature.spectral_contrast(**spectrum),
            librosa.feature.spectral_centroid(**spectrum),
            librosa.feature.spectral_bandwidth(**spectrum),
            librosa.feature.spectral_rolloff(**spectrum),
            librosa.feature.zero_crossing_rate(samples, frame_length=N_FFT, hop_length=HOP_LENGTH),
            librosa.feature.rms(S=magnitude, frame_length=N_FFT),
        ]
    ).astype(np.float64)
    mean, deviation = rows.mean(axis=1), rows.std(axis=1)
    # A feature that never changes has no skew; what rounding leaves of one must not count.
    standard = (rows - mean[:, None]) / np.maximum(deviation, 1e-6)[:, None]
    median, skew = np.median(rows, axis=1), np.mean(standard**3, axis=1)
    least, most = rows.min(axis=1), rows.max(axis=1)
    return np.concatenate([mean, deviation, median, least, most, skew])


def load_summaries(
    tracks: Sequence[Track], cache: Path, *, execution: ExecutionConfig, progress: bool = False
) -> NDArray[np.float64] | None:
    """Summarise tracks that are not in the cache, and read all.

    Parameters
    ----------
    tracks : sequence of Track
        In the order that is wanted.
    cache : Path
        The folder of the cached spectrograms.
    execution : ExecutionConfig
        How many processes compute what is missing.
    progress : bool
        Whether to draw a bar on the terminal.

    Returns
    -------
    ndarray of shape (n_tracks, 264) or None
        None where a track cannot be decoded any more.
    """
    targets = [cache / FOLDER / track.sha256[:2] / f"{track.sha256}.npy" for track in tracks]
    work = [
        _Work(track.path, target)
        for track, target in zip(tracks, targets, strict=True)
        if _read(target) is None
    ]
    outcomes = run_units(_compute, work, config=execution, shared=[cache])
    hidden = not (progress and work)
    for outcome in Bar(outcomes, total=len(work), desc="summaries", unit="track", disable=hidden):
        if outcome.error is not None:
            logger.warning("no SVM baseline: %s", outcome.error)
            return None
    kept = [_read(target) for target in targets]
    return np.stack([summary for summary in kept if summary is not None])


def _read(path: Path) -> NDArray[np.float64] | None:
    """Read a summary; None where there is none, or none that can be read: it is made again."""
    try:
        kept: NDArray[np.float64] = load_array(path)
    except (OSError, EOFError, ValueError):
        return None
    return kept if kept.dtype == np.float64 and kept.shape == (N_SUMMARY,) else None


@dataclass(frozen=True)
class _Work:
    source: Place
    target: Path

    def __str__(self) -> str:
        return str(self.source)


def _compute(work: _Work) -> None:
    with at_hand(work.source, max_bytes=DecodeConfig().max_bytes) as file:
        sound = load_waveform(file.path)
    with atomic_file(work.target) as file:
        np.save(file, summarise(sound.samples, sound.sample_rate), allow_pickle=False)
