"""Files that cannot be used: the quarantine, and how many of them stop a run."""

import json
from pathlib import Path

import pytest

from genre.dataset.faults import Fault, check_bad_fraction, write_quarantine
from genre.errors import ConfigError, DatasetError


def _fault(name: str, kind: str = "empty") -> Fault:
    return Fault(path=Path(name), sha256="", stage="scan", kind=kind, message="has no content")


def test_quarantine_is_one_json_object_per_line(tmp_path: Path) -> None:
    path = tmp_path / "new" / "quarantine.jsonl"
    write_quarantine([_fault("é\n.mp3"), _fault("\udcff.mp3", "corrupt")], path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert rows[0] == {
        "path": "é\n.mp3",
        "sha256": "",
        "stage": "scan",
        "kind": "empty",
        "message": "has no content",
    }
    assert rows[1]["path"] == "\\udcff.mp3"
    write_quarantine([], path)
    assert path.read_text() == ""
    assert [file.name for file in path.parent.iterdir()] == ["quarantine.jsonl"]


@pytest.mark.parametrize(
    ("n_bad", "n_total", "fraction", "stops"),
    [
        (20, 20, 0.05, False),  # 20 files never stop a run
        (21, 21, 0.05, True),
        (21, 420, 0.05, False),  # exactly 5 %
        (22, 420, 0.05, True),
        (500, 500, 1.0, False),
        (21, 1000, 0.0, True),
        (0, 0, 0.0, False),
    ],
)
def test_bad_fraction(n_bad: int, n_total: int, fraction: float, stops: bool) -> None:
    if not stops:
        check_bad_fraction(n_bad, n_total, max_bad_fraction=fraction)
        return
    with pytest.raises(DatasetError, match=rf"bad files={n_bad} of {n_total}.*--max-bad-fraction"):
        check_bad_fraction(n_bad, n_total, max_bad_fraction=fraction)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_bad_fraction_out_of_range(fraction: float) -> None:
    with pytest.raises(ConfigError, match=r"max_bad_fraction=.* must be from 0 to 1"):
        check_bad_fraction(0, 1, max_bad_fraction=fraction)
