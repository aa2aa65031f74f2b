"""Layers of networks as what they are: torch's own annotations know them as modules only."""

from typing import TypeVar

import torch
from torch import nn

Layer = TypeVar("Layer", bound=nn.Module)


def layer_at(layers: torch.Tensor | nn.Module, place: int, kind: type[Layer]) -> Layer:
    """Take a layer from a sequence of them, and insist on its kind."""
    assert isinstance(layers, nn.Sequential)
    layer = layers[place]
    assert isinstance(layer, kind)
    return layer
