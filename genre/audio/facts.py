"""What is known of a sound file once it has been decoded."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SoundFacts:
    """What decoding a file told about it.

    Parameters
    ----------
    container : str
        What the file is, a value of `genre.audio.containers.Container`.
    sample_rate : int, in Hz
        Of the file.
    n_channels : int
        Of the file.
    duration_seconds : float
        Length of the sound that was decoded.
    declared_seconds : float or None
        Length that the file's header promises; None where it does not say.
    peak : float
        Largest magnitude of a sample in any channel; full scale is 1.
    clipped_fraction : float
        Share of the frames that reach full scale in some channel, in [0, 1].
    flags : tuple of str
        What is odd about it: ``partial``, ``truncated``, ``silent``.
    """

    container: str
    sample_rate: int
    n_channels: int
    duration_seconds: float
    declared_seconds: float | None
    peak: float
    clipped_fraction: float
    flags: tuple[str, ...]
