"""Sound files made for the tests."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from genre.audio.decode import DecodeConfig, load_waveform
from genre.errors import AudioError

FORMATS: dict[str, dict[str, Any]] = {
    "wav": {"format": "WAV", "subtype": "PCM_16"},
    "wav-float": {"format": "WAV", "subtype": "FLOAT"},
    "wav-24": {"format": "WAV", "subtype": "PCM_24"},
    "wav-rf64": {"format": "RF64", "subtype": "PCM_16"},
    "flac": {"format": "FLAC", "subtype": "PCM_16"},
    "ogg-vorbis": {"format": "OGG", "subtype": "VORBIS"},
    "ogg-opus": {"format": "OGG", "subtype": "OPUS"},
    "mp3": {"format": "MP3", "subtype": "MPEG_LAYER_III"},
    "aiff": {"format": "AIFF", "subtype": "PCM_16"},
    "w64": {"format": "W64", "subtype": "PCM_16"},
    "caf": {"format": "CAF", "subtype": "PCM_16"},
    "au": {"format": "AU", "subtype": "PCM_16"},
}


def tone(seconds: float, sample_rate: int, *, frequency: float = 440.0) -> NDArray[np.float64]:
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    return 0.5 * np.sin(2 * math.pi * frequency * time)


def write(
    path: Path, samples: NDArray[Any], sample_rate: int = 44100, **options: str | float
) -> Path:
    settings = options or {"format": "WAV", "subtype": "PCM_16"}
    n_channels = 1 if samples.ndim == 1 else samples.shape[1]
    with soundfile.SoundFile(path, "w", sample_rate, n_channels, **settings) as file:
        for start in range(0, len(samples), 65536):  # in one piece Vorbis breaks libsndfile
            file.write(samples[start : start + 65536])
    return path


def fault_of(path: Path, config: DecodeConfig | None = None) -> AudioError:
    with pytest.raises(AudioError) as caught:
        load_waveform(path, config)
    assert path.name in caught.value.message
    return caught.value


def changing_sound(n_samples: int) -> NDArray[np.float32]:
    """Play a tone that jumps every half second over noise that swells, so that windows differ."""
    rng = np.random.default_rng(0)
    time = np.arange(n_samples) / 22050
    pitch = rng.uniform(100, 5000, 1000)[(2 * time).astype(int)]
    swell = 0.02 + 0.2 * np.sin(2 * np.pi * time / 7) ** 2
    tone = 0.3 * np.sin(2 * np.pi * np.cumsum(pitch) / 22050)
    return (tone + swell * rng.normal(0, 1, n_samples)).astype(np.float32)
