"""The one family of errors: whatever a user can cause is a `GenreError` with a line to act on.

Every message reads ``name=value must …`` or names the file at fault, and says what to do next.
"""

from enum import StrEnum


class GenreError(Exception):
    """Base of every error that a user can cause and mend."""


class ConfigError(GenreError):
    """An option or configuration value is unknown or out of range."""


class DatasetError(GenreError):
    """The folder, its labels or its splits cannot be used as they are."""


class AddressError(GenreError):
    """What lies at an address cannot be read, or nothing can be written there."""


class BundleError(GenreError):
    """A model bundle is missing, incomplete or inconsistent."""


class TagError(GenreError):
    """The genre tag of a file cannot be read, written or brought back; the file is as it was."""


class NoGenreTagError(TagError):
    """Into files of such a kind no genres are written; nothing is wrong with this one.

    Parameters
    ----------
    path : str
        The file.
    kind : str
        What it is, in words: ``of type WAV``.
    """

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(path, kind)
        self.kind = kind

    def __str__(self) -> str:
        return (
            f"{self.args[0]} is {self.kind}, into which no genres are written; only into MP3, "
            "FLAC, OGG Vorbis, Opus and M4A"
        )


class MissingPackageError(GenreError, ImportError):
    """What was asked for needs a package of an extra that is not installed."""


class AudioErrorKind(StrEnum):
    """What is wrong with an audio file."""

    MISSING = "missing"
    EMPTY = "empty"
    NOT_AUDIO = "not_audio"
    UNSUPPORTED = "unsupported"
    CORRUPT = "corrupt"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    UNSAFE = "unsafe"
    TIMEOUT = "timeout"
    CRASHED = "crashed"


class AudioError(GenreError):
    """One audio file cannot be turned into features.

    Parameters
    ----------
    kind : AudioErrorKind
        The fault, for counting and for machines.
    message : str
        The fault in words, with the value that was found.
    """

    def __init__(self, kind: AudioErrorKind, message: str) -> None:
        # Both arguments go to Exception so that the error survives pickling between processes.
        super().__init__(kind, message)
        self.kind = kind
        self.message = message

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.message}"


class ExecutionErrorKind(StrEnum):
    """How a worker was lost."""

    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"


class ExecutionError(GenreError):
    """One unit of work cost its worker; nothing is known of what the unit was.

    Parameters
    ----------
    kind : ExecutionErrorKind
        How the worker was lost, for counting and for machines.
    message : str
        The unit and the limit it broke, in words.
    """

    def __init__(self, kind: ExecutionErrorKind, message: str) -> None:
        # Both arguments go to Exception so that the error survives pickling between processes.
        super().__init__(kind, message)
        self.kind = kind
        self.message = message

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.message}"


def as_audio_error(error: GenreError) -> GenreError:
    """Lay a lost worker to the file it was at; for whoever knows that the unit is a file.

    Parameters
    ----------
    error : GenreError
        What became of the unit.

    Returns
    -------
    GenreError
        For an `ExecutionError`, the `AudioError` of kind ``timeout`` or ``crashed`` with the same
        message; any other error as it is.
    """
    if not isinstance(error, ExecutionError):
        return error
    is_late = error.kind is ExecutionErrorKind.TIMEOUT
    return AudioError(AudioErrorKind.TIMEOUT if is_late else AudioErrorKind.CRASHED, error.message)
