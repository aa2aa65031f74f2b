"""From a file to features: what a worker does of tagging. Scoring needs torch, which it has not."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre.audio.frontend import Extracted, extract, open_features
from genre.audio.picture import Peaks, Picture, draw
from genre.audio.rows import FrontEnd


@dataclass(frozen=True, kw_only=True)
class ReadJob:
    """A file to be read.

    Parameters
    ----------
    path : Path
        Any audio file.
    front_end : FrontEndConfig or RowFrontEnd
        The bundle's, perhaps with tighter limits.
    with_picture : bool
        Whether somebody wants to look at it.
    """

    path: Path
    front_end: FrontEnd
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
        drawn = job.front_end.drawn
        peaks, stream = Peaks(drawn.mel.hop_length), open_features(job.path, drawn)
        mel = np.concatenate(list(stream.blocks(on_samples=peaks.push)))
        picture = draw(mel, peaks.all(), drawn.mel)
        extracted = Extracted(mel=mel, facts=stream.facts)
    if picture is None or job.front_end.drawn != job.front_end:
        extracted = extract(job.path, job.front_end)
    return ReadTrack(extracted=extracted, picture=picture, seconds=time.perf_counter() - started)
