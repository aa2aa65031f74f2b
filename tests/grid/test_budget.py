"""genre.grid.budget: the epochs that a time allows, chosen once for an experiment."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from genre.errors import ConfigError
from genre.evaluation.inputs import ExperimentFolder
from genre.grid import GridConfig, budget, run_grid
from genre.grid.budget import MIN_EPOCHS, within_hours
from genre.grid.preparation import Prepared, prepare
from genre.training.config import TrainingConfig
from tests.tiny_grid import tiny

CPU = torch.device("cpu")
LONG = TrainingConfig(epochs=200, batch_size=8)


@pytest.fixture
def config(sample_cut: Path, tmp_path: Path) -> GridConfig:
    return replace(tiny(sample_cut, tmp_path / "results"), training=LONG, hours=0.1)


@pytest.fixture
def prepared(config: GridConfig) -> Prepared:
    return replace(prepare(config, device=CPU, progress=False), n_at_a_time=2)


@pytest.fixture
def known_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that an epoch of the one configuration takes 10 s, of the other 20 s."""
    seconds = dict(zip(("attnTrue_lossbce", "attnFalse_lossfocal"), (10.0, 20.0), strict=True))
    monkeypatch.setattr(budget, "_seconds_of_an_epoch", lambda *_: seconds)


def test_without_hours_nothing_changes(config: GridConfig, prepared: Prepared) -> None:
    plain = replace(config, hours=0.0)
    assert within_hours(plain, prepared, device=CPU) is plain


@pytest.mark.usefixtures("known_epochs")
@pytest.mark.parametrize(
    ("hours", "n_at_a_time", "epochs"),
    [
        (0.1, 2, 10),  # 2 seeds of 30 s, two at a time: 30 s an epoch; 0.85 of 360 s
        (0.1, 1, 5),
        (0.1, 3, 10),  # the fourth run is alone: two rounds of 15 s, as with two at a time
        (0.1, 4, 20),
        (1.0, 2, 102),
        (9.0, 2, 200),  # more than the recipe's would be too many
    ],
)
def test_epochs_fill_the_time(
    config: GridConfig, prepared: Prepared, hours: float, n_at_a_time: int, epochs: int
) -> None:
    given = replace(config, hours=hours)
    fitted = within_hours(given, replace(prepared, n_at_a_time=n_at_a_time), device=CPU)
    assert fitted == replace(given, training=replace(LONG, epochs=epochs))


@pytest.mark.usefixtures("known_epochs")
def test_too_little_time_says_how_much_is_needed(config: GridConfig, prepared: Prepared) -> None:
    # 4 epochs of 30 s at 0.85: 141 s
    with pytest.raises(
        ConfigError, match=r"hours=0\.03 must be at least 0\.039: an epoch of all 4"
    ):
        within_hours(replace(config, hours=0.03), prepared, device=CPU)
    assert within_hours(replace(config, hours=0.0393), prepared, device=CPU).training.epochs == 4


@pytest.mark.parametrize("hours", [-1.0, float("inf"), float("nan")])
def test_hours_are_a_number(hours: float) -> None:
    with pytest.raises(ConfigError, match="must be 0"):
        GridConfig(hours=hours)


def test_what_was_chosen_stays_when_the_grid_is_taken_up(
    config: GridConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(config, configs=config.configs[:1], seeds=1, training=replace(LONG, epochs=6))
    first = run_grid(few, progress=False)
    described = ExperimentFolder(config.folder).read_description()
    assert described.hours == 0.1
    assert MIN_EPOCHS <= described.epochs <= 6
    (place,) = ExperimentFolder(config.folder).runs()
    record = ExperimentFolder(config.folder).run(place).read_record()
    assert record is not None
    assert record.n_epochs == described.epochs
    monkeypatch.setattr(budget, "_seconds_of_an_epoch", lambda *_: pytest.fail("tried again"))
    again = run_grid(few, progress=False)
    assert (first.n_trained, again.n_trained, again.n_kept) == (1, 0, 1)


def test_a_trial_leaves_the_threads_as_they_were(config: GridConfig, prepared: Prepared) -> None:
    before = torch.get_num_threads()
    seconds = budget._seconds_of_an_epoch(config, config.configs, prepared, CPU)
    assert torch.get_num_threads() == before
    assert set(seconds) == set(config.configs)
    assert all(0 < each < 60 for each in seconds.values())
