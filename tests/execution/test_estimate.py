"""What a long job will take."""

import time

import pytest

from genre.execution.estimate import Estimate, in_bytes, in_time


def test_a_job_is_foretold_from_its_first_hundredth(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    estimate = Estimate(20_000)
    for number in range(1, 201):
        now += 0.5
        assert estimate.add(n_read=1_000_000, n_written=288_000) is (number == 200)
    # 199 more, half a second each, after the first
    assert estimate.seconds == pytest.approx(10_000)
    assert estimate.words == (
        "about 2.8 h for 20000 files, 2.0 a second: 5.8 GB to keep, 20.0 GB to read"
    )


def test_of_few_units_nothing_is_foretold() -> None:
    estimate = Estimate(50)
    assert not any(estimate.add(n_read=1, n_written=1) for _ in range(50))
    estimate = Estimate(60)
    assert [estimate.add(n_read=1, n_written=1) for _ in range(60)].index(True) == 49


def test_nothing_at_all() -> None:
    assert Estimate(0).words.startswith("about 0 s for 0 files")


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (2.3e12, "2.3 TB"), (5e18, "5000.0 PB")],
)
def test_bytes(number: float, expected: str) -> None:
    assert in_bytes(number) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2.0 h")]
)
def test_times(seconds: float, expected: str) -> None:
    assert in_time(seconds) == expected
