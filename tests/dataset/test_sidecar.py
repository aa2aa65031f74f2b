"""What decoding told, beside the features."""

import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from genre.config import to_mapping
from genre.dataset.sidecar import (
    FLAG_MESSAGES,
    Sidecar,
    Written,
    is_intact,
    read_sidecar,
    read_written,
    unreadable,
    write_facts,
    write_written,
)
from genre.errors import DatasetError
from tests.doctor_examples import make_facts

BROKEN = [None, "", "{}", '["loud"]', '{"container": 3}', '"silent"', "[" * 100_000, "null"]


@pytest.mark.parametrize("content", BROKEN)
def test_broken_facts_say_what_to_do(tmp_path: Path, content: str | None) -> None:
    features = tmp_path / "abc.npy"
    if content is not None:
        features.with_suffix(".json").write_text(content)
    with pytest.raises(DatasetError, match=r"delete abc\.\* and fill again"):
        read_sidecar(features)
    assert read_written(features) is None


def test_facts_come_back_from_their_file(tmp_path: Path) -> None:
    facts = make_facts(declared_seconds=None, flags=("partial", "silent"), peak=0.0)
    features = tmp_path / "new" / "ab.npy"
    write_facts(features, facts, Written(200, 7))
    assert read_sidecar(features) == Sidecar(facts, Written(200, 7))
    assert read_written(features) == Written(200, 7)
    assert [path.name for path in features.parent.iterdir()] == ["ab.json"]


def test_facts_of_an_earlier_version_have_no_check_sum(tmp_path: Path) -> None:
    facts = make_facts()
    (tmp_path / "ab.json").write_text(json.dumps(to_mapping(facts)))
    assert read_sidecar(tmp_path / "ab.npy") == Sidecar(facts, None)
    assert is_intact(np.zeros((2, 3)), None)


def test_a_check_sum_knows_its_array(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(50, 96)).astype(np.float16)
    written = Written(0, zlib.crc32(values.tobytes()))
    write_written(tmp_path / "ab.npy", written)
    assert read_written(tmp_path / "ab.npy") == written
    assert is_intact(values, written)
    values[20, 5] = 0
    assert not is_intact(values, written)


def test_the_error_names_the_files_to_delete() -> None:
    error = unreadable(Path("/cache/ab/abc.npy"))
    assert str(error) == (
        "/cache/ab/abc.npy must hold what was written there; delete abc.* and fill again"
    )


def test_every_flag_has_words() -> None:
    assert set(FLAG_MESSAGES) == {"partial", "truncated", "silent", "opposed"}
