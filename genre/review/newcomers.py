"""Tracks that nobody has labelled, in the order in which their labels teach most."""

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.addresses import Place
from genre.dataset.layouts.files import list_files
from genre.dataset.music import Music
from genre.dataset.unlabelled import content_of
from genre.execution import ExecutionConfig
from genre.review.choosing import spread_order, summary_of
from genre.review.queue import Item
from genre.review.reasons import UNLABELLED, Reason
from genre.tagging.many import each_file
from genre.tagging.reading import ReadTrack
from genre.tagging.tagger import Tagger
from genre.tagging.track_tags import TrackTags

Heard = tuple[TrackTags, NDArray[np.float64]]


def unlabelled_items(
    folder: Path,
    tagger: Tagger,
    *,
    known: Collection[Path] = (),
    music: Music | None = None,
    execution: ExecutionConfig | None = None,
    progress: bool = False,
) -> tuple[list[Item], list[str]]:
    """Listen to new tracks and order them.

    Parameters
    ----------
    folder : Path
        Searched at any depth.
    tagger : Tagger
        The model whose labels are to become better.
    known : collection of Path
        Files that have labels, which are left out.
    music : Music, optional
        The labelled collection, from which new tracks are to differ; copies of its files are left
        out.
    execution : ExecutionConfig, optional
        The workers that decode.
    progress : bool
        Whether to draw a bar.

    Returns
    -------
    items : list of Item
        Spread over what is not labelled yet; silent ones are left out.
    bad : list of str
        Why some files cannot be heard.
    """
    labelled = {path.resolve() for path in known}
    contents = set() if music is None else {track.sha256 for track in music.found.tracks}
    paths = [
        path
        for path in list_files(folder).audio
        if path.resolve() not in labelled and content_of(path) not in contents
    ]

    def _hear(path: Place, read: ReadTrack) -> Heard:
        return tagger.tag_features(path, read.extracted), summary_of(read.extracted.mel)

    found: list[Heard] = []
    bad: list[str] = []
    outcomes = each_file(
        paths, tagger.bundle.front_end, _hear, execution=execution, progress=progress
    )
    with closing(outcomes):
        for outcome in outcomes:
            if outcome.result is None:
                bad.append(str(outcome.error))
            elif "silent" not in outcome.result[0].flags:
                found.append(outcome.result)
    if not found:
        return [], bad
    places = np.stack([place for _, place in found])
    order = spread_order(places, _labelled(tagger, music))
    return [
        _item(folder, found[row][0], place=place, n=len(order)) for place, row in enumerate(order)
    ], bad


def _labelled(tagger: Tagger, music: Music | None) -> NDArray[np.float64] | None:
    """Place the labelled tracks, where the store heard them as the model does."""
    ears = tagger.bundle.front_end.features_fingerprint
    if music is None or ears != music.store.config.features_fingerprint:
        return None
    return np.stack([summary_of(music.store.load(track)) for track in music.audible])


def _item(folder: Path, tags: TrackTags, *, place: int, n: int) -> Item:
    best = [(tags.names.get(genre, genre), score) for genre, score in tags.scores.items()][:2]
    heard = " and ".join(f"{name} ({score:.2f})" for name, score in best)
    reason = Reason(
        kind=UNLABELLED,
        words=f"nobody has labelled it; the model hears {heard} most",
        weight=float(n - place),
        suggested=next(iter(tags.scores)),
    )
    file = Path(str(tags.path))
    return Item(
        track_id=file.relative_to(folder).as_posix(),
        file=file,
        genres=(),
        artist="",
        album="",
        reasons=(reason,),
    )
