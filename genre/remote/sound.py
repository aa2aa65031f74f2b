"""A sound file on this machine, wherever it lies, for as long as it is read."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from genre.addresses import Address, Place
from genre.errors import AddressError, AudioError, AudioErrorKind
from genre.remote.copying import TooLargeError, fetch
from genre.remote.scratch import own_folder

__all__ = ["AtHand", "at_hand"]


@dataclass(frozen=True)
class AtHand:
    """A sound file on this machine.

    Parameters
    ----------
    path : Path
        Where it is now.
    sha256 : str
        Of its content, 64 hexadecimal digits; empty where it was here before and nobody asked.
    """

    path: Path
    sha256: str = ""


@contextmanager
def at_hand(source: Place, *, max_bytes: int) -> Iterator[AtHand]:
    """Have a sound file on this machine while a block runs.

    Parameters
    ----------
    source : Path or Address
        A path stays where it is; what lies elsewhere is brought, and deleted after the block.
    max_bytes : int, in bytes
        A larger one is refused, as soon as its size is known.

    Yields
    ------
    AtHand
        An `AudioError` that leaves the block names the address.

    Raises
    ------
    AudioError
        Where it is not there, is too large, or does not come however often one asks.
    """
    if isinstance(source, Path):
        yield AtHand(source)
        return
    target = own_folder() / f"{uuid.uuid4().hex}{source.suffix[:16]}"
    try:
        yield AtHand(target, _brought(source, target, max_bytes))
    except AudioError as error:
        message = error.message.replace(str(target), str(source))
        raise AudioError(error.kind, message) from error
    finally:
        target.unlink(missing_ok=True)


def _brought(source: Address, target: Path, max_bytes: int) -> str:
    try:
        return fetch(source, target, max_bytes=max_bytes)
    except TooLargeError as error:
        raise AudioError(AudioErrorKind.TOO_LARGE, str(error)) from error
    except AddressError as error:
        raise AudioError(AudioErrorKind.MISSING, str(error)) from error
