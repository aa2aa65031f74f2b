"""Files that are there whole or not at all: temporary name, flush to disk, rename."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from genre.errors import ConfigError


@contextmanager
def atomic_file(path: Path, *, is_durable: bool = True) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its name only when the block ends without an error.

    Parameters
    ----------
    path : Path
        The final name; its folder is made where absent.
    is_durable : bool
        Wait until the disk has it, so that even a power cut leaves the old file or the new one. A
        file of a cache, which can be made again, need not wait.

    Yields
    ------
    BinaryIO
        A writable binary file beside `path`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", suffix=".tmp", delete=False
    ) as file:
        temporary = Path(file.name)
        try:
            yield file  # type: ignore[misc]  # the wrapper behaves as the BinaryIO it holds
            file.flush()
            if is_durable:
                os.fsync(file.fileno())
            file.close()  # Windows renames no open file
            # Private by default; a result is as readable as the user's other files.
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        except BaseException:
            file.close()
            temporary.unlink(missing_ok=True)
            raise


def write_text(path: Path, text: str, *, is_durable: bool = True) -> None:
    """Write a UTF-8 text file, whole or not at all; durable as `atomic_file`."""
    with atomic_file(path, is_durable=is_durable) as file:
        file.write(text.encode())


def replace_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder anew; until it is full, the old one stays.

    Parameters
    ----------
    folder : Path
        The final name; an old folder of that name is removed.
    fill : callable of Path
        Writes the contents into the empty folder it is given.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        temporary.chmod(0o777 & ~_umask())
        fill(temporary)
        if folder.exists():
            shutil.rmtree(folder)
        temporary.rename(folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def ensure_writable(folder: Path, *, option: str) -> None:
    """See that a folder is there or can be made and files be written into it; leaves no trace.

    Parameters
    ----------
    folder : Path
        Where something is going to be written.
    option : str
        Name of the option that says where, for the message.

    Raises
    ------
    ConfigError
        Where nothing can be written there; a full disk is left to whoever writes.
    """
    place = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    # A folder to be made is not tried under its own name: another process may be filling it.
    attempt = tempfile.TemporaryFile if place == folder else tempfile.TemporaryDirectory
    try:
        with attempt(dir=place):
            pass
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return
        raise ConfigError(
            f"{option}={folder} must be a folder that can be written ({error.strerror}); name "
            f"another one with --{option}"
        ) from error


def _umask() -> int:
    # The mask can only be read by setting it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
