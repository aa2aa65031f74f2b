"""File systems behind addresses, and what to say where one cannot be had."""

from typing import Any

from genre.addresses import Address
from genre.errors import AddressError, MissingPackageError
from genre.extras import explained

__all__ = ["ask_size", "check_reachable", "forget", "is_absent", "open_system", "reason"]


def open_system(address: Address) -> tuple[Any, str]:
    """Open the file system of an address; one that is open already is used again.

    Parameters
    ----------
    address : Address
        Of anything in it.

    Returns
    -------
    AbstractFileSystem, str
        The file system of `fsspec`, and what it calls the address.

    Raises
    ------
    MissingPackageError
        Where `fsspec`, or what it needs for such addresses, is not installed.
    AddressError
        Where nothing is known of such addresses, or nobody answers.
    """
    with explained():
        import fsspec  # which only addresses need
    try:
        return fsspec.core.url_to_fs(str(address))  # type: ignore[no-any-return]
    except ImportError as error:
        raise MissingPackageError(
            f"{address} needs a package that is not installed: {reason(error)}"
        ) from error
    except Exception as error:  # whatever file system it is: each has errors of its own kinds
        raise AddressError(f"{address} cannot be reached: {reason(error)}") from error


def forget(system: Any) -> None:  # noqa: ANN401 - any file system
    """Let the next `open_system` connect anew: a broken connection does not mend itself.

    Parameters
    ----------
    system : AbstractFileSystem
        That failed.
    """
    type(system).clear_instance_cache()


def reason(error: BaseException) -> str:
    """Write why something failed, in one line.

    Parameters
    ----------
    error : exception
        Of any package.
    """
    return " ".join(str(error).split()) or type(error).__name__


def is_absent(error: FileNotFoundError) -> bool:
    """Check whether somebody said that a file is not there, or merely nobody answered.

    Parameters
    ----------
    error : FileNotFoundError
        Which some file systems raise either way, and say why.
    """
    cause = error.__cause__
    return not isinstance(cause, OSError) or isinstance(cause, FileNotFoundError)


def ask_size(system: Any, path: str) -> int | None:  # noqa: ANN401 - any file system
    """Ask how large a file is; None where the file system does not say.

    Parameters
    ----------
    system : AbstractFileSystem
        From `open_system`.
    path : str
        From there, too.
    """
    size = system.info(path).get("size")
    return None if size is None else int(size)


def check_reachable(address: Address, *, option: str) -> None:
    """See that somebody answers at an address, before any work is done for it.

    Parameters
    ----------
    address : Address
        Whatever lies there, or nothing yet.
    option : str
        The option that names it, for the message.

    Raises
    ------
    AddressError, MissingPackageError
        In one line, with the option.
    """
    try:
        system, path = open_system(address)
        system.info(path)
    except FileNotFoundError as error:
        if not is_absent(error):
            raise AddressError(f"{option}={address} cannot be reached: {reason(error)}") from error
    except AddressError as error:
        raise AddressError(f"{option}={error}") from error
    except MissingPackageError as error:
        raise MissingPackageError(f"{option}={error}") from error
    except Exception as error:  # as in open_system
        raise AddressError(f"{option}={address} cannot be reached: {reason(error)}") from error
