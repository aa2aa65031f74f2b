"""A network stage by stage: what is in each, the shape that comes out, what it costs."""

import re
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import nn

from genre.models.registry import count_parameters


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of a network.

    Parameters
    ----------
    name : str
        ``block 1``, ``pooling``, ``head`` …
    layers : tuple of str
        What is in it, in order: ``2 × conv 3×3, norm, ReLU``, ``max pool, ReLU`` …
    shape : tuple of int
        Of what comes out, for one window: channels, bands, frames; or the length of a vector.
    n_parameters : int
        Trainable numbers in it.
    """

    name: str
    layers: tuple[str, ...]
    shape: tuple[int, ...]
    n_parameters: int


def outline(network: nn.Module, *, n_mels: int, n_frames: int) -> tuple[Stage, ...]:
    """Send an empty window through a network and note what comes out of every stage.

    Parameters
    ----------
    network : Module
        Of the registry.
    n_mels, n_frames : int
        Size of the window.

    Returns
    -------
    tuple of Stage
        The input first.
    """
    stages: dict[str, nn.Module] = {}
    for name, part in network.named_children():
        if name == "blocks":
            blocks = enumerate(part.children(), start=1)
            stages |= {f"block {number}": block for number, block in blocks}
        else:
            stages[name] = part
    shapes: dict[nn.Module, tuple[int, ...]] = {}

    def _note(layer: nn.Module, _: object, output: torch.Tensor) -> None:
        shapes[layer] = tuple(output.shape[1:])

    was_training = network.training
    handles = [stage.register_forward_hook(_note) for stage in stages.values()]
    try:
        with torch.inference_mode():
            network.eval()(torch.zeros(1, 1, n_mels, n_frames))
    finally:
        network.train(was_training)
        for handle in handles:
            handle.remove()
    window = Stage(name="window", layers=("log-mel",), shape=(1, n_mels, n_frames), n_parameters=0)
    return window, *(
        Stage(
            name=name,
            layers=_layers(stage),
            shape=shapes[stage],
            n_parameters=count_parameters(stage),
        )
        for name, stage in stages.items()
    )


def _layers(stage: nn.Module) -> tuple[str, ...]:
    """List what a stage does; what does nothing is left out, what repeats is counted."""
    parts = stage.children() if isinstance(stage, nn.Sequential) else [stage]
    words: list[str] = []
    for part in parts:
        if isinstance(part, nn.Identity) or getattr(part, "p", None) == 0.0:
            continue
        # What follows a convolution or a pooling at once belongs to it.
        after = words[-1].startswith(("conv", "max pool")) if words else False
        if isinstance(part, nn.BatchNorm2d | nn.ReLU) and after:
            words[-1] += f", {_word(part)}"
        else:
            words.append(_word(part))
    counted = ((word, len(list(group))) for word, group in groupby(words))
    return tuple(f"{count} × {word}" if count > 1 else word for word, count in counted)


def _word(layer: nn.Module) -> str:
    """Describe a layer, ``conv 5×5 step 2×2``, ``max pool``, ``channel attention``."""
    short = {nn.ReLU: "ReLU", nn.BatchNorm1d: "norm", nn.BatchNorm2d: "norm"}
    if type(layer) in short:
        return short[type(layer)]
    name = type(layer).__name__.lstrip("_").removesuffix("1d").removesuffix("2d")
    words = " ".join(re.findall(r"[A-Z][a-z]*", name)).lower()
    if not isinstance(layer, nn.Conv2d):
        return words
    step = "×".join(map(str, layer.stride))
    return f"{words} {'×'.join(map(str, layer.kernel_size))}" + (
        f" step {step}" if max(layer.stride) > 1 else ""
    )
