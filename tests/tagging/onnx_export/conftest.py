"""A bundle and its exported model, which the tests of this folder share."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from genre.inference import Bundle, ScoreRule, Standardisation
from genre.models import with_network
from genre.tagging.onnx_export import to_onnx
from tests.bundles import network_of, small_bundle


@pytest.fixture(scope="package")
def bundle() -> Bundle:
    """Make a bundle whose scores depend on what is heard, as an untrained one's hardly do."""
    plain = small_bundle()
    network = network_of(plain)
    torch.manual_seed(1)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
    ears = Standardisation(mean=(-45.0,) * 96, deviation=(5.0,) * 96)
    changed = replace(plain, standardisation=ears, rule=ScoreRule(temperature=0.1))
    return with_network(changed, network)


@pytest.fixture(scope="package")
def model(bundle: Bundle) -> bytes:
    pytest.importorskip("onnx")
    return to_onnx(bundle)
