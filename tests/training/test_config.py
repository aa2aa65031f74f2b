"""What a training may be asked for: genre.training.config."""

from typing import Any

import pytest

from genre.errors import ConfigError
from genre.training.config import TrainingConfig


@pytest.mark.parametrize("name", ["epochs", "batch_size", "learning_rate"])
def test_refuses(name: str) -> None:
    options: dict[str, Any] = {name: 0}
    with pytest.raises(ConfigError, match=f"{name}=0 must be above 0"):
        TrainingConfig(**options)


@pytest.mark.parametrize("name", ["warm_up", "averaging", "label_smoothing"])
def test_refuses_a_share_of_one(name: str) -> None:
    options: dict[str, Any] = {name: 1.0}
    with pytest.raises(ConfigError, match=rf"{name}=1.0 must lie in \[0, 1\)"):
        TrainingConfig(**options)


def test_refuses_an_unknown_schedule() -> None:
    with pytest.raises(ConfigError, match="schedule='step' must be one of: cosine, plateau"):
        TrainingConfig(schedule="step")  # type: ignore[arg-type]  # the point of the test
