"""Invented artists: a name, and habits that run through everything they record."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from genre.sample.genres import STYLES
from genre.sample.instruments import Timbre
from genre.sample.percussion import Kit
from genre.sample.style import DrumPattern, Line, Style

Choice = TypeVar("Choice")

_INTROS = (
    frozenset({"chords"}),
    frozenset({"chords", "bass"}),
    frozenset({"drums", "bass"}),
    frozenset({"chords", "lead"}),
)

# Genres share musicians: the chance that an artist takes one part from another genre.
_BORROWING = 0.04

# fmt: off
_FIRST = (
    "Amber", "Boreal", "Cinder", "Dusty", "Ember", "Fathom", "Gentle", "Hollow", "Indigo",
    "Juniper", "Kindred", "Lunar", "Marble", "Nimble", "Opal", "Paper", "Quiet", "Rusty",
    "Silver", "Tidal", "Umber", "Velvet", "Willow", "Yonder", "Zephyr",
)
_SECOND = (
    "Anchors", "Bridges", "Canyon", "Dial", "Engine", "Foxes", "Garden", "Harbour", "Islands",
    "Junction", "Kites", "Lanterns", "Meadow", "Nomads", "Orchard", "Parade", "Quarry", "Rivers",
    "Signal", "Thicket", "Union", "Valley", "Weather", "Yard",
)
# fmt: on


@dataclass(frozen=True, kw_only=True)
class Sound:
    """How an artist's recordings are finished.

    Parameters
    ----------
    tilt_db : float, decibels per octave
        Slope of the equaliser around 700 Hz; negative is darker.
    peak_hz, peak_db : float, hertz and decibels
        One broad resonance of the room or desk.
    reverb_seconds : float
        Time in which the reverberation falls by 60 dB.
    reverb_mix : float, in [0, 1]
        Share of the reverberation.
    noise_db : float, decibels relative to the music
        Level of the hiss.
    noise_colour : float, in [0, 2]
        Exponent of the hiss's fall in power with frequency: 0 white, 2 brown.
    drive : float, at least 0
        Saturation of the whole mix.
    width : float, in [0, 1]
        How far apart the parts stand in stereo.
    """

    tilt_db: float
    peak_hz: float
    peak_db: float
    reverb_seconds: float
    reverb_mix: float
    noise_db: float
    noise_colour: float
    drive: float
    width: float


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How an artist plays one genre.

    Parameters
    ----------
    tempo_bpm : float, quarter notes per minute
        Each track is within 2 % of it.
    meter : str
        A key of `harmony.METERS`.
    swing : float, in [0, 0.4]
        Delay of the off-beat eighth as a share of an eighth.
    progressions : tuple of (scale, chords)
        The two that the artist uses.
    intro : frozenset of str
        Who begins, of drums, bass, chords and lead.
    drums : dict of drum to rhythm
        Rhythms as in `style`; empty where nobody drums.
    bass, chords, lead : Line
        What the three pitched parts play.
    """

    tempo_bpm: float
    meter: str
    swing: float
    progressions: tuple[tuple[str, str], ...]
    intro: frozenset[str]
    drums: DrumPattern
    bass: Line
    chords: Line
    lead: Line


@dataclass(frozen=True, kw_only=True)
class Artist:
    """One invented artist.

    Parameters
    ----------
    name : str
        As it stands in file names and tags.
    genre, second_genre : str
        What they play, and what they blend it with.
    tonic : int, in [0, 11]
        Home key in semitones above C.
    habits, second_habits : Habits
        Their ways in the two genres.
    bass, chords, lead : Timbre
        The sound of their instruments.
    kit : Kit
        The sound of their drums.
    balance_db : tuple of 4 float, decibels
        Levels of drums, bass, chords and lead.
    sound : Sound
        How they finish a recording.
    """

    name: str
    genre: str
    second_genre: str
    tonic: int
    habits: Habits
    second_habits: Habits
    bass: Timbre
    chords: Timbre
    lead: Timbre
    kit: Kit
    balance_db: tuple[float, float, float, float]
    sound: Sound


def invent_names(n_names: int, *, rng: np.random.Generator) -> tuple[str, ...]:
    """Draw different artist names.

    Parameters
    ----------
    n_names : int, in [0, 600]
        How many.
    rng : numpy.random.Generator
        Draws which.
    """
    order = rng.permutation(len(_FIRST) * len(_SECOND))[:n_names]
    pairs = (divmod(int(number), len(_SECOND)) for number in order)
    return tuple(f"{_FIRST[first]} {_SECOND[second]}" for first, second in pairs)


def invent_title(*, rng: np.random.Generator) -> str:
    """Draw the title of a track."""
    return f"{pick(_SECOND, rng=rng)} in {pick(_FIRST, rng=rng)}"


def pick(choices: tuple[Choice, ...], *, rng: np.random.Generator) -> Choice:
    """Draw one of several values, each as likely."""
    return choices[int(rng.integers(len(choices)))]


def invent_artist(name: str, *, genre: str, second_genre: str, rng: np.random.Generator) -> Artist:
    """Draw an artist's habits.

    Parameters
    ----------
    name : str
        Drawn before, so that no two are the same.
    genre, second_genre : str
        Keys of `genres.STYLES`.
    rng : numpy.random.Generator
        Draws everything else.
    """
    return Artist(
        name=name,
        genre=genre,
        second_genre=second_genre,
        tonic=int(rng.integers(12)),
        habits=_draw_habits(genre, rng),
        second_habits=_draw_habits(second_genre, rng),
        bass=_draw_timbre(rng),
        chords=_draw_timbre(rng),
        lead=_draw_timbre(rng),
        kit=Kit(
            tuning=float(rng.uniform(0.85, 1.2)),
            decay=float(rng.uniform(0.55, 1.6)),
            brightness=float(rng.uniform(0.0, 1.0)),
        ),
        balance_db=_draw_balance(STYLES[genre], rng),
        sound=_draw_sound(STYLES[genre], rng),
    )


def _draw_habits(genre: str, rng: np.random.Generator) -> Habits:
    own = STYLES[genre]
    progressions = tuple(own.progressions[i] for i in rng.permutation(len(own.progressions))[:2])
    return Habits(
        tempo_bpm=float(rng.uniform(*_lender(own, rng).tempo_bpm)),
        meter=pick(own.meters, rng=rng),
        swing=own.swing * float(rng.uniform(0.7, 1.2)),
        progressions=progressions,
        intro=pick(_INTROS, rng=rng),
        drums=_usual(_lender(own, rng).drums, rng),
        bass=_usual(_lender(own, rng).basses, rng),
        chords=_usual(_lender(own, rng).chords, rng),
        lead=_usual(_lender(own, rng).leads, rng),
    )


def _lender(own: Style, rng: np.random.Generator) -> Style:
    return pick(tuple(STYLES.values()), rng=rng) if rng.random() < _BORROWING else own


def _usual(choices: tuple[Choice, ...], rng: np.random.Generator) -> Choice:
    # The first choice of a genre is its commonest; each next one is half as likely.
    weights = 0.5 ** np.arange(len(choices))
    return choices[int(rng.choice(len(choices), p=weights / weights.sum()))]


def _draw_balance(style: Style, rng: np.random.Generator) -> tuple[float, float, float, float]:
    drums, bass, chords, lead = style.balance_db + rng.uniform(-2.0, 2.0, 4)
    return float(drums), float(bass), float(chords), float(lead)


def _draw_timbre(rng: np.random.Generator) -> Timbre:
    return Timbre(
        brightness=float(rng.uniform(0.3, 0.7)),
        detune_cents=float(rng.uniform(3.0, 12.0)) if rng.random() < 0.3 else 0.0,
        attack_scale=float(2.0 ** rng.uniform(-0.8, 0.8)),
        decay_scale=float(2.0 ** rng.uniform(-0.8, 0.8)),
        vibrato_cents=float(rng.uniform(5.0, 30.0)) if rng.random() < 0.5 else 0.0,
    )


def _draw_sound(style: Style, rng: np.random.Generator) -> Sound:
    return Sound(
        tilt_db=style.tilt_db + float(rng.uniform(-0.8, 0.8)),
        peak_hz=float(250.0 * 2.0 ** rng.uniform(0.0, 4.5)),
        peak_db=float(rng.choice((-1.0, 1.0)) * rng.uniform(2.0, 7.0)),
        reverb_seconds=style.reverb_seconds * float(2.0 ** rng.uniform(-1.0, 1.0)),
        reverb_mix=(0.3 + style.reverb_seconds) * float(rng.uniform(0.04, 0.18)),
        noise_db=float(rng.uniform(-62.0, -40.0)),
        noise_colour=float(rng.uniform(0.0, 2.0)),
        drive=float(rng.uniform(0.0, 1.0)),
        width=float(rng.uniform(0.2, 0.9)),
    )
