"""From a file to features: what a worker does of tagging. Scoring needs torch, which it has not."""

import time
from dataclasses import dataclass
from pathlib import Path

from genre.audio.frontend import Extracted, FrontEndConfig, extract
from genre.audio.picture import Peaks, Picture, draw


@dataclass(frozen=True, kw_only=True)
class ReadJob:
    """A file to be read.

    Parameters
    ----------
    path : Path
        Any audio file.
    front_end : FrontEndConfig
        The bundle's, perhaps with tighter limits.
    with_picture : bool
        Whether somebody wants to look at it.
    """

    path: Path
    front_end: FrontEndConfig
    with_picture: bool = False

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadTrack:
    """What reading a file gave.

    Parameters
    ----------
    extracted : Extracted
        For `genre.tagging.tagger.Tagger.tag_features`.
    picture : Picture or None
        None where nobody wants it.
    seconds : float, in seconds
        What reading took.
    """

    extracted: Extracted
    picture: Picture | None
    seconds: float


def read_track(job: ReadJob) -> ReadTrack:
    """Read a file; made for a worker.

    Parameters
    ----------
    job : ReadJob
        Which file, and how.

    Raises
    ------
    AudioError
        As `genre.audio.frontend.extract`.
    """
    started = time.perf_counter()
    picture = None
    if job.with_picture:
        peaks = Peaks(job.front_end.mel.hop_length)
        extracted = extract(job.path, job.front_end, on_samples=peaks.push)
        picture = draw(extracted.mel, peaks.all(), job.front_end.mel)
    else:
        extracted = extract(job.path, job.front_end)
    return ReadTrack(extracted=extracted, picture=picture, seconds=time.perf_counter() - started)
