"""genre.backbones.adding: a network is converted, held against numpy, and only then kept."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.backbones import OFFERS
from genre.backbones.adding import TOLERANCE, add_offer, check, convert
from genre.errors import BundleError
from genre.inference import Pretrained, load_backbone
from tests.backbones.offers import get_small, small_offer
from tests.checkpoints import small_musicnn

Floats = NDArray[Any]


@pytest.mark.parametrize("name", OFFERS)
def test_a_published_network_becomes_a_bundle(name: str, tmp_path: Path) -> None:
    offer = small_offer(name)
    folder = tmp_path / "models" / name
    bundle = add_offer(offer, folder, get=get_small(name))
    assert load_backbone(folder) == bundle
    assert bundle.genres == offer.classes
    assert bundle.names == {tag: tag for tag in offer.classes}  # as its authors spell them
    assert bundle.n_parameters > 100
    description = json.loads((folder / "model.json").read_text())
    assert description["backbones"][0]["sha256"] == OFFERS[name].origin.sha256
    assert OFFERS[name].origin.licence in description["licence_note"]
    licence = (folder / "LICENSE.txt").read_text(encoding="utf-8").split("\n")
    assert licence == [description["licence_note"], "", "Do what you like,", "but ün\ufffd.", ""]
    network = (folder / "network.onnx").read_bytes()
    assert description["network_sha256"] == hashlib.sha256(network).hexdigest()


def test_a_network_that_differs_is_not_kept(
    tmp_path: Path,
) -> None:
    offer = small_offer("musicnn")

    def differs(tensors: object, window: Floats) -> tuple[Floats, Floats]:
        embedding, logits = OFFERS["musicnn"].compute(tensors, window)  # type: ignore[arg-type]
        assert logits is not None
        return embedding, logits + 2 * TOLERANCE

    with pytest.raises(BundleError, match=r"must compute what its checkpoint says, to within 0\.0"):
        add_offer(replace(offer, compute=differs), tmp_path / "musicnn", get=get_small("musicnn"))
    assert not list(tmp_path.iterdir())
    assert check(convert(offer, small_musicnn()), offer, small_musicnn()) <= TOLERANCE


def test_numbers_that_are_none_are_not_kept() -> None:
    tensors = small_musicnn()
    tensors["dense/bias"][0] = np.nan
    offer = small_offer("musicnn")
    with pytest.raises(BundleError, match="it differs by nan"):
        check(convert(offer, tensors), offer, tensors)


def test_what_cannot_be_had_leaves_what_is_there(tmp_path: Path) -> None:
    def fail(_: Pretrained, __: Sequence[str]) -> list[bytes]:
        raise BundleError("could not be fetched")

    folder = tmp_path / "musicnn"
    add_offer(small_offer("musicnn"), folder, get=get_small("musicnn"))
    before = (folder / "model.json").read_bytes()
    with pytest.raises(BundleError, match="could not be fetched"):
        add_offer(small_offer("musicnn"), folder, get=fail)
    assert (folder / "model.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["musicnn"]
