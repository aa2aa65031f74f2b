"""The state of an unfinished run comes back exactly, or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from genre.training.state import (
    PARTS,
    TrainingState,
    load_state,
    previous,
    remove_states,
    save_state,
)


def trained_state() -> TrainingState:
    torch.manual_seed(0)
    network = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.1)
    network(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    return TrainingState(
        network=network.state_dict(),
        average={"weight": torch.zeros(2)},
        best={"weight": torch.ones(2)},
        optimizer=optimizer.state_dict(),
        progress={"best_epoch": 3, "history": [{"epoch": 1, "loss": 0.1 + 0.2}]},
    )


def test_round_trip(tmp_path: Path) -> None:
    state = trained_state()
    save_state(tmp_path / "state", state, fingerprint="this")
    again = load_state(tmp_path / "state", fingerprint="this")
    assert again is not None
    assert again.progress == state.progress
    assert again.optimizer["param_groups"][0]["lr"] == 0.1
    for name in PARTS:
        for key, tensor in getattr(state, name).items():
            assert torch.equal(getattr(again, name)[key], tensor)
    for index, moments in state.optimizer["state"].items():
        for key, tensor in moments.items():
            assert torch.equal(again.optimizer["state"][index][key], tensor)


def test_an_optimizer_goes_on_from_it(tmp_path: Path) -> None:
    save_state(tmp_path / "state", trained_state(), fingerprint="this")
    again = load_state(tmp_path / "state", fingerprint="this")
    assert again is not None
    network = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.5)
    optimizer.load_state_dict(again.optimizer)
    network(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    assert optimizer.state_dict()["state"][0]["step"] == 2
    assert optimizer.param_groups[0]["lr"] == 0.1


def test_nothing_is_taken_from_an_absent_damaged_or_foreign_state(tmp_path: Path) -> None:
    path = tmp_path / "state"
    assert load_state(path, fingerprint="this") is None
    save_state(path, trained_state(), fingerprint="this")
    assert load_state(path, fingerprint="that") is None
    path.write_bytes(path.read_bytes()[:100])
    assert load_state(path, fingerprint="this") is None


def numbered(number: int) -> TrainingState:
    return replace(trained_state(), progress={"number": number})


def number_of(path: Path) -> int | None:
    state = load_state(path, fingerprint="this")
    return None if state is None else int(state.progress["number"])


def test_the_last_two_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "state"
    for number in (1, 2, 3):
        save_state(path, numbered(number), fingerprint="this")
    assert (number_of(path), number_of(previous(path))) == (3, 2)
    assert sorted(tmp_path.iterdir()) == [path, previous(path)]
    path.write_bytes(b"damaged")
    assert number_of(path) == 2
    path.unlink()
    assert number_of(path) == 2
    remove_states(path)
    assert not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_a_whole_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state"
    for number in (1, 2):
        save_state(path, numbered(number), fingerprint="this")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_state(path, numbered(3), fingerprint="this")
    assert number_of(path) == 2
