"""Where and in which precision things are computed."""

import pytest
import torch

from genre.errors import ConfigError
from genre.models.devices import pick_device, training_precision


def test_devices() -> None:
    assert pick_device("cpu").type == "cpu"
    assert pick_device().type in {"cpu", "cuda", "mps"}
    with pytest.raises(ConfigError, match="device='gpu9' must be auto, cpu"):
        pick_device("gpu9")


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({}, torch.float32),
        ({"avx2": True, "avx512_bf16": False}, torch.float32),
        ({"avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True}, torch.bfloat16),
    ],
)
def test_bfloat16_only_where_the_processor_has_it(
    capabilities: dict[str, bool], expected: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert training_precision(torch.device("cpu")) is expected
    assert training_precision(torch.device("mps")) is torch.float32
