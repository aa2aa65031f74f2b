"""How a user's folder says what is in it: ``scan`` finds the tracks, ``LAYOUTS`` knows the ways.

A layout is a function from the data folder to a `Listing`, registered in `LAYOUTS`.
"""

from genre.dataset.layouts.artists import artist_from_name, artist_key, known_artist, unify_artists
from genre.dataset.layouts.entries import Entry, Listing
from genre.dataset.layouts.scan import LAYOUTS, Layout, Scan, scan
from genre.dataset.layouts.tags import Tags, read_tags

__all__ = [
    "LAYOUTS",
    "Entry",
    "Layout",
    "Listing",
    "Scan",
    "Tags",
    "artist_from_name",
    "artist_key",
    "known_artist",
    "read_tags",
    "scan",
    "unify_artists",
]
