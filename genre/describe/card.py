"""The card's data, as ``card.json`` holds it: one part for each question asked of a track."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from genre.config import to_mapping
from genre.errors import GenreError
from genre.version import __version__

__all__ = ["SCHEMA", "Absent", "Card", "Model", "Part", "card_document", "card_text"]

SCHEMA = "genre-card-1"
"""Names what a card's keys mean; another meaning has another number."""


class Absent(GenreError):
    """A part of the card cannot be made, through nobody's fault or the file's.

    Parameters
    ----------
    reason : str
        What is not there, or what went wrong.
    advice : str
        The command or the step that would help; empty where none would.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        # Both go to Exception so that the error survives pickling between processes.
        super().__init__(reason, advice)
        self.reason = reason
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.reason}; {self.advice}" if self.advice else self.reason


@dataclass(frozen=True, kw_only=True)
class Model:
    """Which model answered.

    Parameters
    ----------
    name : str
        On the hub, of the library or of the folder.
    version : str
        The revision of its weights, where that is known, and the library that ran it.
    device : str
        Where it computed: cpu, cuda:0, or the address of a server.
    n_parameters : int
        Numbers in its weights; 0 where nobody says.
    """

    name: str
    version: str
    device: str
    n_parameters: int = 0


@dataclass(frozen=True, kw_only=True)
class Part:
    """One answer, or why there is none.

    Parameters
    ----------
    state : there or absent
        Whether `result` holds an answer.
    seconds : float, in seconds
        How long it took; the first of several cards loads the model in it.
    model : Model, optional
        Which one answered.
    result : mapping
        The answer; docs/describe.md says which keys a part has.
    reason : str
        Why there is none.
    advice : str
        The command or the step that would help.
    """

    state: Literal["there", "absent"]
    seconds: float = 0.0
    model: Model | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    advice: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is said of one track.

    Parameters
    ----------
    track : str
        The file's path, as it was asked for.
    title : str
        The file's name.
    parts : mapping of str to Part
        By name, in the order in which they are shown.
    """

    track: str
    title: str
    parts: Mapping[str, Part]

    def result(self, name: str) -> Mapping[str, Any]:
        """Look an answer up; empty where there is none.

        Parameters
        ----------
        name : str
            Of a part.
        """
        return self.parts[name].result if name in self.parts else {}


def card_document(card: Card) -> dict[str, Any]:
    """Write a card in plain values.

    Parameters
    ----------
    card : Card
        Of one track.

    Returns
    -------
    dict of str to plain value
        ``schema``, ``genre`` (the version), ``track``, ``title`` and ``parts``.
    """
    parts = {name: _plain(part) for name, part in card.parts.items()}
    return {
        "schema": SCHEMA,
        "genre": __version__,
        "track": card.track,
        "title": card.title,
        "parts": parts,
    }


def card_text(card: Card) -> str:
    """Write a card as ``card.json`` holds it.

    Parameters
    ----------
    card : Card
        Of one track.
    """
    document = card_document(card)
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(part: Part) -> dict[str, object]:
    if part.state == "absent":
        return {"state": part.state, "reason": part.reason, "advice": part.advice}
    model = None if part.model is None else to_mapping(part.model)
    return {
        "state": part.state,
        "seconds": round(part.seconds, 3),
        "model": model,
        "result": dict(part.result),
    }
