"""Epochs on their way to a tracker, which may fail: genre.grid.tracking."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from genre.errors import ConfigError, MissingPackageError
from genre.grid import GridConfig, run_grid
from genre.grid.tracking import Tracking
from tests.epochs import epochs


class Kept:
    """A tracker that keeps what it is told, and fails where it shall."""

    def __init__(self, *, fails_at: str = "") -> None:
        self.told: list[tuple[object, ...]] = []
        self.fails_at = fails_at

    def _tell(self, what: str, *values: object) -> None:
        self.told.append((what, *values))
        if what == self.fails_at:
            raise RuntimeError("the disk\nis full")

    def begin(self, name: str, options: Mapping[str, object]) -> None:
        self._tell("begin", name, dict(options))

    def log(self, name: str, step: int, figures: Mapping[str, float]) -> None:
        assert "epoch" not in figures
        self._tell("log", name, step)

    def end(self, name: str, *, is_done: bool) -> None:
        self._tell("end", name, is_done)


def test_each_epoch_is_passed_on_once_and_every_run_is_ended() -> None:
    kept = Kept()
    told = Tracking(kept, options={"a": {"seed": 0}})
    told.show("a", epochs(1))
    told.show("b", epochs(2))
    told.show("a", epochs(2))
    told.end("a", is_done=True)
    told.end("never begun", is_done=True)
    told.close()
    assert kept.told == [
        *(("begin", "a", {"seed": 0}), ("log", "a", 1)),
        *(("begin", "b", {}), ("log", "b", 1), ("log", "b", 2)),
        *(("log", "a", 2), ("end", "a", True), ("end", "b", False)),
    ]


@pytest.mark.parametrize("at", ["begin", "log", "end"])
def test_a_tracker_that_fails_is_said_once_and_left_alone(
    at: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Kept(fails_at=at)
    told = Tracking(kept)
    for n in (1, 2, 3):
        told.show("a", epochs(n))
    told.end("a", is_done=True)
    told.close()
    assert caplog.messages == [
        "the tracker has failed, and training goes on without it: the disk is full"
    ]
    assert kept.told[-1][0] == at


def test_an_absent_library_is_named_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    config = GridConfig(data=tmp_path / "absent", out=tmp_path / "out", tracker="mlflow")
    with pytest.raises(MissingPackageError, match=r"mlflow must .*pip install '\.\[mlflow\]'"):
        run_grid(config)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConfigError, match="tracker='aim' must be one of"):
        replace(config, tracker="aim")  # type: ignore[arg-type]
