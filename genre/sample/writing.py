"""Finished recordings as files: WAV and MP3 with artist, title and genres in their tags."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from mutagen.id3 import Frames
from mutagen.mp3 import MP3
from mutagen.wave import WAVE
from numpy.typing import NDArray

from genre.atomic import atomic_file

# By suffix: the format and subtype of libsndfile, which encodes MP3 itself, and the tag's reader.
_CONTAINERS: dict[str, tuple[str, str, Any]] = {
    ".mp3": ("MP3", "MPEG_LAYER_III", MP3),
    ".wav": ("WAV", "PCM_16", WAVE),
}


def write_track(
    path: Path,
    samples: NDArray[np.float32],
    *,
    sample_rate: int,
    artist: str,
    title: str,
    genres: tuple[str, ...],
) -> None:
    """Write one recording and its tags; the file appears whole or not at all.

    Parameters
    ----------
    path : Path
        Ends in ``.mp3`` or ``.wav``; an existing file is replaced.
    samples : ndarray of shape (n_samples,) or (n_samples, n_channels), in [-1, 1]
        The recording.
    sample_rate : int, hertz
        Of `samples`, and of the file.
    artist, title : str
        For the tags.
    genres : tuple of str
        Written as several values of the one genre tag.
    """
    audio_format, subtype, tagged = _CONTAINERS[path.suffix]
    content = BytesIO()
    soundfile.write(content, samples, sample_rate, format=audio_format, subtype=subtype)
    content.seek(0)
    # Both containers carry an ID3 tag: MP3 at its head, WAV in a chunk of its own.
    recording = tagged(content)
    if recording.tags is None:
        recording.add_tags()
    for frame, values in (("TPE1", [artist]), ("TIT2", [title]), ("TCON", list(genres))):
        recording.tags.add(Frames[frame](encoding=3, text=values))
    content.seek(0)
    recording.save(content)
    with atomic_file(path) as file:
        file.write(content.getvalue())
