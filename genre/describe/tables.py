"""Cards as tables: on a terminal, as CSV of a folder, and ``results.csv`` of what is heard."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from genre.describe.card import Card, Part
from genre.describe.mood import Said
from genre.wording import printable, safe_cell

__all__ = ["TITLES", "card_lines", "cards_csv", "results_csv", "summary", "texts_csv"]

TITLES = {
    "heard": "what is heard",
    "genres": "genres",
    "mood": "mood of the words",
    "cover": "what the cover shows",
    "video": "what the video shows",
    "words": "words",
}


def summary(name: str, part: Part) -> str:
    """Write a part's answer in a line, or why there is none.

    Parameters
    ----------
    name : str
        Of the part.
    part : Part
        Of a card.
    """
    if part.state == "absent":
        return f"{part.reason}: {part.advice}" if part.advice else part.reason
    found = part.result
    match name:
        case "heard":
            return _scored(found["tags"])
        case "genres":
            return ", ".join(f"{g} {found['scores'][g]:.2f}" for g in found["genres"]) or "none"
        case "mood":
            n_verses = len(found["verses"])
            return (
                f"{found['mood']} {found['confidence']:.2f}, {found['language']}, "
                f"{n_verses} verse{'s' if n_verses != 1 else ''} from {found['source']}"
            )
        case "cover":
            return _scored(found["classes"])
        case "video":
            most = ", ".join(f"{n} {label}" for label, n in found["most_at_once"].items())
            return f"{most or 'no object'} in {found['n_looked_at']} frames: {found['file']}"
        case _:
            return str(found["text"])


def card_lines(card: Card) -> list[str]:
    """Write a card for a terminal.

    Parameters
    ----------
    card : Card
        Of one track.

    Returns
    -------
    list of str
        The track, and a line for each part; nothing in them acts on the terminal.
    """
    width = max(map(len, TITLES.values()))
    return [
        printable(card.track),
        *(
            f"  {TITLES[name]:<{width}}  {'' if part.state == 'there' else '– '}"
            f"{printable(summary(name, part))}"
            for name, part in card.parts.items()
        ),
    ]


def cards_csv(cards: Sequence[Card]) -> str:
    """Write a row for each card: every part in a line, and how long it took.

    Parameters
    ----------
    cards : sequence of Card
        With the same parts.
    """
    names = list(cards[0].parts) if cards else []
    header = ["path", *(column for name in names for column in (name, f"{name}_seconds"))]
    rows = [
        [
            card.track,
            *(
                cell
                for name, part in card.parts.items()
                for cell in (
                    summary(name, part) if part.state == "there" else "",
                    f"{part.seconds:.3f}" if part.state == "there" else "",
                )
            ),
        ]
        for card in cards
    ]
    return _csv([header, *rows])


def results_csv(cards: Iterable[Card]) -> str:
    """Write what is heard in tracks, a row for each tag.

    Parameters
    ----------
    cards : iterable of Card
        Those without an answer have no row.
    """
    rows = [
        [card.track, str(said["tag"]), f"{said['score']:.6f}"]
        for card in cards
        for said in card.result("heard").get("tags", ())
    ]
    return _csv([["path", "tag", "score"], *rows])


def texts_csv(texts: Sequence[str], said: Sequence[tuple[str, Said]]) -> str:
    """Write the moods of texts, a row for each.

    Parameters
    ----------
    texts : sequence of str
        As they were read.
    said : sequence of (str, Said)
        Their languages and moods.
    """
    rows = [
        [text, language, one.mood, f"{one.confidence:.6f}"]
        for text, (language, one) in zip(texts, said, strict=True)
    ]
    return _csv([["text", "language", "mood", "confidence"], *rows])


def _scored(tags: Sequence[Any]) -> str:
    return ", ".join(f"{said['tag']} {said['score']:.2f}" for said in tags)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    table = io.StringIO(newline="")
    csv.writer(table, lineterminator="\n").writerows([*map(safe_cell, row)] for row in rows)
    return table.getvalue()
