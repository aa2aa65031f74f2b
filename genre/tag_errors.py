"""What mutagen is known to let out on damaged tags, besides its own MutagenError."""

import struct
import zlib

import mutagen

TAG_ERRORS = (
    mutagen.MutagenError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
)
