"""Whether networks can take the windows, asked before anything is decoded: genre.grid.rehearsal."""

from pathlib import Path
from typing import Any

import pytest

from genre.errors import ConfigError
from genre.grid import GridConfig, run_grid
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
        run_grid(GridConfig(data=tmp_path, out=tmp_path / "r", **options), progress=False)
    assert not (tmp_path / "r").exists()
