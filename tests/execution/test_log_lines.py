"""Lines for who reads a log, in words or as JSON: genre.execution.log_lines."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from genre.execution.log_lines import is_json_wanted, json_line, log_as_json, say


@pytest.fixture(autouse=True)
def words_again() -> Iterator[None]:
    yield
    log_as_json(False)


@pytest.fixture
def shown() -> Iterator[io.StringIO]:
    """Show what is logged, as the command line does."""
    file, logger = io.StringIO(), logging.getLogger("genre")
    handler, before = logging.StreamHandler(file), logger.level
    logging.getLogger().addHandler(handler)
    logger.setLevel(logging.INFO)
    yield file
    logger.setLevel(before)
    logging.getLogger().removeHandler(handler)


def test_a_line_of_json_has_time_level_message_and_facts() -> None:
    told = json.loads(json_line("a\nb", level="error", facts={"loss": 0.5, "ap": float("nan")}))
    assert told.pop("time").endswith("+00:00")
    assert told == {"level": "error", "message": "a\nb", "loss": 0.5, "ap": None}


def test_what_is_said_and_logged_is_in_words_or_json(shown: io.StringIO) -> None:
    say("half", n_done=1)
    assert not is_json_wanted()
    log_as_json()
    assert is_json_wanted()
    say("half", n_done=1)
    logging.getLogger("genre.elsewhere").warning("odd %d", 2)
    in_words, *lines = shown.getvalue().splitlines()
    assert in_words == "half"
    first, second = (json.loads(line) for line in lines)
    assert (first["level"], first["message"], first["n_done"]) == ("info", "half", 1)
    assert (second["level"], second["message"]) == ("warning", "odd 2")


def test_who_has_set_up_no_log_is_told_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger("genre").level
    logging.getLogger("genre").setLevel(logging.WARNING)
    say("half")
    logging.getLogger("genre").setLevel(before)
    assert capsys.readouterr().err == "half\n"


def test_a_failure_keeps_its_traceback(shown: io.StringIO) -> None:
    log_as_json()
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("genre").exception("failed")
    told = json.loads(shown.getvalue())
    assert (told["message"], told["logger"], told["level"]) == ("failed", "genre", "error")
    assert told["traceback"].endswith("ValueError: why")
