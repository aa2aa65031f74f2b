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


class BundleError(GenreError):
    """A model bundle is missing, incomplete or inconsistent."""


class TagError(GenreError):
    """The genre tag of a file cannot be read, written or brought back; the file is as it was."""


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
