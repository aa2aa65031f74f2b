"""genre.review.history: lines that are only added, and what they lead to."""

from pathlib import Path

import pytest

from genre.errors import GenreError
from genre.review.history import Event, History, digest, now, number_of, state_after
from genre.review.table import Change

START = "path,genres\na.wav,jazz\n"
END = "path,genres\na.wav,pop\n"


def events() -> list[Event]:
    change = Change(path="a.wav", before="jazz", after="pop")
    return [
        Event(when="2026-01-01T10:00:00+00:00", who="me", said="found", state=START, is_state=True,
              sha256=digest(START)),
        Event(when="2026-01-01T11:00:00+00:00", who="me", said="add", changes=(change,),
              sha256=digest(END)),
        Event(when="2026-01-01T12:00:00+00:00", who="me", said="accept", tracks=("a.wav",),
              sha256=digest(END)),
    ]  # fmt: skip


def test_what_is_written_is_read(tmp_path: Path) -> None:
    history = History(tmp_path / "labels.history.jsonl")
    assert history.events() == []
    with history.held() as pen:
        pen.add(events()[:2])
    with history.held() as pen:
        pen.add(events()[2:])
    assert history.events() == events()

    def fail() -> None:
        with history.held() as pen:
            pen.add(events())
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert history.events() == events()


def test_half_a_line_at_the_end_is_dropped_and_one_within_is_said(tmp_path: Path) -> None:
    history = History(tmp_path / "h.jsonl")
    with history.held() as pen:
        pen.add(events()[:2])
    with history.path.open("ab") as file:
        file.write(b'{"when": "20')
    assert history.events() == events()[:2]
    with history.held() as pen:
        pen.add(events()[2:])
    assert history.events() == events()
    history.path.write_bytes(b"[]\n" + history.path.read_bytes())
    with pytest.raises(GenreError, match="line 1: must be an event"):
        history.events()


def test_states_are_made_from_the_last_whole_one() -> None:
    assert [state_after(events(), n) for n in range(3)] == [START, END, END]
    with pytest.raises(GenreError, match="must follow a whole state"):
        state_after(events()[1:], 0)
    wrong = [events()[0], Event(when=now(), who="me", said="x", sha256="0")]
    with pytest.raises(GenreError, match="another table comes out"):
        state_after(wrong, 1)


def test_an_event_goes_by_its_number_or_a_time() -> None:
    assert number_of(events(), "1") == 1
    assert number_of(events(), "2026-01-01T11:30:00+00:00") == 1
    assert number_of(events(), "2030-01-01") == 2
    for wanted, words in (("3", "from 0 to 2"), ("2020-01-01", "before"), ("soon", "a time such")):
        with pytest.raises(GenreError, match=words):
            number_of(events(), wanted)
    with pytest.raises(GenreError, match="there is none"):
        number_of([], "0")
