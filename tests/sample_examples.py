"""Small examples for the tests of the synthesiser."""

import numpy as np

from genre.sample.artists import Artist, invent_artist
from genre.sample.planning import SampleConfig


def artist_of(genre: str, second_genre: str, seed: int = 0) -> Artist:
    rng = np.random.default_rng(seed)
    return invent_artist("A", genre=genre, second_genre=second_genre, rng=rng)


TINY = SampleConfig(
    genres=("jazz", "rock"),
    n_artists_per_genre=1,
    n_tracks_per_artist=2,
    min_seconds=2.0,
    max_seconds=2.5,
)
