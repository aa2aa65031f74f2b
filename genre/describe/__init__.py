"""The track card: what ready-made models say of a track's sound, words, cover and video.

Every part is optional. What a part needs is imported when it is asked for; what is absent is said
in its place, with what would help, and costs the other parts nothing.
"""

from genre.describe.card import SCHEMA, Card, Model, Part, card_document, card_text
from genre.describe.describer import Describer
from genre.describe.settings import PARTS, Settings, load_settings

__all__ = [
    "PARTS",
    "SCHEMA",
    "Card",
    "Describer",
    "Model",
    "Part",
    "Settings",
    "card_document",
    "card_text",
    "load_settings",
]
