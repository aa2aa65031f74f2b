"""Lines of progress for who reads a log: in words, or as objects of JSON."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from tqdm import tqdm

logger = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """Writes what is logged as a line of JSON: time, level, message, and what else is known.

    Parameters
    ----------
    before : Formatter or None
        What has written it until now.
    """

    def __init__(self, before: logging.Formatter | None) -> None:
        super().__init__()
        self.before = before

    def format(self, record: logging.LogRecord) -> str:
        """Write a record.

        Parameters
        ----------
        record : LogRecord
            With its facts, by their names, where `say` made it.
        """
        facts = {"logger": record.name} | getattr(record, "facts", {})
        if record.exc_info:
            facts["traceback"] = self.formatException(record.exc_info)
        return json_line(record.getMessage(), level=record.levelname.lower(), facts=facts)


def json_line(message: str, *, level: str, facts: Mapping[str, object] | None = None) -> str:
    """Write a message as a line of JSON.

    Parameters
    ----------
    message : str
        In words.
    level : str
        ``info``, ``warning`` or ``error``.
    facts : mapping of str to object, optional
        What it says, for programs; numbers that are none become null.
    """
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    told = {name: None if value != value else value for name, value in (facts or {}).items()}
    return json.dumps(
        {"time": now, "level": level, "message": message} | told, ensure_ascii=False, default=str
    )


def log_as_json(wanted: bool = True, /) -> None:
    """Have everything that is logged written as JSON, or again in words.

    Parameters
    ----------
    wanted : bool
        Whether it is JSON that is wanted.
    """
    for handler in logging.getLogger().handlers:
        if wanted and not isinstance(handler.formatter, JsonLines):
            handler.setFormatter(JsonLines(handler.formatter))
        elif not wanted and isinstance(handler.formatter, JsonLines):
            handler.setFormatter(handler.formatter.before)


def is_json_wanted() -> bool:
    """Whether `log_as_json` has been called."""
    return any(isinstance(each.formatter, JsonLines) for each in logging.getLogger().handlers)


def say(message: str, **facts: object) -> None:
    """Write how far something is, into the log where that is shown, else to the standard error.

    Parameters
    ----------
    message : str
        A line.
    **facts
        The same for programs.
    """
    if logger.isEnabledFor(logging.INFO):
        logger.info("%s", message, extra={"facts": facts})
    else:  # a script that has set up no log
        tqdm.write(message, file=sys.stderr)  # above a bar
