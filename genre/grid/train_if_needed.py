"""A model where one is wanted: the one that is there, or else one trained on what is at hand.

A container is built with this: its first build may find no bundle, and the next one shall not train
again.
"""

import logging
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from genre.addresses import Address, Place
from genre.atomic import replace_folder
from genre.dataset.layouts.files import list_files
from genre.dataset.manifest import is_manifest
from genre.evaluation.inputs import ExperimentFolder
from genre.grid.configurations import GridConfig
from genre.grid.runs import run_grid
from genre.inference.bundle import load_bundle
from genre.sample import SampleConfig, make_sample_dataset

logger = logging.getLogger(__name__)

SAMPLE = Path("data/sample")


@dataclass(frozen=True, kw_only=True)
class WantedBundle:
    """A bundle that can be used.

    Parameters
    ----------
    folder : Path
        Where it lies.
    data : Path, Address or None
        What it was trained on by this call; None where it was there already.
    """

    folder: Path
    data: Place | None

    def __str__(self) -> str:
        origin = "it was there already" if self.data is None else f"trained on {self.data}"
        return f"model: {self.folder} ({origin})"


def train_if_needed(
    folder: Path,
    config: GridConfig,
    *,
    sample: SampleConfig | None = None,
    sample_root: Path = SAMPLE,
    command: str = "",
    progress: bool = True,
) -> WantedBundle:
    """Use the bundle in a folder; where there is none, train one and put it there.

    Parameters
    ----------
    folder : Path
        Where the bundle is or shall be. One that is there and cannot be used is an error, never
        overwritten.
    config : GridConfig
        How to train. Where its data folder is absent or holds no audio file, the sample dataset
        takes its place.
    sample : SampleConfig, optional
        The sample dataset; by default that of the demo.
    sample_root : Path
        Where the sample dataset is or shall be.
    command : str
        What the user called, for the records.
    progress : bool
        Whether to draw bars on the terminal.

    Returns
    -------
    WantedBundle

    Raises
    ------
    GenreError
        On a bundle that cannot be used, or tracks that nothing can be learned from.
    """
    if folder.exists() and not _is_empty_folder(folder):
        load_bundle(folder)
        return WantedBundle(folder=folder, data=None)
    if not _has_tracks(config.data):
        logger.info("no tracks in %s: training on the sample dataset", config.data)
        made = make_sample_dataset(
            sample_root, sample, n_workers=config.execution.n_workers, progress=progress
        )
        config = replace(config, data=made.root)
    trained = run_grid(config, command=command, progress=progress)
    best = ExperimentFolder(trained.folder).best
    if best.resolve() != folder.resolve():
        replace_folder(folder, lambda target: _copy(best, target))
    return WantedBundle(folder=folder, data=config.data)


def _is_empty_folder(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _has_tracks(data: Place) -> bool:
    if is_manifest(data) or isinstance(data, Address):
        return True
    return data.is_dir() and bool(list_files(data).audio)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
