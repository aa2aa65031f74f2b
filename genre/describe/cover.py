"""What a cover shows: an image classifier of torchvision or timm, prepared as its makers say."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genre.describe.card import Absent, Model, Part
from genre.describe.hub import FAULTS, check_installed
from genre.describe.pictures import Cover
from genre.describe.settings import CoverSettings

if TYPE_CHECKING:
    import torch

__all__ = ["CoverReader", "load_reader", "show"]

OF_TIMM = "timm/"
WEIGHTS = "IMAGENET1K_V1"


@dataclass(frozen=True)
class CoverReader:
    """A classifier that is loaded.

    Parameters
    ----------
    network : torch.nn.Module
        In evaluation mode.
    prepare : callable of PIL image
        From a picture to what the network takes, of shape (3, height, width).
    classes : tuple of str
        In the order of its logits.
    model : Model
        What the card says of it.
    """

    network: "torch.nn.Module"
    prepare: Callable[[Any], "torch.Tensor"]
    classes: tuple[str, ...]
    model: Model


def load_reader(
    settings: CoverSettings, *, device: str, may_fetch: Callable[[str], bool]
) -> CoverReader:
    """Load an image classifier.

    Parameters
    ----------
    settings : CoverSettings
        Its name, and perhaps a file of its weights.
    device : str
        Where it computes.
    may_fetch : callable of str
        Whether the weights of a model may be fetched.

    Raises
    ------
    Absent
        Where it cannot be had.
    """
    check_installed("torch", "torchvision")
    file = Path(settings.weights) if settings.weights else None
    if file is not None and not file.is_file():
        raise Absent(f"weights={file} must be a file", "name another under [cover]")
    load = _of_timm if settings.model.startswith(OF_TIMM) else _of_torchvision
    try:
        network, prepare, classes, origin = load(settings.model, file, may_fetch)
        network = network.eval().to(device)
    except FAULTS as error:
        line = (str(error).splitlines() or [type(error).__name__])[0]
        raise Absent(
            f"the model {settings.model} cannot be loaded: {line[:300]}",
            "name another under [cover] in describe.toml",
        ) from error
    n_parameters = sum(weights.numel() for weights in network.parameters())
    model = Model(name=settings.model, version=origin, device=device, n_parameters=n_parameters)
    return CoverReader(network, prepare, classes, model)


def show(cover: Cover, reader: CoverReader, *, top: int) -> Part:
    """Classify a cover.

    Parameters
    ----------
    cover : Cover
        The picture.
    reader : CoverReader
        The classifier.
    top : int
        How many classes are told.

    Returns
    -------
    Part
        ``classes``, a list of ``tag`` and ``score``, best first; ``source``, ``width`` and
        ``height``.
    """
    import torch
    from torchvision.transforms.functional import to_pil_image  # type: ignore[import-untyped]

    pixels = reader.prepare(to_pil_image(cover.pixels)).unsqueeze(0).to(reader.model.device)
    with torch.inference_mode():
        scores = reader.network(pixels)[0].float().softmax(dim=0).cpu()
    best = scores.topk(min(top, len(reader.classes)))
    height, width = cover.pixels.shape[:2]
    classes = [
        {"tag": reader.classes[int(place)], "score": round(float(score), 6)}
        for score, place in zip(best.values, best.indices, strict=True)
    ]
    return Part(
        state="there",
        model=reader.model,
        result={"classes": classes, "source": cover.source, "width": width, "height": height},
    )


_Loaded = tuple["torch.nn.Module", Callable[[Any], "torch.Tensor"], tuple[str, ...], str]


def _of_torchvision(name: str, file: Path | None, may_fetch: Callable[[str], bool]) -> _Loaded:
    import torch
    import torchvision.models as offered  # type: ignore[import-untyped]

    if name not in offered.list_models():
        raise Absent(f"model={name!r} must be one of torchvision or timm/NAME", "such as resnet18")
    published: Any = offered.get_model_weights(name)[WEIGHTS]
    kept = Path(torch.hub.get_dir()) / "checkpoints" / Path(published.url).name
    if file is None and not kept.is_file() and not may_fetch(name):
        raise Absent(
            f"the weights of {name} are not on this machine",
            f"curl --create-dirs -o {kept} {published.url}",
        )
    network = offered.get_model(name, weights=None)
    if file is None:
        weights = published.get_state_dict(progress=False, check_hash=True, weights_only=True)
        network.load_state_dict(weights)
    else:
        network.load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
    origin = f"{WEIGHTS if file is None else file.name}, torchvision {version('torchvision')}"
    return network, published.transforms(), tuple(published.meta["categories"]), origin


def _of_timm(name: str, file: Path | None, may_fetch: Callable[[str], bool]) -> _Loaded:
    check_installed("timm")
    import timm

    data: Any = timm.data  # which says little of its types

    short = name.removeprefix(OF_TIMM)
    if file is None and not may_fetch(name):
        raise Absent(f"the weights of {name} are not named", "name the file: weights under [cover]")
    network: Any = timm.create_model(
        short, pretrained=file is None, checkpoint_path="" if file is None else str(file)
    )
    prepare = data.create_transform(**data.resolve_model_data_config(network))
    n_classes = int(network.num_classes)
    subset = data.infer_imagenet_subset(network)
    info = data.ImageNetInfo(subset) if subset else None
    classes = tuple(
        info.index_to_description(place) if info else str(place) for place in range(n_classes)
    )
    origin = f"{'pretrained' if file is None else file.name}, timm {version('timm')}"
    return network, prepare, classes, origin
