"""What libsndfile cannot read, through an installed ffmpeg that is told what to expect.

ffmpeg guesses: from a file's content it takes the format, and some formats name other files or
addresses to be read. Here the format comes from the first bytes, decoders and protocols stand on
a list, and the name of the file is only a name.
"""

import shutil
from functools import partial
from pathlib import Path

from genre.audio.containers import NAMES, Container
from genre.audio.readers.adts import adts_spans
from genre.audio.readers.chain import Chain
from genre.audio.readers.child import ChildSound
from genre.audio.readers.ffprobe import (
    DECODERS,
    INSTALL,
    Span,
    address,
    allowed_decoders,
    has_ffmpeg,
    probe,
    restricted,
)
from genre.audio.sound import MAX_SAMPLE_RATE, Lengths, Sound, check_layout
from genre.errors import AudioError, AudioErrorKind
from genre.wording import shown

# Containers whose length ffmpeg only guesses from their size.
_WITHOUT_LENGTH = frozenset(
    {Container.AAC, Container.AMR, Container.AC3, Container.EAC3, Container.DTS}
)
# Coders of frames add or leave out some at either end: four of the longest, 2,048 samples each.
_SLACK = 8192
# DSD goes up to 45 MHz, of which ffmpeg makes 5.6 million samples a second.
_MAX_HALVINGS = 4


def open_ffmpeg(
    path: Path, container: Container, *, max_seconds: float, span: Span | None = None
) -> tuple[ChildSound, Lengths]:
    """Find out what a file holds, so that ffmpeg can decode it.

    Parameters
    ----------
    path : Path
        The file.
    container : Container
        What it is; one of `FORMATS`.
    max_seconds : float, in seconds
        ffmpeg stops a second behind this.
    span : tuple of int or None, in bytes
        Where in the file to begin and to end; the whole file if None.

    Raises
    ------
    AudioError
        Of kind ``unsupported``, ``corrupt``, ``not_audio``, ``timeout`` or ``crashed``.
    """
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None or not has_ffmpeg():
        name = NAMES.get(container, f"{container.value} with a rare coding")
        raise AudioError(
            AudioErrorKind.UNSUPPORTED, f"{shown(path)} is a file of type {name}; {INSTALL}"
        )
    probed = probe(path, container, span)
    rate = _wanted_rate(probed.sample_rate)
    check_layout(path, rate, probed.n_channels)
    command = [ffmpeg, "-nostdin", "-hide_banner", "-v", "error", "-threads", "1"]
    command += [*restricted(container, span), *allowed_decoders()]
    command += ["-c:a", DECODERS[probed.codec], "-t", f"{max_seconds + 1:.3f}"]
    command += ["-i", address(path, span), "-map", "0:a:0", "-vn", "-sn", "-dn"]
    command += ["-f", "f32le", "-c:a", "pcm_f32le", "-ac", str(probed.n_channels)]
    command += ["-ar", str(rate), "pipe:1"]
    declared = None
    if probed.seconds is not None and container not in _WITHOUT_LENGTH:
        declared = round(probed.seconds * rate)
    sound = ChildSound(command, samplerate=rate, channels=probed.n_channels)
    return sound, Lengths(declared=declared, slack=_SLACK)


def open_adts(path: Path, start: int, *, max_seconds: float) -> tuple[Sound, Lengths]:
    """Open a file of raw AAC, each stretch of one format by itself; otherwise as `open_ffmpeg`.

    Parameters
    ----------
    path : Path
        The file.
    start : int, in bytes
        Where its first frame stands.
    max_seconds : float, in seconds
        ffmpeg stops a second behind this.
    """

    def _open(span: Span | None) -> tuple[ChildSound, Lengths]:
        return open_ffmpeg(path, Container.AAC, max_seconds=max_seconds, span=span)

    def _part(span: Span) -> Sound:
        return _open(span)[0]

    spans = adts_spans(path, start)
    if len(spans) == 1:
        return _open(None)
    return Chain(path, [partial(_part, span) for span in spans]), Lengths()


def _wanted_rate(sample_rate: int) -> int:
    """Halve a rate that is too high, as of DSD, which ffmpeg gives at an eighth of its bits."""
    for _ in range(_MAX_HALVINGS):
        if sample_rate > MAX_SAMPLE_RATE and sample_rate % 2 == 0:
            sample_rate //= 2
    return sample_rate
