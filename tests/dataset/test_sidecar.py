"""What decoding told, beside the features."""

from pathlib import Path

import pytest

from genre.dataset.features import FeatureStore
from genre.dataset.sidecar import FLAG_MESSAGES, read_facts, unreadable, write_facts
from genre.errors import DatasetError
from genre.execution import ExecutionConfig
from tests.dataset_examples import noise_track
from tests.doctor_examples import make_facts

ONE = ExecutionConfig(n_workers=1)


@pytest.mark.parametrize("content", [None, "", "{}", '["loud"]', '{"container": 3}', '"silent"'])
def test_broken_facts_say_what_to_do(
    tmp_path: Path, store: FeatureStore, content: str | None
) -> None:
    track = noise_track(tmp_path, "a.wav")
    features_path = store.path(track.sha256)
    features_path.parent.mkdir(parents=True)
    features_path.touch()
    if content is not None:
        features_path.with_suffix(".json").write_text(content)
    with pytest.raises(DatasetError, match=rf"delete {track.sha256}\.\* and fill again"):
        store.fill([track], execution=ONE)


def test_facts_come_back_from_their_file(tmp_path: Path) -> None:
    facts = make_facts(declared_seconds=None, flags=("partial", "silent"), peak=0.0)
    features = tmp_path / "new" / "ab.npy"
    write_facts(features, facts)
    assert read_facts(features) == facts
    assert [path.name for path in features.parent.iterdir()] == ["ab.json"]


def test_the_error_names_the_files_to_delete() -> None:
    error = unreadable(Path("/cache/ab/abc.npy"))
    assert str(error) == (
        "/cache/ab/abc.npy must hold what was written there; delete abc.* and fill again"
    )


def test_every_flag_has_words() -> None:
    assert set(FLAG_MESSAGES) == {"partial", "truncated", "silent", "opposed"}
