"""`genre similar`: the tracks that are most like a track, to a network's ears."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genre.addresses import Place, place
from genre.array_files import load_archive
from genre.audio.decoder import FLAG_SILENT
from genre.backbones.shelf import missing_on, open_backbone
from genre.cli.bundles import bundle_at
from genre.cli.inputs import find_files
from genre.cli.options import OptionParser, add_options, add_shelf, take
from genre.cli.tag_output import name_of
from genre.cli.terminal import note, put
from genre.errors import BundleError, ConfigError
from genre.execution import ExecutionConfig
from genre.inference.bundle import Bundle, load_backbone, load_bundle
from genre.tagging.embedding import Embedder
from genre.tagging.likeness import Neighbours
from genre.tagging.playlist import Entry, write_playlist
from genre.wording import counted, printable

_PLAYLISTS = (".m3u", ".m3u8")


@dataclass(frozen=True, kw_only=True)
class _Collection:
    """Tracks to choose from; durations are None where nobody knows them."""

    paths: list[str]
    tracks: NDArray[np.floating[Any]]
    is_silent: NDArray[np.bool_]
    durations: list[float | None]
    n_bad: int = 0


def run(argv: Sequence[str]) -> int:
    """Rank tracks by how like they are to one.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre similar`.

    Returns
    -------
    int
        0 when all tracks were heard, 1 when some could not be read.
    """
    words = make_parser().read(argv)
    if words.top < 1:
        raise ConfigError(f"top={words.top} must be at least 1")
    if words.m3u is not None and (words.m3u.suffix not in _PLAYLISTS or words.m3u.is_dir()):
        raise ConfigError(f"m3u={words.m3u} must be a file that ends in .m3u or .m3u8")
    embedder = Embedder(_ears(words.what, words.backbones))
    first = words.place[0]
    archive = first if isinstance(first, Path) and first.suffix == ".npz" else None
    if archive is not None and len(words.place) > 1:
        raise ConfigError(f"place={archive} must stand alone, or be audio files and folders")
    if archive is not None:
        there = _read(archive, embedder.bundle)
    else:
        there = _heard(find_files(words.place), embedder, take(ExecutionConfig, words))
    own = [row for row, path in enumerate(there.paths) if _is_same(path, words.track)]
    query = there.tracks[own[0]] if own else _track(words.track, embedder)
    if own and there.is_silent[own[0]]:
        raise ConfigError(f"track={name_of(words.track)} must have sound; it is silent")
    # A single question is answered sooner than any index is made.
    every = Neighbours(there.tracks, there.paths, exact_up_to=len(there.paths))
    without = {*own, *np.flatnonzero(there.is_silent).tolist()}
    found = every.like(query, n=words.top, without=without)
    for one in found:
        put(f"{one.score:.3f}  {name_of(place(one.name))}\n")
    if words.m3u is not None:
        entries = (
            Entry(path=place(one.name), duration_seconds=there.durations[one.row]) for one in found
        )
        write_playlist(words.m3u, entries)
        note(f"playlist: {name_of(words.m3u)}")
    return 1 if there.n_bad else 0


def _ears(what: str, shelf: Path) -> Bundle:
    folder = Path(what)
    if not (folder.exists() or os.sep in what) or (what and not missing_on(shelf, what)):
        return open_backbone(what, shelf)
    try:
        return load_bundle(bundle_at(folder))
    except BundleError:
        return load_backbone(folder)


def _is_same(path: str, track: Path) -> bool:
    # Few files have the same name, and only those are looked at on the disk.
    return os.path.basename(path) == track.name and (  # noqa: PTH119 - of 100,000 of them
        os.path.abspath(path) == os.path.abspath(track)  # noqa: PTH100 - likewise
        or os.path.realpath(path) == os.path.realpath(track)
    )


def _track(path: Path, embedder: Embedder) -> NDArray[np.float32]:
    heard = embedder.embed(path)
    if FLAG_SILENT in heard.flags:
        raise ConfigError(f"track={name_of(path)} must have sound; it is silent")
    return heard.track


def _heard(paths: list[Place], embedder: Embedder, execution: ExecutionConfig) -> _Collection:
    found, n_bad = [], 0
    with closing(embedder.embed_many(paths, execution=execution, progress=True)) as outcomes:
        for outcome in outcomes:
            if outcome.result is not None:
                one = outcome.result
                found.append((str(one.path), one.track, one.flags, one.duration_seconds))
            else:
                n_bad += 1
                note(printable(str(outcome.error)))
    if n_bad:
        note(f"{n_bad} of {counted(len(paths), 'file')} could not be heard")
    if not found:
        raise ConfigError("place must hold at least one file that can be read")
    names, tracks, flags, durations = zip(*found, strict=True)
    return _Collection(
        paths=list(names),
        tracks=np.stack(tracks),
        is_silent=np.array([FLAG_SILENT in each for each in flags]),
        durations=list(durations),
        n_bad=n_bad,
    )


def _read(path: Path, bundle: Bundle) -> _Collection:
    names = ("paths", "tracks", "flags", "duration_seconds", "network_sha256")
    try:
        held = load_archive(path, only=names)
        paths, tracks, flags = held["paths"].tolist(), held["tracks"], held["flags"].tolist()
        durations = held.get("duration_seconds", np.full(len(paths), np.nan)).tolist()
        fits = tracks.ndim == 2 and len(tracks) == len(paths) == len(flags) == len(durations) > 0
        known = [None if np.isnan(each) else float(each) for each in durations]
        is_silent = np.array([FLAG_SILENT in each.split("|") for each in flags], dtype=bool)
        if not fits or tracks.dtype.kind != "f" or held["paths"].dtype.kind != "U":
            raise ValueError("its arrays do not fit together")
    except (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError) as error:
        reason = printable(str(error))
        raise ConfigError(
            f"place={name_of(path)} must be an archive that genre embed wrote: {reason}"
        ) from error
    if "network_sha256" not in held:
        note(f"{name_of(path)} does not say which network heard it: taken to be this one")
    elif str(held["network_sha256"]) != bundle.network_sha256:
        raise ConfigError(
            f"place={name_of(path)} must have been heard by the same network; it was another: run "
            "genre embed again, or name that one"
        )
    return _Collection(paths=paths, tracks=tracks, is_silent=is_silent, durations=known)


def make_parser() -> OptionParser:
    """Make the parser of `genre similar`."""
    parser = OptionParser(
        prog="genre similar",
        description=(
            "Find the tracks that are most like a track, by the cosine between their embeddings; "
            "1 is the same. The track itself and silent ones are left out."
        ),
    )
    parser.add_argument(
        "what",
        type=str,
        help="Whose ears: a pre-trained network's name (genre backbone list), or a trained model's "
        "folder, or an experiment's.",
    )
    parser.add_argument("track", type=Path, help="An audio file.")
    parser.add_argument(
        "place",
        type=place,
        nargs="+",
        help="Audio files, folders to search at any depth, and manifests; or what `genre embed` "
        "wrote of them by the same network, a .npz file, so that a large collection is heard once.",
    )
    parser.add_argument("--top", type=int, default=10, help="How many, the most like one first.")
    parser.add_argument(
        "--m3u",
        type=Path | None,
        default=None,
        help="Also write them as a playlist, a .m3u or .m3u8 file; tracks are named from its "
        "folder on.",
    )
    add_shelf(parser)
    add_options(parser, ExecutionConfig, skip=("cluster",))
    return parser
