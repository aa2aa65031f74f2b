"""genre.inference.pretrained: whose a network is, in words."""

from dataclasses import replace

import pytest

from genre.errors import ConfigError
from genre.inference.pretrained import Pretrained, licence_note
from tests.pretrained_examples import ORIGIN


def test_licences_are_named_with_whom_they_name() -> None:
    assert licence_note([]) == ""
    assert licence_note([ORIGIN, Pretrained(name="own", source="own.onnx")]) == (
        "Pre-trained network ears (ears-of-somebody 1.0): licence CC BY 4.0; Somebody (2020). "
        "Pre-trained network own (own.onnx): licence unknown."
    )


def test_it_has_a_name() -> None:
    with pytest.raises(ConfigError, match="name=' ' must name"):
        replace(ORIGIN, name=" ")
