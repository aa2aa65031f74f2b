"""One track or excerpt, from its plan to finished samples."""

import numpy as np
from numpy.typing import NDArray

from genre.errors import ConfigError
from genre.sample.arrangement import compose
from genre.sample.artists import Artist, invent_artist, pick
from genre.sample.genres import STYLES
from genre.sample.mixing import finish, level_and_fade, mix, render_drums, render_part
from genre.sample.planning import TrackPlan
from genre.suggestions import not_among

_EXCERPT_SAMPLE_RATE = 22050


def render_track(plan: TrackPlan) -> NDArray[np.float32]:
    """Play one planned track.

    Parameters
    ----------
    plan : TrackPlan
        Who plays what, and in which format.

    Returns
    -------
    ndarray of shape (n_samples,) for one channel, (n_samples, 2) for two, in [-1, 1]
    """
    samples = _perform(
        plan.artist,
        plan.genres,
        duration_seconds=plan.duration_seconds,
        sample_rate=plan.sample_rate,
        rng=np.random.default_rng(plan.seed),
    )
    if plan.n_channels == 1:
        samples = samples.mean(axis=1)
    return level_and_fade(samples, sample_rate=plan.sample_rate)


def render_excerpt(
    genre: str, *, rng: np.random.Generator, duration_seconds: float
) -> tuple[NDArray[np.float32], int]:
    """Make music of one genre by an artist nobody has heard before.

    Parameters
    ----------
    genre : str
        One of: classical, pop, rock, jazz, electronic, hiphop, folk.
    rng : numpy.random.Generator
        Draws the artist and the music.
    duration_seconds : float, at least 2
        Length of the excerpt.

    Returns
    -------
    samples : ndarray of shape (n_samples,), in [-1, 1]
        One channel.
    sample_rate : int, hertz

    Raises
    ------
    ConfigError
        On another genre or a shorter duration.
    """
    if genre not in STYLES:
        raise ConfigError(not_among("genre", genre, STYLES))
    if not duration_seconds >= 2:
        raise ConfigError(f"duration_seconds={duration_seconds} must be at least 2")
    second = pick(tuple(name for name in STYLES if name != genre), rng=rng)
    artist = invent_artist("", genre=genre, second_genre=second, rng=rng)
    samples = _perform(
        artist,
        (genre,),
        duration_seconds=duration_seconds,
        sample_rate=_EXCERPT_SAMPLE_RATE,
        rng=rng,
    )
    mono = level_and_fade(samples.mean(axis=1), sample_rate=_EXCERPT_SAMPLE_RATE)
    return mono, _EXCERPT_SAMPLE_RATE


def _perform(
    artist: Artist,
    genres: tuple[str, ...],
    *,
    duration_seconds: float,
    sample_rate: int,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    score = compose(artist, genres, duration_seconds=duration_seconds, rng=rng)
    n_samples = round(duration_seconds * sample_rate)
    stems = [
        (
            render_part(part, n_samples=n_samples, sample_rate=sample_rate, rng=rng),
            part.level_db,
            part.pan,
        )
        for part in score.parts
    ]
    drums = render_drums(
        score, kit=artist.kit, n_samples=n_samples, sample_rate=sample_rate, rng=rng
    )
    mixed = mix([*stems, (drums, score.drums_db, 0.0)], sample_rate=sample_rate)
    return finish(mixed, artist.sound, sample_rate=sample_rate, rng=rng)
