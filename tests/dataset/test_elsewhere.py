"""Sound and stores that lie elsewhere: genre.dataset.elsewhere."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.dataset.content_index import ContentIndex
from genre.dataset.elsewhere import store_features, work_on
from genre.dataset.features import FeatureStore
from genre.dataset.tracks import Track
from genre.errors import AudioError, AudioErrorKind
from genre.execution import ExecutionConfig
from genre.remote.scratch import own_folder
from tests.dataset_examples import noise_track
from tests.far import at, stored

ONE = ExecutionConfig(n_workers=1)


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))


def tracks_of(folder: Path, n_tracks: int = 3) -> tuple[list[Track], list[Track]]:
    """Make tracks here, and the same ones as if they lay elsewhere."""
    (folder / "music").mkdir()
    here = [noise_track(folder / "music", f"{seed}.wav", seed=seed) for seed in range(n_tracks)]
    far = [replace(track, path=at(folder / "music") / f"{n}.wav") for n, track in enumerate(here)]
    return here, far


def test_a_store_elsewhere_is_the_one_on_disk_byte_for_byte(tmp_path: Path) -> None:
    here, far = tracks_of(tmp_path)
    FeatureStore(tmp_path / "here").fill(here, execution=ONE)
    store = FeatureStore(at(tmp_path / "far"))
    report = store.fill(far, execution=ONE, is_kept=False)
    assert (report.n_new, report.n_cached, report.faults) == (3, 0, ())
    assert stored(tmp_path / "far") == stored(tmp_path / "here")
    assert stored(store.cache) == {}
    assert store.contents() == {track.sha256 for track in here}


def test_what_is_needed_of_it_is_brought_and_what_it_lacks_is_put(tmp_path: Path) -> None:
    _, far = tracks_of(tmp_path)
    store = FeatureStore(at(tmp_path / "far"))
    store.fill(far[:2], execution=ONE, is_kept=False)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "far").rglob("*.npy")}
    report = store.fill(far, execution=ONE)
    assert (report.n_new, report.n_cached) == (1, 2)
    assert [len(store.load(track)) for track in far] == [51, 51, 51]
    assert len(stored(tmp_path / "far")) == 6
    assert {path: path.stat().st_mtime_ns for path in times} == times
    store.path(far[0].sha256).write_bytes(b"")
    (tmp_path / "music" / "0.wav").rename(tmp_path / "music" / "moved")
    assert FeatureStore(at(tmp_path / "far")).fill(far[1:], execution=ONE).n_new == 0


def test_files_that_nobody_has_hashed_are_hashed_on_their_way(tmp_path: Path) -> None:
    here, far = tracks_of(tmp_path)
    unknown = [replace(track, sha256="") for track in far]
    store, index = FeatureStore(tmp_path / "cache"), ContentIndex(tmp_path / "contents.json")
    for track in unknown:
        index.expect(track.path, (1, 2, -1))  # type: ignore[arg-type]
    report = store.fill(unknown, execution=ONE, index=index)
    assert (report.n_new, report.n_cached) == (3, 0)
    assert store.contents() == {track.sha256 for track in here}
    again = store.fill(unknown, execution=ONE)
    assert (again.n_new, again.n_cached) == (0, 3)
    known = ContentIndex(tmp_path / "contents.json")
    assert [known.known(track.path) for track in far] == ["", "", ""]
    for track in far:
        known.expect(track.path, (1, 2, -1))  # type: ignore[arg-type]
    assert [known.known(track.path) for track in far] == [track.sha256 for track in here]


def test_other_bytes_than_the_manifest_says_are_a_fault(tmp_path: Path) -> None:
    _, far = tracks_of(tmp_path)
    wrong = replace(far[0], sha256="0f" * 32)
    lost = replace(far[1], path=at(tmp_path / "music") / "lost.wav")
    (tmp_path / "music" / "2.wav").write_text("<html>")
    report = FeatureStore(tmp_path / "cache").fill(
        [wrong, lost, replace(far[2], sha256="")], execution=ONE
    )
    assert [(fault.path, fault.kind) for fault in report.faults] == [
        (wrong.path, "corrupt"),
        (far[2].path, "not_audio"),
        (lost.path, "missing"),
    ]
    assert "has changed since its manifest was written; run genre scan" in report.faults[0].message
    assert str(far[2].path) in report.faults[1].message
    assert str(tmp_path / "tmp") not in "".join(fault.message for fault in report.faults)
    assert stored(tmp_path / "cache") == {}


def test_a_file_that_is_too_large_is_not_brought(tmp_path: Path) -> None:
    _, far = tracks_of(tmp_path, 1)
    store = FeatureStore(tmp_path / "cache")
    small = replace(store.config, decode=replace(store.config.decode, max_bytes=100))
    work = work_on(far[0], FeatureStore(tmp_path / "cache", small))
    with pytest.raises(AudioError, match="more than max_bytes=100") as caught:
        store_features(work)
    assert caught.value.kind is AudioErrorKind.TOO_LARGE
    assert [path.name for path in own_folder().iterdir()] == ["lock"]


def test_what_a_worker_tells_is_the_same_wherever_the_sound_lies(tmp_path: Path) -> None:
    here, far = tracks_of(tmp_path, 1)
    near, other = FeatureStore(tmp_path / "cache"), FeatureStore(tmp_path / "other")
    assert str(work_on(far[0], near)) == str(far[0].path)
    facts = store_features(work_on(here[0], near))
    assert (facts.sha256, facts.was_there) == (here[0].sha256, False)
    assert facts.n_bytes == (tmp_path / "music" / "0.wav").stat().st_size
    assert store_features(work_on(far[0], other)) == facts
    unknown = replace(far[0], sha256="")
    assert store_features(work_on(unknown, near)) == replace(facts, was_there=True)
