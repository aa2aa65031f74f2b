"""What goes out as JSON, from an answer made by hand: genre.serving.schemas."""

import base64
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from genre.audio.frontend import Extracted
from genre.audio.picture import Picture
from genre.audio.sound import SoundFacts
from genre.sample import SampleConfig
from genre.serving.engine import Answer
from genre.serving.schemas import GenreForm, PictureQuery, WhichQuery, prediction
from genre.tagging.reading import ReadTrack
from genre.tagging.track_tags import Timeline, TrackTags


def answer_of(picture: Picture | None) -> Answer:
    """Answer for 6 s of a sound, of which two windows were scored."""
    timeline = Timeline(
        genres=("jazz", "rock"),
        starts_seconds=np.array([0.0, 1.99955]),
        window_seconds=4.0,
        scores=np.array([[0.12344, 0.9], [0.12346, 0.5]]),
    )
    tags = TrackTags(
        path=Path("upload"),
        genres=("rock",),
        scores={"rock": 0.7, "jazz": 0.125},
        thresholds={"rock": 0.5, "jazz": 0.25},
        timeline=timeline,
        duration_seconds=6.0,
        flags=("partial",),
    )
    facts = SoundFacts(
        container="wav",
        sample_rate=8000,
        n_channels=1,
        duration_seconds=6.0,
        declared_seconds=None,
        peak=0.5,
        clipped_fraction=0.0,
        flags=("partial",),
    )
    extracted = Extracted(mel=np.zeros((300, 96), np.float16), facts=facts)
    read = ReadTrack(extracted=extracted, picture=picture, seconds=0.0123456)
    return Answer(tags=tags, read=read, score_seconds=0.25)


def test_an_answer_in_the_form_it_is_sent() -> None:
    sent = prediction(answer_of(None), request_id="mine", total_seconds=0.5).model_dump()
    assert sent == {
        "request_id": "mine",
        "task": "multilabel",
        "answer": "rock",
        "genres": ["rock"],
        "scores": [
            {"name": "rock", "score": 0.7, "threshold": 0.5, "decided": True},
            {"name": "jazz", "score": 0.125, "threshold": 0.25, "decided": False},
        ],
        "timeline": {
            "genres": ["jazz", "rock"],
            "starts_seconds": [0.0, 2.0],
            "window_seconds": 4.0,
            "scores": [[0.1234, 0.9], [0.1235, 0.5]],
        },
        "names": {"jazz": "jazz", "rock": "rock"},
        "duration_seconds": 6.0,
        "flags": ["partial"],
        "timings": {"decode_ms": 12.35, "score_ms": 250.0, "total_ms": 500.0},
        "picture": None,
    }


def test_of_exclusive_classes_the_answer_is_one_or_none() -> None:
    answer = answer_of(None)
    which = replace(answer, tags=replace(answer.tags, task="exclusive"))
    none = replace(which, tags=which.tags.answered_from(0.75))
    for given, expected in ((which, "rock"), (none, None)):
        sent = prediction(given, request_id="mine", total_seconds=0.5)
        assert (sent.task, sent.answer) == ("exclusive", expected)
        assert [score.decided for score in sent.scores] == [expected == "rock", False]
    assert [score.threshold for score in sent.scores] == [0.75, 0.75]


def test_what_another_network_hears_is_sent_where_it_was_asked_for() -> None:
    answer = answer_of(None)
    tags = replace(answer.tags, heard={"guitar": 0.5, "drums": 0.25})
    heard = replace(answer, tags=tags, read=replace(answer.read, heard=answer.read.extracted))
    sent = prediction(heard, request_id="mine", total_seconds=0.5).model_dump()
    plain = prediction(answer, request_id="mine", total_seconds=0.5).model_dump()
    tags_sent = [{"name": "guitar", "score": 0.5}, {"name": "drums", "score": 0.25}]
    assert sent == plain | {"heard": tags_sent}


def test_a_picture_is_bytes_in_rows_of_columns() -> None:
    picture = Picture(
        seconds_per_column=2.0,
        peaks=np.array([0, 128, 255], np.uint8),
        mel=np.array([[1, 2, 3], [4, 5, 6]], np.uint8),
        floor_db=-80.0,
        ceiling_db=0.0,
    )
    sent = prediction(answer_of(picture), request_id="mine", total_seconds=1.0).picture
    assert sent is not None
    assert (sent.n_columns, sent.n_mels, sent.seconds_per_column) == (3, 2, 2.0)
    assert base64.b64decode(sent.peaks) == bytes([0, 128, 255])
    assert base64.b64decode(sent.mel) == bytes([1, 2, 3, 4, 5, 6])
    assert (sent.floor_db, sent.ceiling_db) == (-80.0, 0.0)


@pytest.mark.parametrize("genre", SampleConfig().genres)
def test_the_test_mode_takes_what_the_synthesiser_plays(genre: str) -> None:
    assert GenreForm.model_validate({"genre": genre}).genre == genre


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"genre": "polka"}, "Input should be 'classical'"),
        ({"genre": "jazz", "volume": 3}, "Extra inputs are not permitted"),
        ({}, "Field required"),
    ],
)
def test_other_orders_are_refused(form: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        GenreForm.model_validate(form)


def test_no_picture_is_drawn_unless_it_is_wanted() -> None:
    assert PictureQuery.model_validate({}).picture == "false"


@pytest.mark.parametrize("value", ["-0.1", "1.1", "nan", "high"])
def test_what_the_best_must_score_is_a_score(value: str) -> None:
    assert WhichQuery.model_validate({}).min_score is None
    assert WhichQuery.model_validate({"min_score": "0.6"}).min_score == 0.6
    with pytest.raises(ValidationError, match="min_score"):
        WhichQuery.model_validate({"min_score": value})
