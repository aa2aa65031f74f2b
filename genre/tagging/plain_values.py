"""The tags of a track as plain values, for JSON and for tables."""

from typing import Any

from genre.tagging.track_tags import Timeline, TrackTags

# A millionth is far below what a score means, and far above what a machine rounds.
_DIGITS = 6


def plain_tags(
    tags: TrackTags, *, top: int | None = None, timeline: bool = False, heard: bool = False
) -> dict[str, Any]:
    """Turn the tags of a track into plain values.

    Parameters
    ----------
    tags : TrackTags
        Of one track.
    top : int or None
        How many scores, best first; all if None.
    timeline : bool
        Whether to add `timeline`, as `plain_windows` gives it.
    heard : bool
        Whether to add `heard`, the tags of a network that hears beside the model, with scores.

    Returns
    -------
    dict of str to plain value
    """
    shown = [*tags.scores][:top]
    plain: dict[str, Any] = {
        "genres": list(tags.genres),
        "scores": {name: round(tags.scores[name], _DIGITS) for name in shown},
        "thresholds": {name: round(tags.thresholds[name], _DIGITS) for name in shown},
        "duration_seconds": round(tags.duration_seconds, _DIGITS),
        "flags": list(tags.flags),
        "names": {name: tags.names.get(name, name) for name in shown},
    }
    if heard:
        plain["heard"] = {name: round(score, _DIGITS) for name, score in tags.heard.items()}
    if timeline:
        plain["timeline"] = plain_windows(tags.timeline, tags.duration_seconds, top=top)
    return plain


def plain_windows(
    timeline: Timeline, duration_seconds: float, *, top: int | None = None
) -> list[dict[str, Any]]:
    """Turn a time line into plain values.

    Parameters
    ----------
    timeline : Timeline
        Of one track.
    duration_seconds : float
        Of the track, where its last window ends.
    top : int or None
        How many scores of each window, best first; all if None.

    Returns
    -------
    list of dict of str to plain value
        `start_seconds`, `end_seconds` and `scores`, best first, of every window.

    Examples
    --------
    >>> from numpy import array
    >>> from genre.tagging import Timeline
    >>> timeline = Timeline(
    ...     genres=("jazz", "rock"),
    ...     starts_seconds=array([0.0, 2.0]),
    ...     window_seconds=4.0,
    ...     scores=array([[0.1, 0.9], [0.75, 0.25]]),
    ... )
    >>> for window in plain_windows(timeline, 5.5, top=1):
    ...     print(window)
    {'start_seconds': 0.0, 'end_seconds': 4.0, 'scores': {'rock': 0.9}}
    {'start_seconds': 2.0, 'end_seconds': 5.5, 'scores': {'jazz': 0.75}}
    """
    windows = []
    for start, scores in zip(timeline.starts_seconds, timeline.scores, strict=True):
        order = (-scores).argsort(kind="stable")[:top]
        windows.append(
            {
                "start_seconds": round(float(start), _DIGITS),
                "end_seconds": round(
                    min(float(start) + timeline.window_seconds, duration_seconds), _DIGITS
                ),
                "scores": {timeline.genres[i]: round(float(scores[i]), _DIGITS) for i in order},
            }
        )
    return windows
