"""Which layouts of sound are accepted, whatever reads the file."""

from pathlib import Path

from genre.errors import AudioError, AudioErrorKind
from genre.wording import shown

MIN_SAMPLE_RATE = 4_000
MAX_SAMPLE_RATE = 384_000
MAX_CHANNELS = 8


def check_layout(path: Path, sample_rate: int, n_channels: int) -> None:
    """Refuse what no recording has, before anything is decoded.

    Parameters
    ----------
    path : Path
        The file, for the message.
    sample_rate : int, in Hz
        As its header has it.
    n_channels : int
        As its header has it.

    Raises
    ------
    AudioError
        Of kind ``unsupported``.
    """
    trouble = None
    if not MIN_SAMPLE_RATE <= sample_rate <= MAX_SAMPLE_RATE:
        trouble = (
            f"sample_rate={sample_rate} that must be between {MIN_SAMPLE_RATE} and "
            f"{MAX_SAMPLE_RATE} Hz; resample it"
        )
    elif not 1 <= n_channels <= MAX_CHANNELS:
        trouble = (
            f"n_channels={n_channels} that must be between 1 and {MAX_CHANNELS}; mix it to stereo"
        )
    if trouble is not None:
        raise AudioError(AudioErrorKind.UNSUPPORTED, f"{shown(path)} has {trouble}")
