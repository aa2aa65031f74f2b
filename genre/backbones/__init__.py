"""Pre-trained networks taken in as bundles of our own form; `load_backbone` reads them."""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.backbones.adding import add_offer
    from genre.backbones.catalogue import OFFERS, Offer

__all__ = ["OFFERS", "Offer", "add_offer"]

__getattr__, __dir__ = offer(
    __name__,
    {
        "adding": ("add_offer",),
        "catalogue": (
            "OFFERS",
            "Offer",
        ),
    },
)
