"""A bundle and its exported model, which the tests of this folder share."""

import pytest

from genre.inference import Bundle
from genre.tagging.onnx_export import to_onnx
from tests.bundles import hearing_bundle


@pytest.fixture(scope="package")
def bundle() -> Bundle:
    return hearing_bundle()


@pytest.fixture(scope="package")
def model(bundle: Bundle) -> bytes:
    pytest.importorskip("onnx")
    return to_onnx(bundle)
