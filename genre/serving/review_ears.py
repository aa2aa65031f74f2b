"""What models hear in the tracks of a review: a model that never trained on a track judges it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from genre.review.session import Session
from genre.serving.engine import Answer
from genre.serving.schemas import prediction
from genre.tagging.reading import ReadJob, read_track
from genre.tagging.tagger import Tagger

_MAX_TAGGERS = 4
_MAX_HEARD = 16
Load = Callable[[Path], Tagger]


class Ears:
    """Listens to tracks by models that never trained on them; the last ones are kept.

    Parameters
    ----------
    session : Session
        Knows the tracks and who may judge them.
    load : callable of Path
        Loads the model in a folder.
    best : Path
        The folder of the model for tracks that every run trained on, and for new ones.
    """

    def __init__(self, session: Session, load: Load, best: Path) -> None:
        self._session, self._load, self._best = session, load, best
        self._taggers: OrderedDict[Path, Tagger] = OrderedDict()
        self._heard: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def hear(self, key: str, file: Path, track_id: str) -> dict[str, Any]:
        """Describe a track as `POST /predict` does.

        Parameters
        ----------
        key : str
            As of `Session.key_of`.
        file : Path
            The audio.
        track_id : str
            The track.
        """
        with self._lock:
            if key not in self._heard:
                judge = self._session.judged.judge(track_id)
                tagger = self._tagger(self._best if judge is None else judge / "bundle")
                self._heard[key] = _described(tagger, file, is_judge=judge is not None)
                while len(self._heard) > _MAX_HEARD:
                    self._heard.popitem(last=False)
            self._heard.move_to_end(key)
            return self._heard[key]

    def _tagger(self, folder: Path) -> Tagger:
        if folder not in self._taggers:
            self._taggers[folder] = self._load(folder)
            while len(self._taggers) > _MAX_TAGGERS:
                self._taggers.popitem(last=False)
        self._taggers.move_to_end(folder)
        return self._taggers[folder]


def _described(tagger: Tagger, file: Path, *, is_judge: bool) -> dict[str, Any]:
    started = time.perf_counter()
    read = read_track(ReadJob(path=file, front_end=tagger.bundle.front_end, with_picture=True))
    tags = tagger.tag_features(file, read.extracted)
    seconds = time.perf_counter() - started
    heard = Answer(tags=tags, read=read, score_seconds=seconds - read.seconds)
    sent = prediction(heard, request_id="", total_seconds=seconds).model_dump()
    return sent | {"names": dict(tags.names), "is_judge": is_judge}


def telling_seconds(tags: dict[str, Any], genres: tuple[str, ...], suggested: str | None) -> float:
    """Find where to start listening: the window that speaks most against the label.

    Parameters
    ----------
    tags : dict
        As of `Ears.hear`.
    genres : tuple of str
        What the track is labelled.
    suggested : str or None
        The genre that may be right instead; any other than the label if None.

    Returns
    -------
    float, in seconds
    """
    timeline = tags["timeline"]
    scores = np.asarray(timeline["scores"])
    names = timeline["genres"]
    others = [names.index(suggested)] if suggested in names else []
    others = others or [n for n, name in enumerate(names) if name not in genres]
    own = [names.index(name) for name in genres if name in names]
    against = scores[:, others].max(axis=1, initial=0.0) - scores[:, own].max(axis=1, initial=0.0)
    return float(timeline["starts_seconds"][int(against.argmax())])
