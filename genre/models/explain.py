"""Where a network looks: its own attention, and what each cell of the sound says for a genre.

Attention tells what a block lets through, not what it is for: it is the same for every genre. What
speaks for one genre is told by the gradient of its logit: every cell of a block's output is
multiplied by the slope there and summed over channels (HiResCAM: Draelos and Carin 2020). Grad-CAM
(Selvaraju et al., ICCV 2017) first averages the slopes over cells, which forgets where in
frequency they were; where the network averages all cells itself, both give the same map.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from genre.errors import ConfigError
from genre.models.attention import ChannelAttention, SpatialAttention


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockAttention:
    """What the attention of one block did to a batch of windows.

    Parameters
    ----------
    block : int
        Counted from 1, from the input on.
    channel_weights : ndarray of shape (n_windows, n_channels), in (0, 1), or None
        What each channel was multiplied by; None without channel attention.
    channel_gain : ndarray of shape (n_windows, n_cells_time, n_cells_band), in (0, 1), or None
        The same seen over time and bands: which share of what the channels had found in a cell was
        let through. A cell in which no channel found anything has the mean weight.
    spatial_weights : ndarray of shape (n_windows, n_cells_time, n_cells_band), in (0, 1), or None
        What each cell was multiplied by; None without spatial attention.
    """

    block: int
    channel_weights: NDArray[np.float32] | None
    channel_gain: NDArray[np.float32] | None
    spatial_weights: NDArray[np.float32] | None


def block_attention(network: nn.Module, inputs: torch.Tensor) -> tuple[BlockAttention, ...]:
    """Ask every block how its attention weighed a batch.

    Parameters
    ----------
    network : Module
        Of the registry.
    inputs : Tensor of shape (n_windows, 1, n_mels, window_frames)
        Standardised windows.

    Returns
    -------
    tuple of BlockAttention
        Of the blocks that have any attention.
    """
    pairs = [
        (_first(block, ChannelAttention), _first(block, SpatialAttention))
        for block in _blocks(network)
    ]
    layers = [layer for pair in pairs for layer in pair if layer is not None]
    with torch.inference_mode(), _evaluating(network), _inputs_of(layers) as features:
        network(inputs)
        return tuple(
            _attention_of(number, channel, spatial, features)
            for number, (channel, spatial) in enumerate(pairs, start=1)
            if channel is not None or spatial is not None
        )


def _attention_of(
    number: int,
    channel: ChannelAttention | None,
    spatial: SpatialAttention | None,
    features: dict[nn.Module, torch.Tensor],
) -> BlockAttention:
    weights = gain = cells = None
    if channel is not None:
        values = features[channel]
        by_channel = channel.weights(values)
        total = values.abs().sum(dim=1)
        let_through = (values.abs() * by_channel[:, :, None, None]).sum(dim=1)
        mean = by_channel.mean(dim=1)[:, None, None].expand_as(total)
        weights = _array(by_channel)
        gain = _time_first(torch.where(total > 0, let_through / total.clamp(min=1e-12), mean))
    if spatial is not None:
        cells = _time_first(spatial.weights(features[spatial])[:, 0])
    return BlockAttention(
        block=number, channel_weights=weights, channel_gain=gain, spatial_weights=cells
    )


def genre_evidence(
    network: nn.Module, inputs: torch.Tensor, *, label: int, block: int = -1
) -> NDArray[np.float32]:
    """Find which cells of a window speak for a genre, and which against it.

    Needs no attention.

    Parameters
    ----------
    network : Module
        Of the registry.
    inputs : Tensor of shape (n_windows, 1, n_mels, window_frames)
        Standardised windows.
    label : int
        Column of the genre.
    block : int
        Whose output is asked, counted from 1; -1 is the last. Earlier ones have smaller cells and
        know less of the whole.

    Returns
    -------
    ndarray of shape (n_windows, n_cells_time, n_cells_band)
        In units of the logit: above 0 for, below 0 against the genre. Where everything behind the
        block is linear, the sum of a window is its logit less a constant.

    Raises
    ------
    ConfigError
        Where there is no such block.
    """
    blocks = _blocks(network)
    if block != -1 and not 1 <= block <= len(blocks):
        raise ConfigError(f"block={block} must be from 1 to {len(blocks)}, or -1 for the last")
    layer = blocks[block if block == -1 else block - 1]
    kept: list[torch.Tensor] = []

    def _keep(_: nn.Module, __: object, output: torch.Tensor) -> None:
        kept.append(output)

    with torch.enable_grad(), _evaluating(network):
        handle = layer.register_forward_hook(_keep)
        try:
            logits = network(inputs.detach().requires_grad_())
        finally:
            handle.remove()
        (slopes,) = torch.autograd.grad(logits[:, label].sum(), kept)
    return _time_first((slopes * kept[0].detach()).sum(dim=1))


def pooled_features(network: nn.Module, inputs: torch.Tensor) -> NDArray[np.float32]:
    """Return what the network knows of windows just before it decides.

    Parameters
    ----------
    network : Module
        Of the registry.
    inputs : Tensor of shape (n_windows, 1, n_mels, window_frames)
        Standardised windows.

    Returns
    -------
    ndarray of shape (n_windows, n_features)
        The input of the linear layers.
    """
    head = network.get_submodule("head")
    with torch.inference_mode(), _evaluating(network), _inputs_of([head]) as features:
        network(inputs)
        return _array(features[head])


def _blocks(network: nn.Module) -> list[nn.Module]:
    return list(network.get_submodule("blocks").children())


def _first(block: nn.Module, kind: type[Any]) -> Any:  # noqa: ANN401 - a module of that kind
    return next((layer for layer in block.modules() if isinstance(layer, kind)), None)


@contextmanager
def _inputs_of(layers: list[nn.Module]) -> Iterator[dict[nn.Module, torch.Tensor]]:
    """Keep what flows into some layers while the network runs."""
    seen: dict[nn.Module, torch.Tensor] = {}

    def _keep(layer: nn.Module) -> Callable[[nn.Module, tuple[torch.Tensor, ...]], None]:
        def _hook(_: nn.Module, values: tuple[torch.Tensor, ...]) -> None:
            seen[layer] = values[0]

        return _hook

    handles = [layer.register_forward_pre_hook(_keep(layer)) for layer in layers]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def _evaluating(network: nn.Module) -> Iterator[None]:
    was_training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(was_training)


def _time_first(maps: torch.Tensor) -> NDArray[np.float32]:
    return _array(maps.transpose(1, 2))  # (n_windows, n_cells_time, n_cells_band)


def _array(values: torch.Tensor) -> NDArray[np.float32]:
    return values.detach().float().cpu().numpy()
