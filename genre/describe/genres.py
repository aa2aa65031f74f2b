"""The genres of a track by the user's own model, and those that a pre-trained network hears."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from genre.describe.card import Absent, Model, Part
from genre.tagging.tagger import N_HEARD, Tagger
from genre.tagging.track_tags import TrackTags
from genre.version import __version__

__all__ = ["genres_of", "heard_by_network", "tag_genres"]


def tag_genres(path: Path, tagger: Tagger) -> Part:
    """Tag a track as `genre tag` does.

    Parameters
    ----------
    path : Path
        The file.
    tagger : Tagger
        Of the user's model.

    Returns
    -------
    Part
        As of `genres_of`.

    Raises
    ------
    AudioError
        Where the file cannot be decoded.
    """
    return genres_of(_tag(path, tagger), tagger)


def genres_of(found: TrackTags, tagger: Tagger) -> Part:
    """Write what a model found as a part of a card.

    Parameters
    ----------
    found : TrackTags
        Of the track.
    tagger : Tagger
        Which found it.

    Returns
    -------
    Part
        ``genres``, those decided, best first; ``scores`` of all; ``timeline`` with
        ``starts_seconds``, ``window_seconds`` and the scores of each genre; ``flags``;
        ``duration_seconds``.
    """
    timeline = found.timeline
    columns = timeline.scores.round(4).T.tolist()
    return Part(
        state="there",
        model=_model_of(tagger),
        result={
            "genres": [found.names.get(genre, genre) for genre in found.genres],
            "scores": _rounded(found.scores, found.names),
            "timeline": {
                "starts_seconds": timeline.starts_seconds.round(3).tolist(),
                "window_seconds": timeline.window_seconds,
                "scores": {
                    found.names.get(genre, genre): column
                    for genre, column in zip(timeline.genres, columns, strict=True)
                },
            },
            "flags": list(found.flags),
            "duration_seconds": round(found.duration_seconds, 3),
        },
    )


def heard_by_network(path: Path, tagger: Tagger) -> Part:
    """Listen with a pre-trained network of `genre backbone`, in place of a model of the hub.

    Parameters
    ----------
    path : Path
        The file.
    tagger : Tagger
        Of the network, whose tags are its own.

    Returns
    -------
    Part
        As of `genre.describe.heard.hear`.

    Raises
    ------
    AudioError
        Where the file cannot be decoded.
    """
    found = _tag(path, tagger)
    return Part(
        state="there",
        model=_model_of(tagger),
        result={
            "tags": [
                {"tag": tag, "score": round(score, 6)}
                for tag, score in islice(found.scores.items(), N_HEARD)
            ],
            "n_windows": len(found.timeline.starts_seconds),
            "window_seconds": found.timeline.window_seconds,
        },
    )


def _tag(path: Path, tagger: Tagger) -> TrackTags:
    (outcome,) = tagger.tag_many([path])  # in a worker, which may be killed
    if outcome.result is not None:
        return outcome.result
    raise outcome.error or Absent(f"{path.name} cannot be tagged")


def _model_of(tagger: Tagger) -> Model:
    return Model(
        name=tagger.bundle.model_name,
        version=f"genre {__version__}",
        device=str(getattr(tagger.network, "device", "cpu")),
        n_parameters=tagger.bundle.n_parameters or 0,
    )


def _rounded(scores: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    return {names.get(genre, genre): round(score, 6) for genre, score in scores.items()}
