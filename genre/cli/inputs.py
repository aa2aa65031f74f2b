"""What commands are told to read: files, folders, and manifests of files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from genre.addresses import Address, Place
from genre.cli.tag_output import name_of
from genre.cli.terminal import note
from genre.dataset.layouts.files import list_files
from genre.dataset.manifest import is_manifest, read_manifest
from genre.errors import ConfigError
from genre.execution import Outcome
from genre.execution.shards import Shard

Result = TypeVar("Result")

PATHS = (
    "Audio files, folders to search at any depth, and manifests (.csv, .parquet); files and "
    "manifests may lie at addresses such as s3://bucket/list.csv."
)


def find_files(paths: Iterable[Place]) -> list[Place]:
    """Put files in the place of folders and manifests; each file once.

    Parameters
    ----------
    paths : iterable of Path or Address
        Files, taken as they are, manifests, and folders, searched at any depth.

    Raises
    ------
    ConfigError
        Where a folder holds no audio file.
    DatasetError
        Where a manifest cannot be read.
    """
    return list(find_named(paths))


def find_named(paths: Iterable[Place], shard: Shard | None = None) -> dict[Place, Place]:
    """Put files in the place of folders and manifests, each with the name that it goes by.

    Parameters
    ----------
    paths : iterable of Path or Address
        As of `find_files`.
    shard : Shard, optional
        Of a manifest, only the rows of this part are made objects.

    Returns
    -------
    dict of (Path or Address) to (Path or Address)
        By where a file lies, what it is called: what a manifest calls it, else just that.
    """
    return {file: name for path in paths for file, name in _files_of(path, shard)}


def renamed(
    outcomes: Iterable[Outcome[Place, Result]], names: Mapping[Place, Place]
) -> Iterator[Outcome[Place, Result]]:
    """Call files by their names in what was done with them.

    Parameters
    ----------
    outcomes : iterable of Outcome
        By where files lie.
    names : mapping
        From `find_named`.

    Yields
    ------
    Outcome
    """
    for outcome in outcomes:
        yield replace(outcome, unit=names[outcome.unit])


def _files_of(path: Place, shard: Shard | None) -> Iterator[tuple[Place, Place]]:
    if is_manifest(path):
        manifest = read_manifest(path)
        if shard is not None:
            manifest = manifest.only(shard.holds)
        for row, text in enumerate(manifest.path):
            place = manifest.place_of(row)
            yield place, place if isinstance(place, Address) and "://" in text else Path(text)
        return
    if isinstance(path, Address) or not path.is_dir():
        yield path, path
        return
    files = list_files(path)
    for message in files.notes():
        note(f"{name_of(path)}: {message}")
    if not files.audio:
        raise ConfigError(f"paths={name_of(path)} must hold at least one audio file")
    yield from ((file, file) for file in files.audio)
