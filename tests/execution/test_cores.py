"""How many cores there are for this process."""

import os
import sys
from pathlib import Path

import pytest

from genre.execution.cores import n_cores, quota


def test_there_is_a_core() -> None:
    assert 1 <= n_cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cpu.max": "200000 100000\n"}, 2),
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "10000 100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu.max": "max 100000\n"}, os.cpu_count()),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, os.cpu_count()),
        ({"cpu.max": "100000 0\n"}, os.cpu_count()),
        ({"cpu.max": "\n"}, os.cpu_count()),
        ({}, os.cpu_count()),
    ],
)
def test_a_container_gets_its_share_of_the_cores(
    tmp_path: Path, files: dict[str, str], expected: int
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert quota(tmp_path) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="quotas are Linux's")
def test_a_quota_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genre.execution.cores.quota", lambda: 1)
    assert n_cores() == 1
