"""The sounds on which an exported model is compared with its bundle."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from genre.audio.decode import load_waveform
from genre.inference.bundle import Bundle
from genre.sample import render_excerpt
from genre.tagging.onnx_export import excerpts

# Shorter than a window, one window, with and without a last window of their own; then the whole.
CHECKED_SECONDS = (0.1, 1.0, 4.0, 5.2, 6.0, 11.0)
SYNTHESISED_SECONDS = 16.0


def checked_sounds(bundle: Bundle, paths: Sequence[Path]) -> Iterator[NDArray[np.float32]]:
    """Cut sounds to several lengths.

    Parameters
    ----------
    bundle : Bundle
        Whose sample rate the sounds are to have.
    paths : sequence of Path
        Audio files; of none, a synthesised sound is taken.

    Yields
    ------
    ndarray of shape (n_samples,), float32
        The beginnings of each sound, and the whole.
    """
    for path in paths:
        waveform = load_waveform(path, bundle.spectrogram.decode)
        yield from excerpts(waveform.samples, waveform.sample_rate, CHECKED_SECONDS)
    if not paths:
        rate = bundle.spectrogram.mel.sample_rate
        yield from excerpts(synthesised(rate), rate, CHECKED_SECONDS)


def synthesised(sample_rate: int) -> NDArray[np.float32]:
    """Play some jazz, always the same.

    Parameters
    ----------
    sample_rate : int, in Hz
        Of the sound.

    Returns
    -------
    ndarray of shape (n_samples,), float32
    """
    samples, rendered_rate = render_excerpt(
        "jazz", rng=np.random.default_rng(0), duration_seconds=SYNTHESISED_SECONDS
    )
    return np.asarray(soxr.resample(samples, rendered_rate, sample_rate), dtype=np.float32)
