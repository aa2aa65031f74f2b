"""How a user's folder says what is in it: ``scan`` finds the tracks, ``LAYOUTS`` knows the ways.

A layout is a `Layout` under its name in `LAYOUTS`; its ``find`` makes a `Listing` of the folder.
"""

from genre.dataset.layouts.artist_guesses import artist_from_name
from genre.dataset.layouts.artist_names import artist_key, known_artist
from genre.dataset.layouts.artists import unify_artists
from genre.dataset.layouts.doubts import check_doubts
from genre.dataset.layouts.entries import Entry, Layout, Listing
from genre.dataset.layouts.registry import (
    AUTO,
    LAYOUTS,
    check_labels,
    choose_layout,
    describe_options,
    label_options,
    layout_named,
)
from genre.dataset.layouts.scan import Scan, scan
from genre.dataset.layouts.tags import Tags, read_tags

__all__ = [
    "AUTO",
    "LAYOUTS",
    "Entry",
    "Layout",
    "Listing",
    "Scan",
    "Tags",
    "artist_from_name",
    "artist_key",
    "check_doubts",
    "check_labels",
    "choose_layout",
    "describe_options",
    "known_artist",
    "label_options",
    "layout_named",
    "read_tags",
    "scan",
    "unify_artists",
]
