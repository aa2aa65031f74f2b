"""The state of an unfinished run on disk: one file, written whole, without pickle.

Weights, their average, the best of it and the optimiser's moments are tensors of a safetensors
file; everything else is JSON in its header. Random numbers need no state: every epoch seeds its
own; nor does the learning rate, which follows from the history. The state before is kept beside.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import save

from genre.atomic import atomic_file
from genre.json_files import parse_json

Tensors = dict[str, torch.Tensor]
PARTS = ("network", "average", "best")


@dataclass(frozen=True, kw_only=True)
class TrainingState:
    """All that a run needs to go on after an epoch.

    Parameters
    ----------
    network, average, best : dict of str to Tensor
        State dictionaries: the last weights, their average, and that of the best epoch so far.
    optimizer : dict
        Its `state_dict()`.
    progress : dict
        Plain values: finished steps, best epoch, history.
    """

    network: Tensors
    average: Tensors
    best: Tensors
    optimizer: dict[str, Any]
    progress: dict[str, Any]


def previous(path: Path) -> Path:
    """Return the file of the state before."""
    return path.with_name(f"{path.name}.previous")


def remove_states(path: Path) -> None:
    """Remove the state and the one before."""
    for file in (path, previous(path)):
        file.unlink(missing_ok=True)


def save_state(path: Path, state: TrainingState, *, fingerprint: str) -> None:
    """Write the state whole or not at all; the last two are kept.

    Parameters
    ----------
    path : Path
        The file of the latest state; the one before is kept beside it.
    state : TrainingState
        What is written.
    fingerprint : str
        Names what is being trained; `load_state` wants the same.
    """
    tensors: Tensors = {}
    for part in PARTS:
        tensors |= {f"{part}/{name}": tensor for name, tensor in getattr(state, part).items()}
    for index, moments in state.optimizer["state"].items():
        tensors |= {f"optimizer/{index}/{name}": moment for name, moment in moments.items()}
    header = {
        "fingerprint": fingerprint,
        "optimizer": state.optimizer["param_groups"],
        "progress": state.progress,
    }
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    with atomic_file(path) as file:
        file.write(save(plain, metadata={"state": json.dumps(header)}))
        if path.exists():
            # The new state is on its way: at any moment one of the two names holds a whole state.
            path.replace(previous(path))


def load_state(path: Path, *, fingerprint: str) -> TrainingState | None:
    """Read the state of an unfinished run, or the one before where it cannot be read.

    Parameters
    ----------
    path : Path
        The file of the latest state.
    fingerprint : str
        What is about to be trained.

    Returns
    -------
    TrainingState or None
        None where there is none, both are damaged, or of another training: then start anew.
    """
    return _read(path, fingerprint) or _read(previous(path), fingerprint)


def _read(path: Path, fingerprint: str) -> TrainingState | None:
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            header = parse_json(file.metadata()["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
    except (OSError, ValueError, KeyError, TypeError, safetensors.SafetensorError):
        return None
    if header["fingerprint"] != fingerprint:
        return None
    moments: dict[int, Tensors] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer/"):
            _, index, moment = name.split("/")
            moments.setdefault(int(index), {})[moment] = tensor
    return TrainingState(
        network=_part(tensors, "network/"),
        average=_part(tensors, "average/"),
        best=_part(tensors, "best/"),
        optimizer={"state": moments, "param_groups": header["optimizer"]},
        progress=header["progress"],
    )


def _part(tensors: Tensors, prefix: str) -> Tensors:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
