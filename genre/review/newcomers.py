"""Tracks that nobody has labelled, in the order in which their labels teach most."""

from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genre.dataset.layouts.files import list_files
from genre.execution import ExecutionConfig
from genre.review.choosing import spread_order, unsureness
from genre.review.queue import Item
from genre.review.reasons import UNLABELLED, Reason
from genre.tagging.embedding import Embedder
from genre.tagging.many import each_file
from genre.tagging.reading import ReadTrack
from genre.tagging.tagger import Tagger, TrackTags

Heard = tuple[TrackTags, NDArray[np.float32]]


def unlabelled_items(
    folder: Path,
    tagger: Tagger,
    *,
    known: Collection[Path] = (),
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
    execution : ExecutionConfig, optional
        The workers that decode.
    progress : bool
        Whether to draw a bar.

    Returns
    -------
    items : list of Item
        The most informative first, spread over the collection by embedding; silent ones left out.
    bad : list of str
        Why some files cannot be heard.
    """
    embedder = Embedder(tagger.bundle)
    labelled = {path.resolve() for path in known}
    paths = [path for path in list_files(folder).audio if path.resolve() not in labelled]

    def _hear(path: Path, read: ReadTrack) -> Heard:
        tags = tagger.tag_features(path, read.extracted)
        return tags, embedder.embed_features(path, read.extracted).track

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
    genres = tagger.bundle.genres
    scores = np.array([[tags.scores[genre] for genre in genres] for tags, _ in found])
    order = spread_order(unsureness(scores), np.stack([embedding for _, embedding in found]))
    return [
        _item(folder, found[row][0], place=place, n=len(order)) for place, row in enumerate(order)
    ], bad


def _item(folder: Path, tags: TrackTags, *, place: int, n: int) -> Item:
    best = [(tags.names.get(genre, genre), score) for genre, score in tags.scores.items()][:2]
    heard = " and ".join(f"{name} ({score:.2f})" for name, score in best)
    reason = Reason(
        kind=UNLABELLED,
        words=f"nobody has labelled it; the model hears {heard} most",
        weight=float(n - place),
        suggested=next(iter(tags.scores)),
    )
    return Item(
        track_id=tags.path.relative_to(folder).as_posix(),
        file=tags.path,
        genres=(),
        artist="",
        album="",
        reasons=(reason,),
    )
