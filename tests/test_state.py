"""The state of an unfinished run comes back exactly, or not at all."""

from pathlib import Path

import torch

from genre.training.state import TrainingState, load_state, save_state


def trained_state() -> TrainingState:
    torch.manual_seed(0)
    network = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer)
    network(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    scheduler.step(1.0)
    return TrainingState(
        network=network.state_dict(),
        best={"weight": torch.ones(2)},
        optimizer=optimizer.state_dict(),
        scheduler=scheduler.state_dict(),
        progress={"best_epoch": 3, "history": [{"epoch": 1, "loss": 0.1 + 0.2}]},
    )


def test_round_trip(tmp_path: Path) -> None:
    state = trained_state()
    save_state(tmp_path / "state", state, fingerprint="this")
    again = load_state(tmp_path / "state", fingerprint="this")
    assert again is not None
    assert again.progress == state.progress
    assert again.scheduler == state.scheduler
    assert again.optimizer["param_groups"][0]["lr"] == 0.1
    for name in ("network", "best"):
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
