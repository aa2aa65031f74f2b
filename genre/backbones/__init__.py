"""Pre-trained networks taken in as bundles of our own form.

`open_backbone` finds one by its name; `genre.inference.load_backbone` reads any folder.
"""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.backbones.adding import add_offer
    from genre.backbones.catalogue import OFFERS, Offer
    from genre.backbones.own_network import add_file
    from genre.backbones.shelf import DEFAULT_SHELF, names_on, open_backbone

__all__ = [
    "DEFAULT_SHELF",
    "OFFERS",
    "Offer",
    "add_file",
    "add_offer",
    "names_on",
    "open_backbone",
]

__getattr__, __dir__ = offer(
    __name__,
    {
        "adding": ("add_offer",),
        "catalogue": (
            "OFFERS",
            "Offer",
        ),
        "own_network": ("add_file",),
        "shelf": (
            "DEFAULT_SHELF",
            "names_on",
            "open_backbone",
        ),
    },
)
