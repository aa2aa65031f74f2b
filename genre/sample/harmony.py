"""Keys, chords, progressions and meters."""

import re
from dataclasses import dataclass

from genre.errors import ConfigError

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "major_pentatonic": (0, 2, 4, 7, 9),
    "minor_pentatonic": (0, 3, 5, 7, 10),
}
"""Semitones above the tonic."""

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7b5": (0, 3, 6, 10),
    "9": (0, 4, 10, 14),
    "m9": (0, 3, 10, 14),
    "sus4": (0, 5, 7),
}
"""Semitones above the root; a lower-case numeral adds the leading m."""

_NUMERALS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_SYMBOL = re.compile(r"(b|#)?(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)")


@dataclass(frozen=True)
class Chord:
    """A chord relative to the tonic.

    Parameters
    ----------
    root : int, in [0, 11]
        Semitones above the tonic.
    intervals : tuple of int
        Semitones above the root, the first 0.
    """

    root: int
    intervals: tuple[int, ...]


@dataclass(frozen=True)
class Meter:
    """A bar as a row of sixteenth notes.

    Parameters
    ----------
    n_steps : int
        Sixteenths to a bar: 16 in four-four, 12 in three-four and six-eight.
    beat_steps : int
        Sixteenths between two accents: 4, or 6 in six-eight.
    """

    n_steps: int = 16
    beat_steps: int = 4


METERS: dict[str, Meter] = {"4/4": Meter(16, 4), "3/4": Meter(12, 4), "6/8": Meter(12, 6)}
"""Every meter by name."""


def parse_chord(symbol: str) -> Chord:
    """Read a Roman numeral such as ``ii7``, ``bVII`` or ``Imaj7``.

    Parameters
    ----------
    symbol : str
        An accidental, a numeral (lower case for minor) and a quality of `QUALITIES`.

    Raises
    ------
    ConfigError
        Where it is not such a symbol.
    """
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        raise ConfigError(f"symbol={symbol!r} must be a Roman numeral such as ii7 or bVII")
    accidental, numeral, rest = match.groups()
    quality = f"m{rest}" if numeral.islower() else rest
    if quality not in QUALITIES:
        legal = ", ".join(repr(name) for name in QUALITIES)
        raise ConfigError(f"symbol={symbol!r} must end in a quality of: {legal}")
    shift = {"b": -1, "#": 1, None: 0}[accidental]
    return Chord((_NUMERALS[numeral.upper()] + shift) % 12, QUALITIES[quality])


def parse_progression(text: str) -> tuple[Chord, ...]:
    """Read chords separated by spaces, one to a bar.

    Parameters
    ----------
    text : str
        For example ``I V vi IV``.
    """
    return tuple(parse_chord(symbol) for symbol in text.split())


def voice_chord(
    chord: Chord, *, tonic: int, centre: int, previous: tuple[int, ...] = ()
) -> tuple[int, ...]:
    """Place a chord near a register, moving as little as possible from the chord before.

    Parameters
    ----------
    chord : Chord
        What is placed.
    tonic : int, MIDI number
        The key, in any octave.
    centre : int, MIDI number
        Middle of the register.
    previous : tuple of int, MIDI numbers
        The chord before; empty at the start.

    Returns
    -------
    tuple of int
        MIDI numbers in ascending order, one to a chord tone.
    """
    target = sum(previous) / len(previous) if previous else centre
    target = 0.7 * target + 0.3 * centre
    placed = []
    for interval in chord.intervals:
        pitch_class = (tonic + chord.root + interval) % 12
        octave = round((target - pitch_class) / 12)
        placed.append(pitch_class + 12 * octave)
    return tuple(sorted(placed))


def nearest_in_scale(pitch: int, *, tonic: int, scale: str) -> int:
    """Move a pitch to the nearest one of a scale, downwards where two are as near.

    Parameters
    ----------
    pitch, tonic : int, MIDI numbers
        What is moved, and the key in any octave.
    scale : str
        A key of `SCALES`.
    """
    legal = [near for near in range(pitch - 6, pitch + 7) if (near - tonic) % 12 in SCALES[scale]]
    return min(legal, key=lambda near: (abs(near - pitch), near))


def frequency_of(pitch: float) -> float:
    """Compute the frequency of a MIDI number.

    Parameters
    ----------
    pitch : float, MIDI number
        69 is the A of 440 Hz.

    Returns
    -------
    float, hertz
    """
    return float(440.0 * 2.0 ** ((pitch - 69) / 12))
