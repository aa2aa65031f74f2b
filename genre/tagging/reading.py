"""From a file to features: what a worker does of tagging. Scoring needs torch, which it has not."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genre.addresses import Place
from genre.audio.frontend import Extracted, extract, open_features
from genre.audio.picture import Peaks, Picture, draw
from genre.audio.rows import FrontEnd
from genre.remote.sound import at_hand


@dataclass(frozen=True, kw_only=True)
class ReadJob:
    """A file to be read.

    Parameters
    ----------
    path : Path or Address
        Any audio file; one that lies elsewhere is brought for as long as it is read.
    front_end : FrontEndConfig or RowFrontEnd
        The bundle's, perhaps with tighter limits.
    heard : FrontEnd, optional
        How another network hears it, where that is asked for, too; limits are those of `front_end`.
    with_picture : bool
        Whether somebody wants to look at it.
    """

    path: Place
    front_end: FrontEnd
    heard: FrontEnd | None = None
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
    heard : Extracted or None
        For the same; None where nobody asks for it.
    picture : Picture or None
        None where nobody wants it.
    seconds : float, in seconds
        What reading took.
    """

    extracted: Extracted
    heard: Extracted | None = None
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
        As `genre.audio.frontend.extract`; of kind ``missing`` where the file does not come.
    """
    with at_hand(job.path, max_bytes=job.front_end.max_bytes) as sound:
        return _read(job, sound.path)


def _read(job: ReadJob, path: Path) -> ReadTrack:
    started = time.perf_counter()
    picture = None
    if job.with_picture:
        drawn = job.front_end.drawn
        peaks, stream = Peaks(drawn.mel.hop_length), open_features(path, drawn)
        mel = np.concatenate(list(stream.blocks(on_samples=peaks.push)))
        picture = draw(mel, peaks.all(), drawn.mel)
        extracted = Extracted(mel=mel, facts=stream.facts)
    if picture is None or job.front_end.drawn != job.front_end:
        extracted = extract(path, job.front_end)
    heard = None if job.heard is None else _heard(job, path, job.heard, extracted)
    seconds = time.perf_counter() - started
    return ReadTrack(extracted=extracted, heard=heard, picture=picture, seconds=seconds)


def _heard(job: ReadJob, path: Path, ear: FrontEnd, extracted: Extracted) -> Extracted:
    """Decode the file once more, but for networks that hear the same."""
    if ear.features_fingerprint == job.front_end.features_fingerprint:
        return extracted
    decode = replace(job.front_end.decode, sample_rate=ear.decode.sample_rate)
    return extract(path, replace(ear, decode=decode))
