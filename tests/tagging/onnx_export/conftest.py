"""A bundle and its exported model, which the tests of this folder share."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from genre.inference.bundle import Bundle
from genre.inference.score_rule import ScoreRule
from genre.inference.windowing import Standardisation
from genre.tagging.onnx_export import exporting
from tests.bundles import small_bundle


@pytest.fixture(scope="package")
def bundle() -> Bundle:
    """Make a bundle whose scores depend on what is heard, as an untrained one's hardly do."""
    plain = small_bundle()
    torch.manual_seed(1)
    for layer in plain.network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
    ears = Standardisation(mean=(-45.0,) * 96, deviation=(5.0,) * 96)
    return replace(plain, standardisation=ears, rule=ScoreRule(temperature=0.1))


@pytest.fixture(scope="package")
def parts(bundle: Bundle) -> Any:  # noqa: ANN401 - not importable without the optional packages
    pytest.importorskip("onnxscript")
    return exporting.export_parts(bundle)


@pytest.fixture(scope="package")
def model(bundle: Bundle, parts: Any) -> bytes:  # noqa: ANN401
    return exporting.assemble(bundle, parts)
