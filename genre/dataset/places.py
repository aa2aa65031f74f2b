"""Where commands write: never into the music, which stays as it is."""

from collections.abc import Iterable
from pathlib import Path

from genre.addresses import Address, Place
from genre.atomic import ensure_writable
from genre.errors import ConfigError
from genre.wording import shown

__all__ = ["check_cache", "lies_inside", "local_folder", "refuse_inside", "title_of"]


def refuse_inside(music: Iterable[Place], **places: Place | None) -> None:
    """Refuse to write into a folder of music, before anything is made.

    What an owner asks for about the music itself (labels.csv, its history, genres.toml) does not
    come here.

    Parameters
    ----------
    music : iterable of Path or Address
        Folders of tracks; and single files, which stand for themselves alone: what lies beside
        them is the user's own folder.
    **places : Path, Address or None
        By option, a folder or file that will be written; None is nowhere.

    Raises
    ------
    ConfigError
        Where a place lies inside, however it is spelled and whatever links lead there.
    """
    for source in music:
        for name, place in places.items():
            if place is not None and lies_inside(place, source):
                raise ConfigError(
                    f"{name}={shown(place)} must lie outside {shown(source)}, which is left as it "
                    f"is; name another place with --{name}"
                )


def lies_inside(place: Place, source: Place) -> bool:
    """Check whether a place is music, or lies in it.

    Parameters
    ----------
    place : Path or Address
        A folder or file, there or not.
    source : Path or Address
        A folder of tracks, or a file.
    """
    if isinstance(place, Address) or isinstance(source, Address):
        return f"{place}/".startswith(f"{str(source).rstrip('/')}/")
    target = place.resolve()
    return any(target.is_relative_to(folder) for folder in _folders(source))


def local_folder(place: Place) -> Path:
    """Find the folder on this machine that stands for one elsewhere.

    Parameters
    ----------
    place : Path or Address
        A path stands for itself.
    """
    if isinstance(place, Path):
        return place
    from genre.remote.scratch import scratch_of

    return scratch_of(place)


def check_cache(cache: Place) -> None:
    """See that a cache can be used, before anything is computed for it.

    Parameters
    ----------
    cache : Path or Address
        A folder that is there may be full already, and read-only; else it must be possible to make
        it.

    Raises
    ------
    ConfigError
        Where it cannot be made.
    AddressError, MissingPackageError
        Where nobody answers at the address.
    """
    if isinstance(cache, Address):
        from genre.remote.systems import check_reachable

        check_reachable(cache, option="cache")
    elif not cache.is_dir():
        ensure_writable(cache, option="cache")


def title_of(data: Place) -> str:
    """Name results after the data that they are of.

    Parameters
    ----------
    data : Path or Address
        A folder, or a manifest, whose ending does not count.
    """
    if isinstance(data, Address):
        return data.stem
    return data.stem if data.is_file() else data.resolve().name


def _folders(source: Path) -> set[Path]:
    """List the folder, and where links in it lead: a genre may be a link to where it lies."""
    items = source.iterdir() if source.is_dir() else ()
    links = (item for item in items if item.is_symlink() and item.is_dir())
    return {source.resolve(), *(link.resolve() for link in links)}
