"""Where a command finds the model that it is told to use."""

from pathlib import Path

from genre.cli.tag_output import name_of
from genre.cli.terminal import note
from genre.errors import BundleError
from genre.evaluation.inputs.folder import ExperimentFolder
from genre.inference.bundle import DESCRIPTION_NAME

_MOST_NAMED = 5
HELP = "A model's folder, e.g. results/demo/best; of an experiment, results/demo, its best."


def bundle_at(path: Path) -> Path:
    """Find the model that a path stands for: its own, or the best of an experiment.

    Parameters
    ----------
    path : Path
        A model's folder, or the folder of an experiment; that its best is taken is said.

    Returns
    -------
    Path
        A folder with a ``model.json``.

    Raises
    ------
    BundleError
        Where neither is there, with the models below ``results``.
    """
    if has_bundle(path):
        return path
    best = ExperimentFolder(path).best
    if has_bundle(best):
        note(f"model: {name_of(best)}, the best of {name_of(path)}")
        return best
    if path.is_file() and has_bundle(path.parent):
        raise BundleError(
            f"bundle={name_of(path)} must be a folder with {DESCRIPTION_NAME}; use "
            f"{name_of(path.parent)}"
        )
    raise BundleError(
        f"bundle={name_of(path)} must be a folder with {DESCRIPTION_NAME}, a model, which comes "
        f"first; {models_here(Path())}"
    )


def has_bundle(path: Path) -> bool:
    """Check whether a folder is a model's.

    Parameters
    ----------
    path : Path
        Any path.
    """
    return (path / DESCRIPTION_NAME).is_file()


def models_here(folder: Path) -> str:
    """Name the models that experiments have left, the newest first.

    Parameters
    ----------
    folder : Path
        Where ``results`` is.

    Returns
    -------
    str
        For the end of a message.
    """
    found = [*folder.glob(f"results/*/best/{DESCRIPTION_NAME}")]
    found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    if not found:
        return "there is none in results: genre train makes one, as results/demo/best"
    names = [name_of(path.parent) for path in found]
    n_more = len(names) - _MOST_NAMED
    more = f" and {n_more} more" if n_more > 0 else ""
    return f"models here: {', '.join(names[:_MOST_NAMED])}{more}"
