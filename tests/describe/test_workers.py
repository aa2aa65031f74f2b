"""What reads strangers' files in workers: genre.describe.workers."""

import os
import time
from pathlib import Path

import pytest

from genre.describe.card import Absent
from genre.describe.workers import UNHURRIED, Deadline, in_worker
from genre.errors import DatasetError
from genre.execution import ExecutionConfig, WorkerPool


def read(path: Path) -> str:
    match path.name:
        case "absent":
            raise Absent("nothing there", "put it there")
        case "bad":
            raise DatasetError("bad file")
        case "crash":
            os._exit(7)
        case "hang":
            time.sleep(60)
    return path.name


def test_a_bad_file_costs_its_part_only() -> None:
    with WorkerPool(ExecutionConfig(n_workers=1)) as pool:
        assert in_worker(pool, read, Path("good")) == "good"
        for name, reason in (
            ("absent", "nothing there"),
            ("bad", "bad file"),
            ("crash", "exit code 7"),
        ):
            with pytest.raises(Absent, match=reason):
                in_worker(pool, read, Path(name))
        with pytest.raises(Absent, match=r"within timeout_seconds=0\.5"):
            in_worker(pool, read, Path("hang"), timeout_seconds=0.5)
        assert in_worker(pool, read, Path("good")) == "good"


def test_a_deadline_cuts_what_a_worker_may_take_and_refuses_when_it_is_over() -> None:
    assert UNHURRIED.left() == float("inf")
    assert 9 < Deadline(10.0).left() <= 10
    with WorkerPool(ExecutionConfig(n_workers=1)) as pool:
        with pytest.raises(Absent, match="within timeout_seconds="):
            in_worker(pool, read, Path("hang"), deadline=Deadline(0.5))
        with pytest.raises(Absent, match="not done within 0 s"):
            in_worker(pool, read, Path("good"), deadline=Deadline(0.0))
