"""What came up when features were computed, said of each track that it concerns."""

from collections.abc import Iterable, Sequence

from genre.dataset.faults import Fault
from genre.dataset.sidecar import FLAG_MESSAGES
from genre.dataset.tracks import Track
from genre.errors import AudioError, GenreError

STAGE = "features"


def warnings_of(copies: Sequence[Track], flags: Iterable[str]) -> list[Fault]:
    """Describe what is odd about a recording.

    Parameters
    ----------
    copies : sequence of Track
        All that hold it.
    flags : iterable of str
        As of `genre.audio.sound.SoundFacts`.
    """
    return [fault_of(track, flag, FLAG_MESSAGES[flag]) for flag in flags for track in copies]


def kind_and_message(error: GenreError) -> tuple[str, str]:
    """Take an error apart.

    Parameters
    ----------
    error : GenreError
        Why a track has no features.

    Returns
    -------
    str, str
        As of `Fault`.
    """
    if isinstance(error, AudioError):
        return error.kind.value, error.message
    return "error", str(error)


def fault_of(track: Track, kind: str, message: str) -> Fault:
    """Describe what is wrong with a track.

    Parameters
    ----------
    track : Track
        The track.
    kind, message : str
        As of `Fault`.
    """
    return Fault(path=track.path, sha256=track.sha256, stage=STAGE, kind=kind, message=message)


def by_path(fault: Fault) -> tuple[str, str]:
    """Return what faults are sorted by."""
    return str(fault.path), fault.kind
