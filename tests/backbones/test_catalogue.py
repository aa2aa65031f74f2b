"""genre.backbones.catalogue: what is offered is whole, and for the real wheels, true."""

import re

import numpy as np
import pytest

from genre.audio.windows import window_frames
from genre.backbones.adding import TOLERANCE, check, convert
from genre.backbones.catalogue import OFFERS
from genre.backbones.fetching import fetch
from genre.backbones.shelf import check_name
from genre.errors import BundleError


@pytest.mark.parametrize("name", OFFERS)
def test_every_offer_says_whose_it_is(name: str) -> None:
    offer = OFFERS[name]
    assert offer.origin.name == check_name(name) == name
    assert re.fullmatch("[0-9a-f]{64}", offer.origin.sha256)
    assert all((offer.origin.version, offer.origin.licence, offer.origin.attribution, offer.about))
    assert offer.front_end.mel.n_mels == 96
    assert window_frames(offer.windows, offer.front_end.mel) in (187, 100)


@pytest.mark.extras
@pytest.mark.parametrize(("name", "size", "n_classes"), [("musicnn", 1506, 50), ("aisfx", 512, 0)])
def test_the_published_networks_say_what_their_checkpoints_say(
    name: str, size: int, n_classes: int
) -> None:
    offer = OFFERS[name]
    try:
        files = fetch(offer.origin, offer.members)
    except BundleError as error:
        if "could not be fetched" in str(error):
            pytest.skip(f"no package index: {error}")
        raise
    tensors = offer.read(*files)
    bundle = convert(offer, tensors)
    assert check(bundle, offer, tensors) <= TOLERANCE
    assert len(bundle.genres) == n_classes
    embedding, _ = offer.compute(tensors, np.zeros((96, bundle.windowing.n_frames)))
    assert embedding.shape == (size,)
