"""From a bundle's folder to a tagger: onnxruntime on the processor, torch where only that can."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from genre.errors import ConfigError
from genre.extras import explained
from genre.inference.bundle import Bundle, load_bundle
from genre.inference.scoring import WindowNetwork
from genre.tagging.tagger import Tagger

__all__ = ["load_tagger", "make_tagger"]


def load_tagger(
    folder: Path | str,
    *,
    device: str = "cpu",
    n_threads: int = 0,
    heard: Bundle | None = None,
    min_score: float | None = None,
) -> Tagger:
    """Load a trained bundle for tagging.

    Parameters
    ----------
    folder : Path or str
        A bundle's folder, for example results/demo/best.
    device : str
        cpu, which needs no torch; cuda, cuda:1, mps, which do; or auto, which is a GPU where torch
        is installed and finds one.
    n_threads : int
        Batches of windows scored together on the processor; 0 takes one per core.
    heard : Bundle, optional
        One whose own tags are told beside the genres: ``genre.backbones.open_backbone("musicnn")``.
    min_score : float, optional, in [0, 1]
        Of a model that says which one: no genre is the answer where the best scores less. By
        default there always is one.

    Returns
    -------
    Tagger
        Its ``tag(path)`` gives genres and scores.

    Raises
    ------
    BundleError
        Where the folder is not a usable bundle.
    ConfigError
        Where there is no such device, or `min_score` is no score or for no such model.
    MissingPackageError
        Where it needs torch and that is not installed.
    """
    folder = Path(folder)
    bundle = load_bundle(folder)
    return make_tagger(
        bundle, folder, device=device, n_threads=n_threads, heard=heard, min_score=min_score
    )


def make_tagger(
    bundle: Bundle,
    folder: Path,
    *,
    device: str = "cpu",
    n_threads: int = 0,
    heard: Bundle | None = None,
    min_score: float | None = None,
) -> Tagger:
    """Make a tagger of a bundle that is loaded, and perhaps changed.

    Parameters
    ----------
    bundle : Bundle
        With its front end, rule and thresholds.
    folder : Path
        Where its weights are.
    device : str
        As in `load_tagger`.
    n_threads : int
        As in `load_tagger`.
    heard : Bundle, optional
        As in `load_tagger`.
    min_score : float, optional
        As in `load_tagger`.

    Raises
    ------
    BundleError, ConfigError, MissingPackageError
        As `load_tagger`.
    """
    has_torch = find_spec("torch") is not None
    if device == "auto" and (bundle.backbones or not has_torch):
        device = "cpu"
    if device != "cpu" and bundle.backbones:
        raise ConfigError(f"device={device!r} must be cpu: the model has a pre-trained network")
    # Without torch, one of an older format says here what makes it of use.
    if device == "cpu" and (bundle.network_onnx is not None or not has_torch):
        return Tagger(bundle, heard=heard, n_threads=n_threads, min_score=min_score)
    with explained():
        bundle, network = _by_torch(bundle, folder, device, n_threads)
    return Tagger(bundle, network, heard=heard, n_threads=n_threads, min_score=min_score)


def _by_torch(
    bundle: Bundle, folder: Path, device: str, n_threads: int
) -> tuple[Bundle, WindowNetwork]:
    import torch

    from genre.models.bundle import load_network
    from genre.models.devices import pick_device
    from genre.models.registry import count_parameters
    from genre.models.scoring import TorchNetwork

    place = pick_device(device)
    if place.type == "cpu" and bundle.network_onnx is not None:
        return bundle, bundle.network(n_threads=n_threads)
    if n_threads:
        torch.set_num_threads(n_threads)
    network = load_network(bundle, folder).to(place)
    engine: WindowNetwork = TorchNetwork(network, bundle.standardisation, device=place)
    return replace(bundle, n_parameters=count_parameters(network)), engine
