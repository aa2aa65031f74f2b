"""genre.grid.rehearsal: what no training could end with is said before anything is decoded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from genre.errors import ConfigError
from genre.grid import GridConfig, run_grid
from genre.grid.rehearsal import rehearse
from genre.models import MODELS, Architecture
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.config import TrainingConfig


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"model": SpectrogramCNNConfig(channels=(4,) * 7)},
            r"must be able to take batch_size=16 windows of 96 × 200",
        ),
        (
            {
                "configs": ("short_chunk_cnn_lossbce",),
                "training": TrainingConfig(batch_size=1),
            },
            "batch_size=1 ",
        ),
    ],
)
def test_what_no_network_can_take_is_said_before_anything_is_decoded(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        run_grid(GridConfig(data=tmp_path / "music", out=tmp_path / "r", **options), progress=False)
    assert not (tmp_path / "r").exists()


@dataclass(frozen=True, kw_only=True)
class NoOptions:
    """An architecture without any."""


class Odd(nn.Module):
    """A network that ONNX has no word for."""

    def __init__(self, _: NoOptions, *, n_labels: int) -> None:
        super().__init__()
        self.n_labels = n_labels

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        values: torch.Tensor = torch.linalg.eigvals(mel[:, 0, : self.n_labels, : self.n_labels])
        return values.real


class Counting(Odd):
    """A network whose logits grow with the number of windows in a batch."""

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        return mel[:, 0, : self.n_labels].mean(dim=2) * len(mel)


@pytest.mark.parametrize(
    ("network", "message"),
    [(Odd, "cannot be written as ONNX"), (Counting, "must give torch's logits within 0.0001")],
)
def test_what_could_not_be_used_is_said_before_it_is_trained(
    monkeypatch: pytest.MonkeyPatch, network: type[Odd], message: str
) -> None:
    odd = Architecture(config_class=NoOptions, build=network)
    monkeypatch.setitem(MODELS, "odd", odd)
    config = GridConfig(configs=("odd_lossbce",))
    with pytest.raises(ConfigError, match=f"odd_lossbce' must be of use once trained: .*{message}"):
        rehearse(config)


def test_the_configurations_of_the_package_pass() -> None:
    rehearse(GridConfig(configs=("attnTrue_lossbce", "short_chunk_cnn_lossbce")))
