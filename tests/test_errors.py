"""The one family of errors: what each says, and what a lost worker means for a file."""

import pickle

import pytest

from genre.errors import (
    AudioError,
    AudioErrorKind,
    ConfigError,
    ExecutionError,
    ExecutionErrorKind,
    GenreError,
    as_audio_error,
)

EMPTY = AudioError(AudioErrorKind.EMPTY, "a.mp3 has no bytes")
LATE = ExecutionError(ExecutionErrorKind.TIMEOUT, "unit=7 must be done within 3 s")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (EMPTY, "empty: a.mp3 has no bytes"),
        (LATE, "timeout: unit=7 must be done within 3 s"),
        (ConfigError("seed=-1 must be at least 0"), "seed=-1 must be at least 0"),
    ],
)
def test_an_error_is_of_the_family_and_says_its_line(error: GenreError, text: str) -> None:
    assert isinstance(error, GenreError)
    assert str(error) == text


@pytest.mark.parametrize("error", [EMPTY, LATE])
def test_an_error_with_a_kind_comes_whole_from_another_process(
    error: AudioError | ExecutionError,
) -> None:
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - written in the same line
    assert type(back) is type(error)
    assert (back.kind, back.message) == (error.kind, error.message)


@pytest.mark.parametrize(
    ("kind", "of_file"),
    [
        (ExecutionErrorKind.TIMEOUT, AudioErrorKind.TIMEOUT),
        (ExecutionErrorKind.OUT_OF_MEMORY, AudioErrorKind.CRASHED),
        (ExecutionErrorKind.CRASHED, AudioErrorKind.CRASHED),
    ],
)
def test_a_lost_worker_is_laid_to_its_file(
    kind: ExecutionErrorKind, of_file: AudioErrorKind
) -> None:
    error = as_audio_error(ExecutionError(kind, "unit=a.mp3 must be done"))
    assert isinstance(error, AudioError)
    assert error.kind is of_file
    assert error.message == "unit=a.mp3 must be done"


def test_every_other_error_stays_what_it_is() -> None:
    wrong = ConfigError("seed=-1 must be at least 0")
    assert as_audio_error(EMPTY) is EMPTY
    assert as_audio_error(wrong) is wrong
