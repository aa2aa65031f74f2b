"""What makes each genre: tempo, meter, harmony, rhythms and instruments to choose from.

A rhythm is a string of sixteenths: ``x`` strikes, ``o`` strikes softly, ``-`` holds a pitched note,
``.`` rests. It repeats to fill the bar, and a shorter bar cuts it.
"""

from dataclasses import dataclass

from genre.sample.harmony import Meter

DrumPattern = dict[str, str]


@dataclass(frozen=True)
class Line:
    """One way of playing a pitched part.

    Parameters
    ----------
    voice : str
        A key of `voices.VOICES`.
    motion : str
        How a chord becomes notes: ``root``, ``fifth``, ``octave`` and ``walk`` in the bass;
        ``block``, ``strum``, ``arpeggio`` and ``broken`` in the chords; ``melody`` in the lead.
    rhythm : str
        One or two bars of sixteenths.
    drive : float, at least 0
        Overdrive of the whole part; 0 leaves it clean.
    """

    voice: str
    motion: str
    rhythm: str
    drive: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Style:
    """The choices of one genre.

    Parameters
    ----------
    tempo_bpm : pair of float, quarter notes per minute
        Slowest and fastest.
    meters : tuple of str
        Keys of `harmony.METERS`.
    swing : float, in [0, 0.4]
        Delay of the off-beat eighth as a share of an eighth.
    progressions : tuple of (scale, chords)
        A key of `harmony.SCALES` for the melody, and Roman numerals, one to a bar.
    drums : tuple of dict of drum to rhythm
        An empty one plays none.
    basses, chords, leads : tuple of Line
        The commonest first, as with the drums.
    balance_db : tuple of 4 float, decibels
        Usual levels of drums, bass, chords and lead.
    tilt_db : float, decibels per octave
        Usual slope of the finished spectrum.
    reverb_seconds : float
        Usual reverberation time.
    """

    tempo_bpm: tuple[float, float]
    meters: tuple[str, ...]
    swing: float
    progressions: tuple[tuple[str, str], ...]
    drums: tuple[DrumPattern, ...]
    basses: tuple[Line, ...]
    chords: tuple[Line, ...]
    leads: tuple[Line, ...]
    balance_db: tuple[float, float, float, float]
    tilt_db: float
    reverb_seconds: float


@dataclass(frozen=True)
class Stroke:
    """One struck sixteenth of a rhythm.

    Parameters
    ----------
    step : int
        Its place in the bar.
    n_steps : int
        How long it is held.
    accent : float, in [0, 1]
        How hard it is struck.
    """

    step: int
    n_steps: int
    accent: float


def strikes(rhythm: str, *, bar: int, meter: Meter) -> tuple[Stroke, ...]:
    """Read one bar of a rhythm.

    Parameters
    ----------
    rhythm : str
        Sixteenths, as above. It repeats from bar to bar; a two-bar rhythm alternates.
    bar : int, at least 0
        Number of the bar.
    meter : Meter
        A bar shorter than the rhythm's cuts it.

    Returns
    -------
    tuple of Stroke
        In order of time; a note is held up to the end of the bar at most.
    """
    n_bars = max(1, len(rhythm) // 16)
    start = (bar % n_bars) * 16
    steps = rhythm[start : start + 16][: meter.n_steps]
    found = []
    for step, sign in enumerate(steps):
        if sign in "xo":
            held = len(steps[step + 1 :]) - len(steps[step + 1 :].lstrip("-"))
            beat = 1.0 if step % meter.beat_steps == 0 else 0.8
            found.append(Stroke(step, held + 1, beat * (1.0 if sign == "x" else 0.6)))
    return tuple(found)
