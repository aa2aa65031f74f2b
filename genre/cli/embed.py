"""`genre embed`: tracks as a network hears them, as numbers in one file."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from jsonargparse import Namespace

from genre.addresses import place
from genre.atomic import atomic_file
from genre.backbones.shelf import open_backbone
from genre.cli.bundles import bundle_at
from genre.cli.inputs import PATHS, find_files
from genre.cli.options import OptionParser, add_options, add_shelf, take
from genre.cli.tag_output import name_of
from genre.cli.terminal import note, put
from genre.cli.track_map import check_map, draw_map
from genre.errors import ConfigError
from genre.execution import ExecutionConfig
from genre.inference.bundle import Bundle, load_bundle
from genre.tagging.embedding import Embedder, TrackEmbedding
from genre.wording import counted, printable


def run(argv: Sequence[str]) -> int:
    """Embed files and folders of files.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre embed`.

    Returns
    -------
    int
        0 when every file is in the archive, 1 when some could not be read.
    """
    words = make_parser().read(argv)
    if words.out.suffix != ".npz" or words.out.is_dir():
        raise ConfigError(f"out={words.out} must be a file that ends in .npz")
    if words.map is not None:
        check_map(words.map)
    paths, execution = find_files(words.paths), take(ExecutionConfig, words)
    embedder = Embedder(_bundle(words))
    found: list[TrackEmbedding] = []
    with closing(embedder.embed_many(paths, execution=execution, progress=True)) as outcomes:
        for outcome in outcomes:
            if outcome.result is not None:
                found.append(outcome.result)
            else:
                note(printable(str(outcome.error)))
    n_bad = len(paths) - len(found)
    if not found:
        raise ConfigError("paths must hold at least one file that can be read")
    write_archive(words.out, found, network_sha256=embedder.bundle.network_sha256)
    if n_bad:
        note(f"{n_bad} of {counted(len(paths), 'file')} could not be embedded")
    size = found[0].windows.shape[1]
    put(f"embeddings: {name_of(words.out)} ({counted(len(found), 'track')}, {size} numbers each)\n")
    if words.map is not None:
        draw_map(words.map, found)
        put(f"map: {name_of(words.map)}\n")
    return 1 if n_bad else 0


def write_archive(path: Path, tracks: Sequence[TrackEmbedding], *, network_sha256: str) -> None:
    """Write embeddings for `numpy.load`.

    It holds `paths`, `flags` and `duration_seconds` (n_tracks,); `tracks` (n_tracks, n_embedding),
    the means of their windows; `windows` (n_windows, n_embedding); `window_track` (n_windows,), the
    row of each window's track; `window_start_seconds` (n_windows,); and `network_sha256`.

    Parameters
    ----------
    path : Path
        The file; it appears whole or not at all.
    tracks : sequence of TrackEmbedding
        At least one.
    network_sha256 : str
        Of the network that heard them.
    """
    counts = [len(track.windows) for track in tracks]
    with atomic_file(path) as file:
        np.savez(
            file,
            paths=np.array([str(track.path) for track in tracks], dtype=np.str_),
            flags=np.array(["|".join(track.flags) for track in tracks], dtype=np.str_),
            duration_seconds=np.array([track.duration_seconds for track in tracks]),
            tracks=np.stack([track.track for track in tracks]),
            windows=np.concatenate([track.windows for track in tracks]),
            window_track=np.repeat(np.arange(len(tracks)), counts),
            window_start_seconds=np.concatenate([track.starts_seconds for track in tracks]),
            network_sha256=np.array(network_sha256),
        )


def _bundle(words: Namespace) -> Bundle:
    if words.bundle is not None:
        return load_bundle(bundle_at(words.bundle))
    return open_backbone(words.backbone, words.backbones)


def make_parser() -> OptionParser:
    """Make the parser of `genre embed`."""
    parser = OptionParser(
        prog="genre embed",
        description=(
            "Write tracks as a network hears them: an archive for numpy.load with paths, flags and "
            "duration_seconds (n_tracks), tracks (n_tracks, n_embedding: the mean of the windows), "
            "windows (n_windows, n_embedding), window_track (n_windows: row of the track), "
            "window_start_seconds, and network_sha256. `genre similar` reads it."
        ),
    )
    parser.add_argument("paths", type=place, nargs="+", help=PATHS)
    parser.add_argument("--out", type=Path, required=True, help="The archive, a .npz file.")
    parser.add_argument(
        "--backbone",
        type=str,
        default="musicnn",
        help="Which pre-trained network, by its name (genre backbone list).",
    )
    parser.add_argument(
        "--bundle",
        type=Path | None,
        default=None,
        help="A trained model's folder, or an experiment's, in place of a pre-trained network.",
    )
    parser.add_argument(
        "--map",
        type=Path | None,
        default=None,
        help=(
            "Also draw the tracks in a plane, alike ones near each other, coloured by the folders "
            "they lie in: a .png or .svg file. Needs pip install '.[train]'."
        ),
    )
    add_shelf(parser)
    add_options(parser, ExecutionConfig, skip=("cluster",))
    return parser
