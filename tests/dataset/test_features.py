"""The store of features: computed once, never half, faults instead of failures."""

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.audio.frontend import Features, FeatureStream, FrontEndConfig, extract
from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.dataset.features import FeatureStore
from genre.dataset.filling import FeatureWork, write_features
from genre.dataset.packing import pack
from genre.dataset.tracks import Track
from genre.errors import DatasetError
from genre.execution import ExecutionConfig
from genre.hashing import hash_file
from tests.misbehaving import hang

ONE = ExecutionConfig(n_workers=1)


def make_track(root: Path, name: str, *, seconds: float = 1.0, seed: int = 0) -> Track:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    soundfile.write(path, rng.normal(0.0, 0.1, round(seconds * 22050)), 22050)
    return as_track(path)


def as_track(path: Path) -> Track:
    return Track(
        track_id=path.name,
        path=path,
        genres=("jazz",),
        artist=path.name,
        artist_source="track",
        sha256=hash_file(path),
    )


@pytest.fixture
def store(tmp_path: Path) -> FeatureStore:
    return FeatureStore(tmp_path / "cache")


def test_a_file_lies_where_the_design_says(tmp_path: Path, store: FeatureStore) -> None:
    name = FrontEndConfig().features_fingerprint
    assert store.path("ab12") == tmp_path / "cache" / name / "ab" / "ab12.npy"
    other = FeatureStore(tmp_path / "cache", FrontEndConfig(mel=MelConfig(n_mels=64)))
    assert other.path("ab12") != store.path("ab12")


def test_what_is_stored_is_what_the_front_end_gives(tmp_path: Path, store: FeatureStore) -> None:
    track = make_track(tmp_path, "é.wav")
    report = store.fill([track], execution=ONE)
    assert (report.n_new, report.n_cached, report.faults, report.warnings) == (1, 0, (), ())
    mel = store.load(track)
    assert np.array_equal(mel, extract(track.path).mel.astype(np.float16))
    assert mel.dtype == np.float16
    with pytest.raises(ValueError, match="read-only"):
        mel[0] = 0


def test_filling_again_computes_nothing(tmp_path: Path, store: FeatureStore) -> None:
    tracks = [make_track(tmp_path, f"{seed}.wav", seed=seed) for seed in range(2)]
    store.fill(tracks[:1], execution=ONE)
    stamp = store.path(tracks[0].sha256).stat().st_mtime_ns
    report = store.fill(tracks, execution=ONE)
    assert (report.n_new, report.n_cached) == (1, 1)
    assert store.path(tracks[0].sha256).stat().st_mtime_ns == stamp
    tracks[0].path.unlink()  # a recording that is in the store is not read any more
    tracks[1].path.unlink()
    report = store.fill(tracks, execution=ONE)
    assert (report.n_new, report.n_cached, report.faults) == (0, 2, ())


def test_the_same_recording_is_computed_once(tmp_path: Path, store: FeatureStore) -> None:
    track = make_track(tmp_path, "a.wav")
    twin = replace(track, track_id="b.wav")
    report = store.fill([track, twin], execution=ONE)
    assert (report.n_new, report.n_cached) == (1, 0)
    assert np.array_equal(store.load(track), store.load(twin))


def test_bad_files_are_faults_and_stop_nothing(tmp_path: Path, store: FeatureStore) -> None:
    good = make_track(tmp_path, "good.wav")
    html = tmp_path / "page.mp3"
    html.write_text("<html>" * 50)
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(22050), 22050)
    report = store.fill([as_track(html), good, as_track(silent)], execution=ONE)
    assert report.n_new == 2
    (fault,) = report.faults
    assert (fault.path, fault.stage, fault.kind) == (html, "features", "not_audio")
    assert fault.sha256 == hash_file(html)
    assert "page.mp3" in fault.message
    (warning,) = report.warnings
    assert (warning.path, warning.kind, warning.message) == (silent, "silent", "is silent")
    assert len(store.load(good)) == 51


def test_a_track_that_costs_its_worker_is_a_fault_of_sound(
    tmp_path: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = make_track(tmp_path, "slow.wav")
    monkeypatch.setattr("genre.dataset.features.write_features", hang)
    late = ExecutionConfig(n_workers=1, timeout_seconds=0.5)
    (fault,) = store.fill([track], execution=late).faults
    assert fault.kind == "timeout"
    assert fault.message == f"unit={track.path} must be done within timeout_seconds=0.5"


def test_what_is_odd_is_said_again_of_features_that_are_there(
    tmp_path: Path, store: FeatureStore
) -> None:
    good = make_track(tmp_path, "good.wav")
    for name in ("silent.wav", "short.wav"):
        soundfile.write(tmp_path / name, np.zeros(22050 * len(name)), 22050)
    cut = tmp_path / "short.wav"
    cut.write_bytes(cut.read_bytes()[:-22050])
    tracks = [good, as_track(tmp_path / "silent.wav"), as_track(cut)]
    tracks.append(replace(tracks[1], path=tmp_path / "copy.wav"))
    first = store.fill(tracks, execution=ONE)
    assert [(fault.path.name, fault.kind) for fault in first.warnings] == [
        ("copy.wav", "silent"),
        ("short.wav", "silent"),
        ("short.wav", "truncated"),
        ("silent.wav", "silent"),
    ]
    again = store.fill(tracks, execution=ONE)
    assert (again.n_new, again.n_cached) == (0, 3)
    assert again.warnings == first.warnings
    facts = store.facts(tracks[1])
    assert (facts.container, facts.peak, facts.flags) == ("wav", 0.0, ("silent",))
    assert store.facts(good).duration_seconds == 1.0


def test_facts_are_there_before_the_features(tmp_path: Path, store: FeatureStore) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(22050), 22050)
    track = as_track(tmp_path / "silent.wav")
    work = FeatureWork(track.path, track.sha256, store.path(track.sha256), store.config)
    work.target.mkdir(parents=True)  # so that the features cannot take their name
    with pytest.raises(OSError, match="directory"):
        write_features(work)
    (work.target).rmdir()
    assert [path.name for path in work.target.parent.iterdir()] == [f"{track.sha256}.json"]
    assert [fault.kind for fault in store.fill([track], execution=ONE).warnings] == ["silent"]


def test_facts_of_an_earlier_try_are_replaced(tmp_path: Path, store: FeatureStore) -> None:
    track = make_track(tmp_path, "good.wav")
    stale = store.path(track.sha256).with_suffix(".json")
    stale.parent.mkdir(parents=True)
    stale.write_text('["partial"]')
    assert store.fill([track], execution=ONE).warnings == ()
    assert store.facts(track).flags == ()


@pytest.mark.parametrize("content", [None, "", "{}", '["loud"]', '{"container": 3}', '"silent"'])
def test_broken_facts_say_what_to_do(
    tmp_path: Path, store: FeatureStore, content: str | None
) -> None:
    track = make_track(tmp_path, "a.wav")
    features_path = store.path(track.sha256)
    features_path.parent.mkdir(parents=True)
    features_path.touch()
    if content is not None:
        features_path.with_suffix(".json").write_text(content)
    with pytest.raises(DatasetError, match=rf"delete {track.sha256}\.\* and fill again"):
        store.fill([track], execution=ONE)


def test_what_a_killed_worker_left_is_deleted_when_it_is_old(
    tmp_path: Path, store: FeatureStore
) -> None:
    track = make_track(tmp_path, "a.wav")
    folder = store.path(track.sha256).parent
    folder.mkdir(parents=True)
    old, young = (folder / f".x.npy.{name}.tmp" for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 86400, time.time() - 86400))
    store.fill([track], execution=ONE)
    assert not old.exists()
    assert young.exists()  # perhaps another machine is at it


def test_every_copy_of_a_bad_file_is_a_fault(tmp_path: Path, store: FeatureStore) -> None:
    tracks = []
    for name in ("b.mp3", "a.mp3"):
        (tmp_path / name).write_text("no sound")
        tracks.append(as_track(tmp_path / name))
    report = store.fill(tracks, execution=ONE)
    assert [fault.path.name for fault in report.faults] == ["a.mp3", "b.mp3"]
    assert report.n_new == 0


def test_a_file_that_changed_is_not_stored(tmp_path: Path, store: FeatureStore) -> None:
    track = make_track(tmp_path, "a.wav", seed=1)
    make_track(tmp_path, "a.wav", seed=2)
    report = store.fill([track], execution=ONE)
    assert report.faults[0].kind == "corrupt"
    assert "has changed since" in report.faults[0].message
    assert not store.path(track.sha256).exists()


def test_a_write_that_breaks_off_leaves_nothing(
    tmp_path: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(_: FeatureStream) -> Iterator[Features]:
        yield np.zeros((128, 96), np.float16)
        raise KeyboardInterrupt

    track = make_track(tmp_path, "a.wav")
    work = FeatureWork(track.path, track.sha256, store.path(track.sha256), store.config)
    monkeypatch.setattr(FeatureStream, "blocks", break_off)
    with pytest.raises(KeyboardInterrupt):
        write_features(work)
    assert not [path for path in store.folder.rglob("*") if path.is_file()]


def test_nothing_but_whole_files_is_left_behind(tmp_path: Path, store: FeatureStore) -> None:
    tracks = [make_track(tmp_path, f"{seed}.wav", seed=seed) for seed in range(3)]
    store.fill(tracks, execution=ONE)
    left = {path for path in store.folder.rglob("*") if path.is_file()}
    whole = {store.path(track.sha256) for track in tracks}
    assert left == whole | {path.with_suffix(".json") for path in whole}


FILL_A_FOLDER = """
import sys
from pathlib import Path
from genre.dataset.features import FeatureStore
from tests.dataset.test_features import as_track
if __name__ == "__main__":
    tracks = [as_track(path) for path in sorted(Path(sys.argv[1]).glob("*.wav"))]
    FeatureStore(Path(sys.argv[2])).fill(tracks)
"""


@pytest.mark.slow
@pytest.mark.parametrize("n_finished", [1, 5])
def test_filling_may_be_killed_and_taken_up_again(
    tmp_path: Path, store: FeatureStore, n_finished: int
) -> None:
    tracks = [make_track(tmp_path, f"{s}.wav", seconds=60, seed=s) for s in range(20)]
    script = tmp_path / "fill.py"
    script.write_text(FILL_A_FOLDER)
    root = Path(__file__).parents[2]
    filling = subprocess.Popen(
        [sys.executable, script, tmp_path, tmp_path / "cache"],
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    while len(list(store.folder.rglob("*.npy"))) < n_finished:
        assert filling.poll() is None
        time.sleep(0.001)
    filling.kill()
    filling.wait()
    done = [track for track in tracks if store.path(track.sha256).exists()]
    assert n_finished <= len(done) < len(tracks)
    for track in done:
        assert len(store.load(track)) == 3001
    report = store.fill(tracks)
    assert report.n_new + report.n_cached == len(tracks)
    assert report.n_cached >= len(done)
    assert all(len(store.load(track)) == 3001 for track in tracks)


def test_features_that_are_not_there_are_named(tmp_path: Path, store: FeatureStore) -> None:
    track = make_track(tmp_path, "a.wav")
    with pytest.raises(DatasetError, match=r"track_id='a.wav' must have features in .*fill"):
        store.load(track)


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_broken_file_says_what_to_do(tmp_path: Path, store: FeatureStore, content: bytes) -> None:
    track = make_track(tmp_path, "a.wav")
    path = store.path(track.sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"delete [0-9a-f]{64}\.\* and fill again"):
        store.load(track)


@pytest.mark.parametrize("shape", [(5, 95), (5,), (0, 96)])
def test_an_array_of_another_shape_is_refused(
    tmp_path: Path, store: FeatureStore, shape: tuple[int, ...]
) -> None:
    track = make_track(tmp_path, "a.wav")
    path = store.path(track.sha256)
    path.parent.mkdir(parents=True)
    np.save(path, np.zeros(shape, dtype=np.float16))
    with pytest.raises(DatasetError, match="must hold what was written there"):
        store.load(track)


@pytest.mark.parametrize("on_disk", [False, True])
def test_packing_puts_tracks_behind_each_other(
    tmp_path: Path, store: FeatureStore, on_disk: bool
) -> None:
    tracks = [make_track(tmp_path, f"{s}.wav", seconds=s, seed=s) for s in (1, 5, 4)]
    store.fill(tracks, execution=ONE)
    packed = pack(tracks, store, folder=tmp_path / "new" if on_disk else None)
    assert isinstance(packed.mel, np.memmap) is on_disk
    # 1 s is padded to one window of 200 frames; 5 s have 251 frames and 4 s 201
    assert packed.lengths.tolist() == [200, 251, 201]
    assert packed.starts.tolist() == [0, 200, 451]
    assert packed.mel.shape == (652, 96)
    assert packed.mel.dtype == np.float16
    assert np.array_equal(packed.mel[:51], store.load(tracks[0]))
    assert (packed.mel[51:200] == -80).all()
    assert np.array_equal(packed.mel[200:451], store.load(tracks[1]))
    assert np.array_equal(packed.mel[451:], store.load(tracks[2]))


def test_a_packed_file_is_written_once_and_named_by_its_content(
    tmp_path: Path, store: FeatureStore
) -> None:
    tracks = [make_track(tmp_path, f"{seed}.wav", seed=seed) for seed in (1, 2)]
    store.fill(tracks, execution=ONE)
    folder = tmp_path / "packed"
    pack(tracks, store, folder=folder)
    (first,) = folder.iterdir()
    file_number = first.stat().st_ino
    pack(tracks, store, folder=folder)
    assert [path.stat().st_ino for path in folder.iterdir()] == [file_number]
    pack(tracks[::-1], store, folder=folder)
    pack(tracks, store, folder=folder, windows=WindowConfig(window_seconds=8.0))
    assert len(list(folder.iterdir())) == 3
    np.save(first, np.zeros((3, 96), np.float16))
    with pytest.raises(DatasetError, match="must hold what was written there"):
        pack(tracks, store, folder=folder)


def test_packed_files_that_nobody_asks_for_any_more_make_room(
    tmp_path: Path, store: FeatureStore
) -> None:
    tracks = [make_track(tmp_path, f"{seed}.wav", seed=seed) for seed in range(4)]
    store.fill(tracks, execution=ONE)
    folder = tmp_path / "packed"
    for days, last in ((6, 1), (5, 2), (4, 3)):
        before = set(folder.glob("*"))
        pack(tracks[:last], store, folder=folder)
        (path,) = set(folder.glob("*")) - before
        used = time.time() - days * 24 * 3600
        os.utime(path, (used, used))
    pack(tracks[:1], store, folder=folder)  # asked for again: the latest
    assert len(list(folder.iterdir())) == 3
    pack(tracks, store, folder=folder)
    # the two latest stay, and of the older ones what is younger than three days
    lengths = sorted(len(np.load(path)) for path in folder.iterdir())
    assert lengths == [200, 3 * 200, 4 * 200]


def test_mapped_features_travel_to_another_process_as_their_file(
    tmp_path: Path, store: FeatureStore
) -> None:
    tracks = [make_track(tmp_path, "1.wav", seed=1)]
    store.fill(tracks, execution=ONE)
    for folder, is_small in ((tmp_path / "packed", True), (None, False)):
        packed = pack(tracks, store, folder=folder)
        sent = pickle.dumps(packed)
        arrived = pickle.loads(sent)  # noqa: S301 - our own
        assert (len(sent) < packed.mel.nbytes) is is_small
        assert isinstance(arrived.mel, np.memmap) is is_small
        assert np.array_equal(arrived.mel, packed.mel)
        assert np.array_equal(arrived.starts, packed.starts)


def test_packing_pads_to_the_window_that_is_asked_for(tmp_path: Path, store: FeatureStore) -> None:
    track = make_track(tmp_path, "a.wav")
    store.fill([track], execution=ONE)
    windows = WindowConfig(window_seconds=1.0, step_seconds=0.5)
    assert pack([track], store, windows=windows).lengths.tolist() == [51]


def test_packing_nothing_is_an_error(store: FeatureStore) -> None:
    with pytest.raises(DatasetError, match="must hold at least one track"):
        pack([], store)


def test_a_progress_bar_is_shown_where_asked_for(
    tmp_path: Path, store: FeatureStore, capfd: pytest.CaptureFixture[str]
) -> None:
    track = make_track(tmp_path, "a.wav")
    store.fill([track], execution=ONE)
    assert capfd.readouterr().err == ""
    store.path(track.sha256).unlink()
    store.fill([track], execution=ONE, progress=True)
    assert "features: 100%" in capfd.readouterr().err
