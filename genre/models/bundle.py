"""A network of torch to and from a bundle on disk."""

from dataclasses import replace
from pathlib import Path

import safetensors
from safetensors.torch import load_file, save
from torch import nn

from genre.errors import BundleError, ConfigError
from genre.inference.bundle import WEIGHTS_NAME, Bundle
from genre.inference.description import check_plugins
from genre.inference.score_rule import AGGREGATIONS
from genre.inference.writing import write_bundle
from genre.models.exporting import export_network
from genre.models.registry import MODELS, build_network, count_parameters


def with_network(bundle: Bundle, network: nn.Module) -> Bundle:
    """Complete a bundle by what a network of torch decides: its ONNX and its size.

    Parameters
    ----------
    bundle : Bundle
        Everything else.
    network : Module
        Built by `model_name` from `model_config`, and trained.

    Raises
    ------
    BundleError
        Where the network holds what ONNX has no word for.
    """
    windowing = bundle.windowing
    return replace(
        bundle,
        network_onnx=export_network(
            network, n_mels=windowing.mel.n_mels, n_frames=windowing.n_frames
        ),
        n_parameters=count_parameters(network),
    )


def save_bundle(bundle: Bundle, network: nn.Module | None, folder: Path) -> None:
    """Write a bundle; a folder of that name is replaced once the new one is whole.

    Parameters
    ----------
    bundle : Bundle
        From `with_network`.
    network : Module or None
        The same; None where torch has no form of it, as of a frozen pre-trained network's.
    folder : Path
        Where; its parent is made where it is missing.
    """
    weights = None
    if network is not None:
        state = network.state_dict().items()
        weights = save({name: tensor.detach().cpu().contiguous() for name, tensor in state})
    origins = (MODELS.origin(bundle.model_name), AGGREGATIONS.origin(bundle.rule.aggregation))
    plugins = tuple(sorted({origin.name for origin in origins if origin is not None}))
    write_bundle(replace(bundle, plugins=plugins), folder, weights)


def load_network(bundle: Bundle, folder: Path) -> nn.Module:
    """Rebuild a bundle's network in torch.

    Parameters
    ----------
    bundle : Bundle
        From `genre.inference.load_bundle`, of any format.
    folder : Path
        Where it was read.

    Returns
    -------
    Module
        In evaluation mode, on the CPU.

    Raises
    ------
    BundleError
        Where a plug-in is not loaded, or architecture and weights do not fit together.
    """
    check_plugins(str(folder), bundle.plugins)
    if bundle.backbones:
        names = ", ".join(one.name for one in bundle.backbones)
        raise BundleError(f"{folder}: has no form for torch: it is, or stands on, {names}")
    try:
        network = build_network(bundle.model_name, bundle.model_config, n_labels=len(bundle.genres))
        network.load_state_dict(load_file(folder / WEIGHTS_NAME))
    # A TypeError is torch's, of a width that no computer can count to.
    except (ConfigError, RuntimeError, TypeError, OSError, safetensors.SafetensorError) as error:
        raise BundleError(f"{folder}: the bundle cannot be used: {error}") from error
    return network.eval()
