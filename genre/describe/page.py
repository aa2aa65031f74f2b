"""``card.html`` and ``index.html``: pages that need nothing else, light or dark."""

from collections.abc import Sequence
from pathlib import Path

from genre.describe.card import Card
from genre.describe.tables import TITLES, summary
from genre.pages import page_templates

__all__ = ["card_page", "index_page"]

_FOLDER = Path(__file__).parent


def card_page(card: Card) -> str:
    """Write the page of a card.

    Parameters
    ----------
    card : Card
        Of one track.

    Returns
    -------
    str
        HTML without scripts or external files; the video lies beside it.
    """
    template = page_templates(_FOLDER).get_template("card.html")
    return template.render(card=card, titles=TITLES)


def index_page(cards: Sequence[tuple[str, Card]], *, name: str) -> str:
    """Write the page that leads to cards.

    Parameters
    ----------
    cards : sequence of (str, Card)
        The name of each card's folder, beside this page, and the card.
    name : str
        What the page is of.
    """
    template = page_templates(_FOLDER).get_template("index.html")
    return template.render(cards=cards, name=name, titles=TITLES, summary=summary)
