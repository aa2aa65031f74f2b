"""Which tracks a sample dataset has, before any sound: artists, titles, genres, formats, seeds."""

from dataclasses import dataclass

import numpy as np

from genre.errors import ConfigError
from genre.sample.artists import Artist, invent_artist, invent_names, invent_title, pick
from genre.sample.genres import STYLES
from genre.suggestions import did_you_mean

_TWO_GENRES_EVERY = 4
# Formats are drawn track by track, so that no genre and no artist can be told by its format.
_CONTAINERS = ("mp3", "mp3", "wav")
_SAMPLE_RATES = (22050, 22050, 44100, 44100, 48000)
_N_CHANNELS = (1, 2)


@dataclass(frozen=True, kw_only=True)
class SampleConfig:
    """Describe a dataset of synthesised music.

    Parameters
    ----------
    genres : tuple of str
        Genres to make, at least two of: classical, pop, rock, jazz, electronic, hiphop, folk.
    n_artists_per_genre : int, at least 1
        Invented artists to each genre; at most 600 in all.
    n_tracks_per_artist : int, at least 1
        Tracks to each artist.
    min_seconds, max_seconds : float, from 2 to 600
        Shortest and longest track.
    seed : int, at least 0
        Other seeds give other artists and other music.
    """

    genres: tuple[str, ...] = tuple(STYLES)
    n_artists_per_genre: int = 10
    n_tracks_per_artist: int = 4
    min_seconds: float = 12.0
    max_seconds: float = 16.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        unknown = [genre for genre in self.genres if genre not in STYLES]
        if unknown or len(set(self.genres)) != len(self.genres) or len(self.genres) < 2:
            legal = ", ".join(STYLES)
            meant = "".join(did_you_mean(genre, STYLES) for genre in unknown[:1])
            raise ConfigError(
                f"genres={self.genres!r} must be two or more different ones of: {legal}{meant}"
            )
        if not 1 <= self.n_artists_per_genre * len(self.genres) <= 600:
            raise ConfigError(
                f"n_artists_per_genre={self.n_artists_per_genre} must be at least 1 and make at "
                "most 600 artists in all"
            )
        if self.n_tracks_per_artist < 1:
            raise ConfigError(f"n_tracks_per_artist={self.n_tracks_per_artist} must be at least 1")
        if not 2 <= self.min_seconds <= self.max_seconds <= 600:
            raise ConfigError(
                f"min_seconds={self.min_seconds} and max_seconds={self.max_seconds} must be from "
                "2 to 600, the first not above the second"
            )
        if self.seed < 0:
            raise ConfigError(f"seed={self.seed} must be at least 0")


@dataclass(frozen=True, kw_only=True)
class TrackPlan:
    """One track to make.

    Parameters
    ----------
    relative_path : str
        POSIX path below the root of the dataset.
    artist : Artist
        Who plays.
    title : str
        As it stands in the file name and the tags.
    genres : tuple of one or two str
        The folder's genre first.
    duration_seconds : float
        Length of the recording.
    sample_rate : int, hertz
        Of the file.
    n_channels : int, 1 or 2
        Mono or stereo.
    seed : tuple of int
        Entropy of the track's own generator: no track depends on another.
    """

    relative_path: str
    artist: Artist
    title: str
    genres: tuple[str, ...]
    duration_seconds: float
    sample_rate: int
    n_channels: int
    seed: tuple[int, ...]


def plan_tracks(config: SampleConfig) -> tuple[TrackPlan, ...]:
    """Draw every artist and track of a dataset.

    Parameters
    ----------
    config : SampleConfig
        How many, how long, and from which seed.

    Returns
    -------
    tuple of TrackPlan
        Genre by genre, artist by artist; every fourth track, in random order, has two genres.
    """
    rng = np.random.default_rng([config.seed, 0])
    artists = _plan_artists(config, rng)
    n_tracks = len(artists) * config.n_tracks_per_artist
    n_blends = round(n_tracks / _TWO_GENRES_EVERY)
    blends = set(rng.permutation(n_tracks)[:n_blends].tolist())
    plans: list[TrackPlan] = []
    for number in range(n_tracks):
        artist = artists[number // config.n_tracks_per_artist]
        taken = {plan.relative_path.rsplit(".", 1)[0] for plan in plans}
        plans.append(_plan_track(number, artist, number in blends, config, taken, rng))
    return tuple(plans)


def _plan_artists(config: SampleConfig, rng: np.random.Generator) -> list[Artist]:
    n_genres, n_artists = len(config.genres), config.n_artists_per_genre
    names = invent_names(n_genres * n_artists, rng=rng)
    artists = []
    for number, name in enumerate(names):
        first, rank = divmod(number, n_artists)
        # Second genres go round in turn, so that every pair of genres meets.
        second = (first + 1 + rank % (n_genres - 1)) % n_genres
        artists.append(
            invent_artist(
                name,
                genre=config.genres[first],
                second_genre=config.genres[second],
                rng=np.random.default_rng([config.seed, 1, number]),
            )
        )
    return artists


def _plan_track(
    number: int,
    artist: Artist,
    is_blend: bool,
    config: SampleConfig,
    taken: set[str],
    rng: np.random.Generator,
) -> TrackPlan:
    title = invent_title(rng=rng)
    while f"{artist.genre}/{artist.name} - {title}" in taken:
        title = invent_title(rng=rng)
    suffix = pick(_CONTAINERS, rng=rng)
    return TrackPlan(
        relative_path=f"{artist.genre}/{artist.name} - {title}.{suffix}",
        artist=artist,
        title=title,
        genres=(artist.genre, artist.second_genre) if is_blend else (artist.genre,),
        duration_seconds=float(rng.uniform(config.min_seconds, config.max_seconds)),
        sample_rate=pick(_SAMPLE_RATES, rng=rng),
        n_channels=pick(_N_CHANNELS, rng=rng),
        seed=(config.seed, 2, number),
    )
