"""Test mode without a file: music of a genre from the sample synthesiser, made by a worker."""

from dataclasses import dataclass

import numpy as np
import soundfile

from genre.sample import render_excerpt
from genre.tagging.reading import ReadJob, ReadTrack, read_track

EXCERPT_SECONDS = 8.0


@dataclass(frozen=True, kw_only=True)
class ExcerptJob:
    """Music to be made and read.

    Parameters
    ----------
    genre : str
        One that the synthesiser plays.
    read : ReadJob
        How to read it; the file is written first.
    """

    genre: str
    read: ReadJob

    def __str__(self) -> str:
        return f"an excerpt of {self.genre}"


def read_excerpt(job: ExcerptJob) -> ReadTrack:
    """Make an excerpt, always the same for a genre, and read it as if it had been uploaded.

    Parameters
    ----------
    job : ExcerptJob

    Raises
    ------
    ConfigError
        On a genre that the synthesiser does not play.
    """
    samples, sample_rate = render_excerpt(
        job.genre, rng=np.random.default_rng(0), duration_seconds=EXCERPT_SECONDS
    )
    soundfile.write(job.read.path, samples, sample_rate, format="WAV", subtype="PCM_16")
    return read_track(job.read)
