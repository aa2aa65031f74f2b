"""The map of `genre embed --map`: tracks in a plane, alike ones near each other."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from genre.addresses import Place
from genre.errors import ConfigError
from genre.extras import need
from genre.tagging.embedding import TrackEmbedding

FORMS = (".png", ".svg")


def check_map(path: Path) -> None:
    """Make sure that a map can be drawn, before any track is listened to.

    Parameters
    ----------
    path : Path
        Where it is to lie.

    Raises
    ------
    ConfigError
        Where that is no picture's name.
    MissingPackageError
        Where what draws it is not installed.
    """
    if path.suffix not in FORMS or path.is_dir():
        raise ConfigError(f"map={path} must be a file that ends in {' or '.join(FORMS)}")
    need("sklearn")
    need("matplotlib")


def draw_map(path: Path, tracks: Sequence[TrackEmbedding]) -> None:
    """Draw where tracks lie, coloured by the name of the folder that each is in.

    Parameters
    ----------
    path : Path
        The picture.
    tracks : sequence of TrackEmbedding
        At least one, of one network.
    """
    from genre.evaluation.plots import plot_track_map, save_figure
    from genre.evaluation.projection import project

    plane = project(np.stack([track.track for track in tracks]))
    folders = [_folder_of(track.path) for track in tracks]
    names = sorted(set(folders))
    figure = plot_track_map(
        plane.points,
        np.array(folders)[:, np.newaxis] == np.array(names),
        names,
        axis_labels=plane.axis_labels,
    )
    save_figure(figure, path)


def _folder_of(path: Place) -> str:
    return (path.absolute() if isinstance(path, Path) else path).parent.name
