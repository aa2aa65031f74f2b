"""The state of an unfinished run on disk: one file, written whole, without pickle.

Weights, best weights and the optimiser's moments are tensors of a safetensors file; everything
else is JSON in its header. Random numbers need no state: every epoch seeds its own.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import save

from genre.atomic import atomic_file

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True, kw_only=True)
class TrainingState:
    """All that a run needs to go on after an epoch.

    Parameters
    ----------
    network, best : dict of str to Tensor
        State dictionaries: the last weights, and those of the best epoch so far.
    optimizer, scheduler : dict
        Their `state_dict()`.
    progress : dict
        Plain values: finished epochs, best epoch, history.
    """

    network: Tensors
    best: Tensors
    optimizer: dict[str, Any]
    scheduler: dict[str, Any]
    progress: dict[str, Any]


def save_state(path: Path, state: TrainingState, *, fingerprint: str) -> None:
    """Write the state, replacing the one before only when this one is whole.

    Parameters
    ----------
    path : Path
    state : TrainingState
    fingerprint : str
        Names what is being trained; `load_state` wants the same.
    """
    tensors: Tensors = {}
    for part in ("network", "best"):
        tensors |= {f"{part}/{name}": tensor for name, tensor in getattr(state, part).items()}
    for index, moments in state.optimizer["state"].items():
        tensors |= {f"optimizer/{index}/{name}": moment for name, moment in moments.items()}
    header = {
        "fingerprint": fingerprint,
        "optimizer": state.optimizer["param_groups"],
        "scheduler": state.scheduler,
        "progress": state.progress,
    }
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    with atomic_file(path) as file:
        file.write(save(plain, metadata={"state": json.dumps(header)}))


def load_state(path: Path, *, fingerprint: str) -> TrainingState | None:
    """Read the state of an unfinished run.

    Parameters
    ----------
    path : Path
    fingerprint : str
        What is about to be trained.

    Returns
    -------
    TrainingState or None
        None where there is none, it is damaged, or it is of another training: then start anew.
    """
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            header = json.loads(file.metadata()["state"])
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
        best=_part(tensors, "best/"),
        optimizer={"state": moments, "param_groups": header["optimizer"]},
        scheduler=header["scheduler"],
        progress=header["progress"],
    )


def _part(tensors: Tensors, prefix: str) -> Tensors:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
