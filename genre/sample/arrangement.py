"""From an artist's habits to all the notes of one track: sections over time, parts, fills."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from genre.sample.artists import Artist, Habits, pick
from genre.sample.harmony import METERS, Chord, parse_progression
from genre.sample.instruments import Timbre
from genre.sample.parts import Bar, Clock, Note, play_line
from genre.sample.style import Line, strikes

_ALL = frozenset({"drums", "bass", "chords", "lead"})


@dataclass(frozen=True)
class Hit:
    """One stroke of a drum.

    Parameters
    ----------
    drum : str
        A key of `percussion.DRUMS`.
    start_seconds : float
        From the start of the track.
    velocity : float, in [0, 1]
        How hard it is struck: the factor on its samples.
    """

    drum: str
    start_seconds: float
    velocity: float


@dataclass(frozen=True)
class Part:
    """One pitched instrument through the whole track.

    Parameters
    ----------
    line : Line
        What is played.
    timbre : Timbre
        How the artist's instrument sounds.
    level_db : float, decibels
        Above the level that all stems are brought to.
    pan : float, in [-1, 1]
        From left to right.
    notes : tuple of Note
        In order of time.
    """

    line: Line
    timbre: Timbre
    level_db: float
    pan: float
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Score:
    """All that is played in one track.

    Parameters
    ----------
    clock : Clock
        Where bars and sixteenths fall.
    parts : tuple of Part
        Bass, chords and lead.
    hits : tuple of Hit
        The drums.
    drums_db : float, decibels
        Level of the drums.
    """

    clock: Clock
    parts: tuple[Part, ...]
    hits: tuple[Hit, ...]
    drums_db: float


def compose(
    artist: Artist, genres: tuple[str, ...], *, duration_seconds: float, rng: np.random.Generator
) -> Score:
    """Write one track of an artist.

    Parameters
    ----------
    artist : Artist
        Whose habits are followed.
    genres : tuple of one or two str
        The artist's genre, or that and the second.
    duration_seconds : float
        Bars are laid out until it is filled.
    rng : numpy.random.Generator
        Draws tempo, progression, key and what the players do.
    """
    habits = blend(artist, rng=rng) if len(genres) > 1 else artist.habits
    tempo_bpm = habits.tempo_bpm * float(rng.uniform(0.98, 1.02))
    clock = Clock(tempo_bpm, METERS[habits.meter], habits.swing)
    scale, symbols = pick(habits.progressions, rng=rng)
    n_bars = int(np.ceil(duration_seconds / clock.bar_seconds))
    bars = plan_bars(parse_progression(symbols), n_bars, intro=habits.intro)
    tonic = 48 + (artist.tonic + pick((0, 0, 0, 0, 5), rng=rng)) % 12
    play = partial(play_line, bars=bars, clock=clock, tonic=tonic, scale=scale, rng=rng)
    width = artist.sound.width
    drums_db, bass_db, chords_db, lead_db = artist.balance_db
    parts = (
        Part(habits.bass, artist.bass, bass_db, 0.0, play("bass", habits.bass)),
        Part(habits.chords, artist.chords, chords_db, -0.8 * width, play("chords", habits.chords)),
        Part(habits.lead, artist.lead, lead_db, 0.6 * width, play("lead", habits.lead)),
    )
    return Score(clock, parts, play_drums(habits, bars, clock=clock, rng=rng), drums_db)


def blend(artist: Artist, *, rng: np.random.Generator) -> Habits:
    """Join the artist's two genres in one way of playing.

    Parameters
    ----------
    artist : Artist
        With habits in both genres.
    rng : numpy.random.Generator
        Draws which genre gives the rhythm section where both have drums.

    Returns
    -------
    Habits
        Tempo, meter, drums and bass of the one; harmony, chords and lead of the other.
    """
    rhythm, tune = artist.habits, artist.second_habits
    both = bool(rhythm.drums) == bool(tune.drums)
    # A rhythm section without drums would leave hardly anything to hear of its genre.
    if (both and rng.random() < 0.5) or (not both and not rhythm.drums):
        rhythm, tune = tune, rhythm
    return replace(rhythm, progressions=tune.progressions, chords=tune.chords, lead=tune.lead)


def plan_bars(chords: tuple[Chord, ...], n_bars: int, *, intro: frozenset[str]) -> tuple[Bar, ...]:
    """Lay out a track: an introduction, a build, everybody, and a variation.

    Parameters
    ----------
    chords : tuple of Chord
        One to a bar, repeated.
    n_bars : int, at least 1
        Length of the track.
    intro : frozenset of str
        Who begins, of drums, bass, chords and lead.

    Returns
    -------
    tuple of n_bars Bar
    """
    build, bars = intro | {"drums", "bass", "chords"}, []
    for number in range(n_bars):
        share = number / n_bars
        section = 0 if share < 0.15 else 1 if share < 0.3 else 2
        bars.append(
            Bar(
                active=(intro, build, _ALL)[section],
                chord=chords[number % len(chords)],
                intensity=(0.75, 0.85, 1.0)[section],
                varied=share >= 0.7,
                fill=number % 4 == 3 or number == n_bars - 1,
            )
        )
    return tuple(bars)


def play_drums(
    habits: Habits, bars: tuple[Bar, ...], *, clock: Clock, rng: np.random.Generator
) -> tuple[Hit, ...]:
    """Play the drums through the track.

    Parameters
    ----------
    habits : Habits
        With the pattern of each drum.
    bars : tuple of Bar
        The track; drums play where they are active.
    clock : Clock
        Where each stroke falls in time.
    rng : numpy.random.Generator
        Draws velocities, milliseconds beside the beat, and the fills.

    Returns
    -------
    tuple of Hit
        Empty where the habits have no drums.
    """
    hits = []
    for number, bar in enumerate(bars):
        if "drums" not in bar.active:
            continue
        for drum, rhythm in habits.drums.items():
            for stroke in strikes(rhythm, bar=number, meter=clock.meter):
                velocity = stroke.accent * bar.intensity * float(rng.uniform(0.8, 1.0))
                start = clock.seconds(number, stroke.step) + float(rng.normal(0.0, 0.002))
                hits.append(Hit(drum, max(0.0, start), velocity))
        if bar.fill and habits.drums:
            hits.extend(_fill(habits, number, clock, rng))
    return tuple(hits)


def _fill(habits: Habits, bar: int, clock: Clock, rng: np.random.Generator) -> list[Hit]:
    drum = pick(tuple(habits.drums), rng=rng)
    steps = range(clock.meter.n_steps - 4, clock.meter.n_steps, 1 + int(rng.integers(2)))
    return [
        Hit(drum, clock.seconds(bar, step), 0.5 + 0.1 * rank) for rank, step in enumerate(steps)
    ]
