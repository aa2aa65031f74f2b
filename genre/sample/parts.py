"""From a line and the bars of a track to notes: bass lines, chords in rhythm, melodies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from genre.sample.harmony import Chord, Meter, nearest_in_scale, voice_chord
from genre.sample.style import Line, Stroke, strikes

_BASS_CENTRE, _CHORDS_CENTRE, _LEAD_CENTRE = 38, 60, 72
_STRUM_SECONDS = 0.012


@dataclass(frozen=True)
class Note:
    """One pitched note.

    Parameters
    ----------
    pitch : int, MIDI number
        60 is middle C.
    start_seconds, duration_seconds : float
        From the start of the track, and until the release.
    velocity : float, in [0, 1]
        How hard it is struck: the factor on its samples.
    """

    pitch: int
    start_seconds: float
    duration_seconds: float
    velocity: float


@dataclass(frozen=True)
class Bar:
    """What happens in one bar.

    Parameters
    ----------
    active : frozenset of str
        Of drums, bass, chords and lead, those that play.
    chord : Chord
        What the pitched parts play over.
    intensity : float, in [0, 1]
        Factor on the accents of all who play.
    varied : bool
        The melody takes its second motif.
    fill : bool
        The drums lead over to the next section.
    """

    active: frozenset[str]
    chord: Chord
    intensity: float
    varied: bool = False
    fill: bool = False


@dataclass(frozen=True)
class Clock:
    """Where each sixteenth of each bar falls in time.

    Parameters
    ----------
    tempo_bpm : float, quarter notes per minute
        The same through the whole track.
    meter : Meter
        How many sixteenths a bar has.
    swing : float, in [0, 0.4]
        Delay of the off-beat eighth as a share of an eighth.
    """

    tempo_bpm: float
    meter: Meter
    swing: float

    @property
    def step_seconds(self) -> float:
        """float, seconds: length of an even sixteenth."""
        return 15.0 / self.tempo_bpm

    @property
    def bar_seconds(self) -> float:
        """float, seconds: length of a bar."""
        return self.meter.n_steps * self.step_seconds

    def seconds(self, bar: int, step: int) -> float:
        """Compute the time of a sixteenth.

        Parameters
        ----------
        bar : int, at least 0
            Number of the bar.
        step : int, in [0, meter.n_steps)
            Number of the sixteenth in it.

        Returns
        -------
        float
            From the start of the track, swing included.
        """
        within = step % 4
        # Swing stretches the first eighth of a quarter and squeezes the second.
        delay = self.swing * (within if within <= 2 else 1.0)
        return bar * self.bar_seconds + (step + delay) * self.step_seconds


def play_line(
    role: str,
    line: Line,
    *,
    bars: tuple[Bar, ...],
    clock: Clock,
    tonic: int,
    scale: str,
    rng: np.random.Generator,
) -> tuple[Note, ...]:
    """Play one pitched part through the track.

    Parameters
    ----------
    role : str
        ``bass``, ``chords`` or ``lead``.
    line : Line
        What is played.
    bars : tuple of Bar
        The track; the part plays where it is active.
    clock : Clock
        Where each note falls in time.
    tonic : int, MIDI number
        The key, in any octave.
    scale : str
        A key of `harmony.SCALES`.
    rng : numpy.random.Generator
        Draws the motifs, velocities and milliseconds beside the beat.

    Returns
    -------
    tuple of Note
        In order of time.
    """
    if role == "lead":
        notes = _melody(line, bars, clock, tonic, scale, rng)
    elif role == "bass":
        notes = _bass(line, bars, clock, tonic, scale)
    else:
        notes = _chords(line, bars, clock, tonic)
    return tuple(_humanised(note, rng) for note in notes)


def _humanised(note: Note, rng: np.random.Generator) -> Note:
    start = max(0.0, note.start_seconds + float(rng.normal(0.0, 0.004)))
    velocity = min(1.0, note.velocity * float(rng.uniform(0.85, 1.0)))
    return Note(note.pitch, start, note.duration_seconds, velocity)


def _note(pitch: int, bar: int, stroke: Stroke, clock: Clock, intensity: float) -> Note:
    return Note(
        pitch,
        clock.seconds(bar, stroke.step),
        stroke.n_steps * clock.step_seconds * 0.95,
        stroke.accent * intensity,
    )


def _bass(
    line: Line, bars: tuple[Bar, ...], clock: Clock, tonic: int, scale: str
) -> Iterator[Note]:
    for number, bar in enumerate(bars):
        if "bass" not in bar.active:
            continue
        root = _near(tonic + bar.chord.root, _BASS_CENTRE)
        following = _near(tonic + bars[(number + 1) % len(bars)].chord.root, _BASS_CENTRE)
        strokes = strikes(line.rhythm, bar=number, meter=clock.meter)
        for index, stroke in enumerate(strokes):
            if line.motion == "walk":
                # Walk in scale steps from this root to the next.
                between = root + (following - root) * index / len(strokes) + 2 * (index % 2)
                pitch = nearest_in_scale(round(between), tonic=tonic, scale=scale)
            else:
                pitch = root + {"fifth": 7, "octave": 12}.get(line.motion, 0) * (index % 2)
            yield _note(pitch if index else root, number, stroke, clock, bar.intensity)


def _chords(line: Line, bars: tuple[Bar, ...], clock: Clock, tonic: int) -> Iterator[Note]:
    pitches: tuple[int, ...] = ()
    for number, bar in enumerate(bars):
        pitches = voice_chord(bar.chord, tonic=tonic, centre=_CHORDS_CENTRE, previous=pitches)
        if "chords" not in bar.active:
            continue
        for index, stroke in enumerate(strikes(line.rhythm, bar=number, meter=clock.meter)):
            for rank, pitch in enumerate(_chord_tones(line.motion, pitches, index)):
                note = _note(pitch, number, stroke, clock, bar.intensity)
                delay = rank * _STRUM_SECONDS if line.motion == "strum" else 0.0
                yield Note(pitch, note.start_seconds + delay, note.duration_seconds, note.velocity)


def _chord_tones(motion: str, pitches: tuple[int, ...], index: int) -> tuple[int, ...]:
    n_tones = len(pitches)
    if motion == "arpeggio":
        ladder = (*pitches, *(pitch + 12 for pitch in pitches))
        return (ladder[index % len(ladder)],)
    if motion == "broken":  # low, high, middle, high: the bass of Alberti
        return (pitches[(0, n_tones - 1, n_tones // 2, n_tones - 1)[index % 4]],)
    if motion == "strum":
        return (*pitches, pitches[0] + 12)
    return pitches


def _melody(
    line: Line,
    bars: tuple[Bar, ...],
    clock: Clock,
    tonic: int,
    scale: str,
    rng: np.random.Generator,
) -> Iterator[Note]:
    # Two motifs of 32 sixteenths: steps of a wandering line, the same each time a motif returns.
    motifs = [np.cumsum(rng.choice((-4, -2, -2, 0, 2, 2, 4), size=32)) for _ in range(2)]
    for number, bar in enumerate(bars):
        if "lead" not in bar.active:
            continue
        motif = motifs[int(bar.varied)]
        chord_tones = {(tonic + bar.chord.root + i) % 12 for i in bar.chord.intervals}
        for index, stroke in enumerate(strikes(line.rhythm, bar=number, meter=clock.meter)):
            # Folded into a sixth up and down, so that the line stays singable.
            height = int(motif[(index + 11 * (number % 2)) % 32])
            height = abs((height + 9) % 36 - 18) - 9
            wanted = _near(tonic, _LEAD_CENTRE) + height
            # Accents sound the chord, the notes between them the scale.
            if stroke.step % clock.meter.beat_steps == 0:
                near = range(wanted - 6, wanted + 6)
                pitch = min((p for p in near if p % 12 in chord_tones), key=_distance_from(wanted))
            else:
                pitch = nearest_in_scale(wanted, tonic=tonic, scale=scale)
            yield _note(pitch, number, stroke, clock, bar.intensity)


def _near(pitch: int, centre: int) -> int:
    return pitch + 12 * round((centre - pitch) / 12)


def _distance_from(pitch: int) -> Callable[[int], int]:
    return lambda other: abs(other - pitch)
