"""From a score to sound: notes into stems, stems into a mix, the mix into a finished recording.

`pydub` places the stems in stereo, mixes, fades and levels them in 32-bit integers; its decoders
and encoders, which need an installed ffmpeg, are never called.
"""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

from genre.sample.arrangement import Part, Score
from genre.sample.artists import Sound
from genre.sample.harmony import frequency_of
from genre.sample.instruments import Samples, Tone
from genre.sample.percussion import Kit, render_hit
from genre.sample.voices import VOICES

with warnings.catch_warnings():
    # On import it warns of an absent ffmpeg, which nothing here needs, and of its own age.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

_FULL_SCALE = float(2**31 - 1)
_STEM_RMS_DB = -27.0  # leaves room for the sum of four stems
_FADE_IN_SECONDS, _FADE_OUT_SECONDS = 0.05, 1.2
_PEAK_DB = -2.0  # MP3 overshoots


def render_part(
    part: Part, *, n_samples: int, sample_rate: int, rng: np.random.Generator
) -> Samples:
    """Play one pitched part.

    Parameters
    ----------
    part : Part
        Its notes, and who plays them.
    n_samples : int
        Length of the track; what sounds on after it is cut.
    sample_rate : int, hertz
        Of the stem.
    rng : numpy.random.Generator
        Draws breath, plucks and the phases of modulators.

    Returns
    -------
    ndarray of shape (n_samples,)
    """
    stem = np.zeros(n_samples, dtype=np.float32)
    voice = VOICES[part.line.voice]
    cache: dict[tuple[int, int], Samples] = {}
    for note in part.notes:
        # A pattern repeats its notes: each pitch and length is synthesised once.
        key = (note.pitch, round(note.duration_seconds * 100))
        if key not in cache:
            frequency_hz = frequency_of(note.pitch)
            tone = Tone(frequency_hz, note.duration_seconds, sample_rate, part.timbre)
            cache[key] = voice.render(tone, rng=rng)
        _add(stem, cache[key], round(note.start_seconds * sample_rate), note.velocity)
    if part.line.drive:
        level = np.sqrt(np.mean(stem**2)) + 1e-9
        stem = np.tanh(stem * np.float32(part.line.drive * 0.3 / level))
    return stem


def render_drums(
    score: Score, *, kit: Kit, n_samples: int, sample_rate: int, rng: np.random.Generator
) -> Samples:
    """Play the drums.

    Parameters
    ----------
    score : Score
        With the strokes of each drum.
    kit : Kit
        How the artist's drums sound.
    n_samples : int
        Length of the track.
    sample_rate : int, hertz
        Of the stem.
    rng : numpy.random.Generator
        Draws the noise of two takes of every drum.

    Returns
    -------
    ndarray of shape (n_samples,)
        Zeros where the score has no drums.
    """
    stem = np.zeros(n_samples, dtype=np.float32)
    takes = {
        drum: [render_hit(drum, kit=kit, sample_rate=sample_rate, rng=rng) for _ in range(2)]
        for drum in sorted({hit.drum for hit in score.hits})
    }
    for number, hit in enumerate(score.hits):
        _add(
            stem, takes[hit.drum][number % 2], round(hit.start_seconds * sample_rate), hit.velocity
        )
    return stem


def _add(stem: Samples, note: Samples, start: int, gain: float) -> None:
    end = min(start + len(note), len(stem))
    if start < end:
        stem[start:end] += np.float32(gain) * note[: end - start]


def mix(stems: list[tuple[Samples, float, float]], *, sample_rate: int) -> NDArray[np.float32]:
    """Lay stems over each other in stereo.

    Parameters
    ----------
    stems : list of (samples of shape (n_samples,), level in decibels, pan in [-1, 1])
        Silent ones are left out.
    sample_rate : int, hertz
        Of all stems.

    Returns
    -------
    ndarray of shape (n_samples, 2), in [-1, 1]
    """
    total = AudioSegment(
        bytes(8 * len(stems[0][0])), frame_rate=sample_rate, sample_width=4, channels=2
    )
    for samples, level_db, pan in stems:
        rms = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
        if rms > 0:
            gain = 10 ** (_STEM_RMS_DB / 20) / rms
            segment = to_segment(samples * np.float32(gain), sample_rate=sample_rate)
            total = total.overlay(segment.apply_gain(level_db).pan(pan))
    return to_samples(total)


def finish(
    mixed: NDArray[np.float32], sound: Sound, *, sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Apply an artist's sound to a mix: saturation, room, equaliser and hiss.

    Parameters
    ----------
    mixed : ndarray of shape (n_samples, n_channels), in [-1, 1]
        At any level.
    sound : Sound
        How the artist finishes recordings.
    sample_rate : int, hertz
        Of the mix.
    rng : numpy.random.Generator
        Draws the room and the hiss.

    Returns
    -------
    ndarray of shape (n_samples, n_channels)
    """
    rms = np.sqrt(np.mean(mixed**2)) + 1e-9
    if sound.drive:
        drive = np.float32(sound.drive * 0.35 / rms)
        mixed = np.tanh(mixed * drive) / drive
    finished = mixed + sound.reverb_mix * _reverberate(mixed, sound, sample_rate, rng)
    finished = _filter(finished, _equaliser_db(sound, sample_rate, n_fft := _n_fft(mixed)), n_fft)
    hiss = rng.standard_normal(mixed.shape, dtype=np.float32)
    hiss = _filter(hiss, _hiss_db(sound, sample_rate, n_fft), n_fft)
    level = np.sqrt(np.mean(finished**2)) * 10 ** (sound.noise_db / 20)
    return finished + hiss * np.float32(level / (np.sqrt(np.mean(hiss**2)) + 1e-12))


def _n_fft(samples: NDArray[np.float32]) -> int:
    return int(next_fast_len(len(samples), real=True))


def _filter(
    samples: NDArray[np.float32], gain_db: NDArray[np.float64], n_fft: int
) -> NDArray[np.float32]:
    spectrum = rfft(samples, n=n_fft, axis=0)
    spectrum *= (10 ** (gain_db / 20)).astype(np.float32)[:, None]
    return np.asarray(irfft(spectrum, n=n_fft, axis=0)[: len(samples)], dtype=np.float32)


def _hiss_db(sound: Sound, sample_rate: int, n_fft: int) -> NDArray[np.float64]:
    frequencies = rfftfreq(n_fft, 1 / sample_rate)
    return np.asarray(-10 * sound.noise_colour * np.log10(np.maximum(frequencies, 60.0) / 1000.0))


def _equaliser_db(sound: Sound, sample_rate: int, n_fft: int) -> NDArray[np.float64]:
    frequencies = rfftfreq(n_fft, 1 / sample_rate)
    octaves = np.log2(np.clip(frequencies, 40.0, 16000.0) / 700.0)
    peak = np.log2(np.maximum(frequencies, 20.0) / sound.peak_hz)
    result: NDArray[np.float64] = sound.tilt_db * octaves + sound.peak_db * np.exp(
        -((peak / 0.6) ** 2)
    )
    return result


def _reverberate(
    mixed: NDArray[np.float32], sound: Sound, sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    n_tail = round(min(sound.reverb_seconds, 1.5) * sample_rate)
    time = np.arange(n_tail) / sample_rate
    decay = 10 ** (-3 * time / sound.reverb_seconds)
    tail = rng.standard_normal((n_tail, mixed.shape[1])) * decay[:, None]
    tail /= np.sqrt(np.sum(tail**2, axis=0))
    from scipy.signal import fftconvolve  # takes longer to import than to mix a track

    wet = fftconvolve(mixed, tail.astype(np.float32), axes=0)[: len(mixed)]
    return np.asarray(wet, dtype=np.float32)


def level_and_fade(samples: NDArray[np.float32], *, sample_rate: int) -> NDArray[np.float32]:
    """Fade a recording in and out and bring its peak to -2 dB of full scale.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_channels) or (n_samples,)
        At any level; silence stays silent.
    sample_rate : int, hertz
        Of the recording, for the length of the fades.

    Returns
    -------
    ndarray of the same shape, in [-1, 1]
    """
    peak = float(np.max(np.abs(samples)))
    segment = to_segment(samples * np.float32(0.5 / max(peak, 1e-9)), sample_rate=sample_rate)
    segment = segment.apply_gain(_PEAK_DB - segment.max_dBFS)
    faded = segment.fade_in(round(1000 * _FADE_IN_SECONDS)).fade_out(
        round(1000 * _FADE_OUT_SECONDS)
    )
    result = to_samples(faded)
    return result if samples.ndim == 2 else result[:, 0]


def to_segment(samples: NDArray[np.float32], *, sample_rate: int) -> AudioSegment:
    """Hand samples to `pydub`.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,) or (n_samples, n_channels), in [-1, 1]
        What lies outside is clipped.
    sample_rate : int, hertz
        Noted in the segment.
    """
    integers = np.round(np.clip(samples.astype(np.float64), -1.0, 1.0) * _FULL_SCALE)
    return AudioSegment(
        integers.astype("<i4").tobytes(),
        frame_rate=sample_rate,
        sample_width=4,
        channels=1 if samples.ndim == 1 else samples.shape[1],
    )


def to_samples(segment: AudioSegment) -> NDArray[np.float32]:
    """Take samples back from `pydub`.

    Parameters
    ----------
    segment : pydub.AudioSegment
        Of 32-bit integers.

    Returns
    -------
    ndarray of shape (n_samples, n_channels), in [-1, 1]
    """
    integers = np.frombuffer(segment.raw_data, dtype="<i4").reshape(-1, segment.channels)
    return np.asarray(integers / _FULL_SCALE, dtype=np.float32)
