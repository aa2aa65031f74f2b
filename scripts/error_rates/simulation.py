"""Decisions of simulated models about simulated artists: how they err is known, so is the truth.

Every artist has one genre, every fifth a second one. The latent answer of run s of configuration k
for a window of track t by artist i, genre by genre, is a sum of independent normal terms:

``skill_ks (y - 1/2) + hardness_i + configuration_ki + run_ksi + track_kst + window_kstw``

and the genre is assigned where it exceeds `CUT`. Of exclusive genres an artist has one alone, and
the one with the highest answer is assigned. Artists are drawn independently, so a very large
draw gives the truth that an interval should cover.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CUT = 0.3
SECOND_GENRE = 0.2


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How large the test set is, and where the models' errors come from.

    Parameters
    ----------
    n_artists, tracks_per_artist, windows_per_track, n_labels : int
        The test set.
    skill : float
        What a genre adds to its latent answer.
    hardness : float
        Deviation of what an artist adds, the same for all models.
    seed_spread : float
        Deviation of the skill from training to training.
    configuration_noise : float
        Deviation of what an artist adds for one configuration, the same for all its seeds.
    artist_noise, track_noise, window_noise : float
        Deviation of what an artist, a track, a window adds for a single run.
    is_exclusive : bool
        Whether the question is which one.
    """

    n_artists: int = 150
    tracks_per_artist: int = 5
    windows_per_track: int = 1
    n_labels: int = 16
    skill: float = 2.0
    hardness: float = 0.8
    seed_spread: float = 0.0
    configuration_noise: float = 0.0
    artist_noise: float = 0.3
    track_noise: float = 0.5
    window_noise: float = 0.0
    is_exclusive: bool = False


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """A test set and what the runs decided.

    Parameters
    ----------
    y_true : ndarray of shape (n_windows, n_labels), bool
        The truth.
    decisions : list of list of ndarray of shape (n_windows, n_labels), bool
        By configuration, then by seed.
    artist, track : ndarray of shape (n_windows,), int
        Whose, and which track, each window is.
    """

    y_true: NDArray[np.bool_]
    decisions: list[list[NDArray[np.bool_]]]
    artist: NDArray[np.intp]
    track: NDArray[np.intp]


def simulate(
    setting: Setting, rng: np.random.Generator, *, effects: Sequence[float], n_seeds: int
) -> Simulated:
    """Draw artists and let configurations judge them.

    Parameters
    ----------
    setting : Setting
        Sizes and noise.
    rng : numpy.random.Generator
        The source of chance.
    effects : sequence of float, one per configuration
        Added to the skill; equal effects make configurations that do not differ.
    n_seeds : int
        Runs of each.
    """
    n_artists, n_labels = setting.n_artists, setting.n_labels
    n_tracks = n_artists * setting.tracks_per_artist
    of_track = np.repeat(np.arange(n_artists), setting.tracks_per_artist)
    track = np.repeat(np.arange(n_tracks), setting.windows_per_track)
    by_artist = np.zeros((n_artists, n_labels), dtype=np.bool_)
    by_artist[np.arange(n_artists), rng.integers(n_labels, size=n_artists)] = True
    second = rng.random(n_artists) < (0.0 if setting.is_exclusive else SECOND_GENRE)
    by_artist[np.flatnonzero(second), rng.integers(n_labels, size=int(second.sum()))] = True
    hardness = setting.hardness * rng.normal(size=by_artist.shape)

    def _run(skill: float, base: NDArray[np.float64]) -> NDArray[np.bool_]:
        latent = skill * (by_artist - 0.5) + base
        latent = latent + setting.artist_noise * rng.normal(size=latent.shape)
        latent = latent[of_track] + setting.track_noise * rng.normal(size=(n_tracks, n_labels))
        latent = latent[track]
        if setting.window_noise:
            latent = latent + setting.window_noise * rng.normal(size=latent.shape)
        if setting.is_exclusive:
            return np.asarray(latent == latent.max(axis=1, keepdims=True))
        return np.asarray(latent > CUT)

    decisions = []
    for effect in effects:
        base = hardness + setting.configuration_noise * rng.normal(size=hardness.shape)
        skills = setting.skill + effect + setting.seed_spread * rng.normal(size=n_seeds)
        decisions.append([_run(float(skill), base) for skill in skills])
    return Simulated(
        y_true=by_artist[of_track[track]],
        decisions=decisions,
        artist=of_track[track],
        track=track,
    )
