"""The card's data: genre.describe.card."""

import json
import pickle

from genre.describe.card import SCHEMA, Absent, Card, Model, Part, card_text
from genre.version import __version__


def test_a_card_as_json_says_what_is_there_and_what_is_not() -> None:
    model = Model(name="m", version="1", device="cpu", n_parameters=3)
    there = Part(state="there", seconds=0.12345, model=model, result={"tags": [{"tag": "Ы"}]})
    absent = Part(state="absent", reason="no lyrics", advice="write some")
    text = card_text(Card(track="a/b.mp3", title="b.mp3", parts={"heard": there, "mood": absent}))
    assert "Ы" in text
    assert json.loads(text) == {
        "schema": SCHEMA,
        "genre": __version__,
        "track": "a/b.mp3",
        "title": "b.mp3",
        "parts": {
            "heard": {
                "state": "there",
                "seconds": 0.123,
                "model": {"name": "m", "version": "1", "device": "cpu", "n_parameters": 3},
                "result": {"tags": [{"tag": "Ы"}]},
            },
            "mood": {"state": "absent", "reason": "no lyrics", "advice": "write some"},
        },
    }


def test_an_answer_is_looked_up_by_its_part() -> None:
    card = Card(track="a", title="a", parts={"mood": Part(state="there", result={"mood": "x"})})
    assert card.result("mood") == {"mood": "x"}
    assert card.result("cover") == {}


def test_why_a_part_is_absent_comes_out_of_a_worker_whole() -> None:
    error = pickle.loads(pickle.dumps(Absent("no cover", "add one")))  # noqa: S301 - our own
    assert (error.reason, error.advice, str(error)) == ("no cover", "add one", "no cover; add one")
    assert str(Absent("no cover")) == "no cover"
