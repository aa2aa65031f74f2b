"""From an engine's answer to what is sent."""

import base64

from genre.serving.engine import Answer
from genre.serving.schemas import GenreScore, Picture, Prediction, Timeline, Timings


def prediction(answer: Answer, *, request_id: str, total_seconds: float) -> Prediction:
    """Write an answer as it is sent.

    Parameters
    ----------
    answer : Answer
    request_id : str
    total_seconds : float, in seconds
        Since the upload was there.
    """
    tags, timeline = answer.tags, answer.tags.timeline
    return Prediction(
        request_id=request_id,
        genres=list(tags.genres),
        scores=[
            GenreScore(
                name=name, score=score, threshold=tags.thresholds[name], decided=name in tags.genres
            )
            for name, score in tags.scores.items()
        ],
        timeline=Timeline(
            genres=list(timeline.genres),
            starts_seconds=timeline.starts_seconds.round(3).tolist(),
            window_seconds=timeline.window_seconds,
            scores=timeline.scores.round(4).tolist(),
        ),
        duration_seconds=tags.duration_seconds,
        flags=list(tags.flags),
        timings=Timings(
            decode_ms=round(1000 * answer.read.seconds, 2),
            score_ms=round(1000 * answer.score_seconds, 2),
            total_ms=round(1000 * total_seconds, 2),
        ),
        picture=_picture(answer),
    )


def _picture(answer: Answer) -> Picture | None:
    picture = answer.read.picture
    if picture is None:
        return None
    n_mels, n_columns = picture.mel.shape
    return Picture(
        n_columns=n_columns,
        seconds_per_column=picture.seconds_per_column,
        peaks=base64.b64encode(picture.peaks.tobytes()).decode(),
        n_mels=n_mels,
        mel=base64.b64encode(picture.mel.tobytes()).decode(),
        floor_db=picture.floor_db,
        ceiling_db=picture.ceiling_db,
    )
