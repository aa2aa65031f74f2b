"""What is caught where tags are read: all that damage brings about, and no interrupt."""

import io
import struct
import zlib
from typing import Any

import mutagen
import pytest
from mutagen.mp3 import MP3

from genre.tag_errors import TAG_ERRORS


@pytest.mark.parametrize(
    "error",
    [
        mutagen.MutagenError,
        FileNotFoundError,
        EOFError,
        UnicodeDecodeError,
        KeyError,
        IndexError,
        ZeroDivisionError,
        OverflowError,
        RecursionError,
        NotImplementedError,
        MemoryError,
        struct.error,
        zlib.error,
    ],
)
def test_what_damage_brings_about_is_caught(error: type[Exception]) -> None:
    assert issubclass(error, TAG_ERRORS)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit, StopIteration])
def test_what_ends_a_program_is_not(error: type[BaseException]) -> None:
    assert not issubclass(error, TAG_ERRORS)


@pytest.mark.parametrize(
    "content",
    [b"", b"ID3", b"ID3\x04\x00\x00\x00\x00\x00\x20TCON", b"ID3\x04\x00\x80\x7f\x7f\x7f\x7f"],
)
def test_a_broken_tag_is_one_of_them(content: bytes) -> None:
    reader: Any = MP3  # mutagen has no annotations
    with pytest.raises(TAG_ERRORS):
        reader(io.BytesIO(content))
