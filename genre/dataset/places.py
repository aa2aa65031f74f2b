"""Where commands write: never into the music, which stays as it is."""

from collections.abc import Iterable
from pathlib import Path

from genre.errors import ConfigError
from genre.wording import shown

__all__ = ["lies_inside", "refuse_inside"]


def refuse_inside(music: Iterable[Path], **places: Path | None) -> None:
    """Refuse to write into a folder of music, before anything is made.

    What an owner asks for about the music itself (labels.csv, its history, genres.toml) does not
    come here.

    Parameters
    ----------
    music : iterable of Path
        Folders of tracks; and single files, which stand for themselves alone: what lies beside
        them is the user's own folder.
    **places : Path or None
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


def lies_inside(place: Path, source: Path) -> bool:
    """Check whether a place is music, or lies in it.

    Parameters
    ----------
    place : Path
        A folder or file, there or not.
    source : Path
        A folder of tracks, or a file.
    """
    target = place.resolve()
    return any(target.is_relative_to(folder) for folder in _folders(source))


def _folders(source: Path) -> set[Path]:
    """List the folder, and where links in it lead: a genre may be a link to where it lies."""
    items = source.iterdir() if source.is_dir() else ()
    links = (item for item in items if item.is_symlink() and item.is_dir())
    return {source.resolve(), *(link.resolve() for link in links)}
