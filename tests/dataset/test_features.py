"""The store of features: computed once, never half, faults instead of failures."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre.addresses import here
from genre.audio.frontend import FrontEndConfig, extract
from genre.audio.mel import MelConfig
from genre.dataset.features import FeatureStore
from genre.errors import DatasetError
from genre.execution import ExecutionConfig
from genre.hashing import hash_file
from tests.dataset_examples import noise_track, track_of
from tests.misbehaving import hang

ONE = ExecutionConfig(n_workers=1)


def test_a_file_lies_where_the_design_says(tmp_path: Path, store: FeatureStore) -> None:
    name = FrontEndConfig().features_fingerprint
    assert store.path("ab12") == tmp_path / "cache" / name / "ab" / "ab12.npy"
    other = FeatureStore(tmp_path / "cache", FrontEndConfig(mel=MelConfig(n_mels=64)))
    assert other.path("ab12") != store.path("ab12")


def test_what_is_stored_is_what_the_front_end_gives(tmp_path: Path, store: FeatureStore) -> None:
    track = noise_track(tmp_path, "é.wav")
    report = store.fill([track], execution=ONE)
    assert (report.n_new, report.n_cached, report.faults, report.warnings) == (1, 0, (), ())
    mel = store.load(track)
    assert np.array_equal(mel, extract(here(track.path)).mel.astype(np.float16))
    assert mel.dtype == np.float16
    with pytest.raises(ValueError, match="read-only"):
        mel[0] = 0


def test_filling_again_computes_nothing(tmp_path: Path, store: FeatureStore) -> None:
    tracks = [noise_track(tmp_path, f"{seed}.wav", seed=seed) for seed in range(2)]
    store.fill(tracks[:1], execution=ONE)
    stamp = store.path(tracks[0].sha256).stat().st_mtime_ns
    report = store.fill(tracks, execution=ONE)
    assert (report.n_new, report.n_cached) == (1, 1)
    assert store.path(tracks[0].sha256).stat().st_mtime_ns == stamp
    here(tracks[0].path).unlink()  # a recording that is in the store is not read any more
    here(tracks[1].path).unlink()
    report = store.fill(tracks, execution=ONE)
    assert (report.n_new, report.n_cached, report.faults) == (0, 2, ())


def test_the_same_recording_is_computed_once(tmp_path: Path, store: FeatureStore) -> None:
    track = noise_track(tmp_path, "a.wav")
    twin = replace(track, track_id="b.wav")
    report = store.fill([track, twin], execution=ONE)
    assert (report.n_new, report.n_cached) == (1, 0)
    assert np.array_equal(store.load(track), store.load(twin))


def test_bad_files_are_faults_and_stop_nothing(tmp_path: Path, store: FeatureStore) -> None:
    good = noise_track(tmp_path, "good.wav")
    html = tmp_path / "page.mp3"
    html.write_text("<html>" * 50)
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(22050), 22050)
    report = store.fill([track_of(html), good, track_of(silent)], execution=ONE)
    assert report.n_new == 2
    (fault,) = report.faults
    assert (fault.path, fault.stage, fault.kind) == (html, "features", "not_audio")
    assert fault.sha256 == hash_file(html)
    assert "page.mp3" in fault.message
    (warning,) = report.warnings
    assert (warning.path, warning.kind) == (silent, "silent")
    assert warning.message.startswith("is silent, so that no genre can be learned from it")
    assert len(store.load(good)) == 51


def test_a_track_that_costs_its_worker_is_a_fault_of_sound(
    tmp_path: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = noise_track(tmp_path, "slow.wav")
    monkeypatch.setattr("genre.dataset.features.store_features", hang)
    late = ExecutionConfig(n_workers=1, timeout_seconds=0.5)
    (fault,) = store.fill([track], execution=late).faults
    assert fault.kind == "timeout"
    assert fault.message == f"unit={track.path} must be done within timeout_seconds=0.5"


def test_what_is_odd_is_said_again_of_features_that_are_there(
    tmp_path: Path, store: FeatureStore
) -> None:
    good = noise_track(tmp_path, "good.wav")
    for name in ("silent.wav", "short.wav"):
        soundfile.write(tmp_path / name, np.zeros(22050 * len(name)), 22050)
    cut = tmp_path / "short.wav"
    cut.write_bytes(cut.read_bytes()[:-22050])
    tracks = [good, track_of(tmp_path / "silent.wav"), track_of(cut)]
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


def test_facts_of_an_earlier_try_are_replaced(tmp_path: Path, store: FeatureStore) -> None:
    track = noise_track(tmp_path, "good.wav")
    stale = store.path(track.sha256).with_suffix(".json")
    stale.parent.mkdir(parents=True)
    stale.write_text('["partial"]')
    assert store.fill([track], execution=ONE).warnings == ()
    assert store.facts(track).flags == ()


def test_what_a_killed_worker_left_is_deleted_when_it_is_old(
    tmp_path: Path, store: FeatureStore
) -> None:
    track = noise_track(tmp_path, "a.wav")
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
        tracks.append(track_of(tmp_path / name))
    report = store.fill(tracks, execution=ONE)
    assert [fault.path.name for fault in report.faults] == ["a.mp3", "b.mp3"]
    assert report.n_new == 0


def test_a_file_that_changed_is_not_stored(tmp_path: Path, store: FeatureStore) -> None:
    track = noise_track(tmp_path, "a.wav", seed=1)
    noise_track(tmp_path, "a.wav", seed=2)
    report = store.fill([track], execution=ONE)
    assert report.faults[0].kind == "corrupt"
    assert "has changed since" in report.faults[0].message
    assert not store.path(track.sha256).exists()


def test_nothing_but_whole_files_is_left_behind(tmp_path: Path, store: FeatureStore) -> None:
    tracks = [noise_track(tmp_path, f"{seed}.wav", seed=seed) for seed in range(3)]
    store.fill(tracks, execution=ONE)
    left = {path for path in store.folder.rglob("*") if path.is_file()}
    whole = {store.path(track.sha256) for track in tracks}
    assert left == whole | {path.with_suffix(".json") for path in whole}


FILL_A_FOLDER = """
import sys
from pathlib import Path
from genre.dataset.features import FeatureStore
from tests.dataset_examples import track_of
if __name__ == "__main__":
    tracks = [track_of(path) for path in sorted(Path(sys.argv[1]).glob("*.wav"))]
    FeatureStore(Path(sys.argv[2])).fill(tracks)
"""


@pytest.mark.slow
@pytest.mark.parametrize("n_finished", [1, 5])
def test_filling_may_be_killed_and_taken_up_again(
    tmp_path: Path, store: FeatureStore, n_finished: int
) -> None:
    tracks = [noise_track(tmp_path, f"{s}.wav", seconds=60, seed=s) for s in range(20)]
    script = tmp_path / "fill.py"
    script.write_text(FILL_A_FOLDER)
    root = Path(__file__).parents[2]
    filling = subprocess.Popen(
        [sys.executable, script, tmp_path, tmp_path / "cache"],
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    # A folder that is not there yet may come while it is looked for.
    while not store.folder.is_dir() or len(list(store.folder.rglob("*.npy"))) < n_finished:
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
    track = noise_track(tmp_path, "a.wav")
    with pytest.raises(DatasetError, match=r"track_id='a.wav' must have features in .*fill"):
        store.load(track)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def empty(_data: bytes) -> bytes:
    return b""


def foreign(_data: bytes) -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros((5, 95)))
    return file.getvalue()


def no_array(_data: bytes) -> bytes:
    return b"<html>not found</html>" * 99


def header_only(data: bytes) -> bytes:
    return data[:128]


def zeroed(data: bytes) -> bytes:
    return data[:3000] + bytes(500) + data[3500:]


def one_bit(data: bytes) -> bytes:
    return data[:-7] + bytes([data[-7] ^ 1]) + data[-6:]


def other_rows(data: bytes) -> bytes:
    return data.replace(b"(51, 96)", b"(50, 96)")


DAMAGES = [cut, empty, foreign, no_array, header_only, zeroed, one_bit, other_rows]
SIDECARS: dict[str, Callable[[str], str]] = {
    "cut": lambda text: text[:40],
    "empty": lambda text: text[:0],
    "foreign": lambda text: json.dumps({"title": text}),
    "nested": lambda text: "[" * 1000 * len(text),
    "other size": lambda text: text.replace('"n_bytes": ', '"n_bytes": 1'),
}


def hurt(path: Path, damage: Callable[[bytes], bytes]) -> None:
    path.write_bytes(damage(path.read_bytes()))


TOLD = "{}: what the cache holds of it is damaged and is computed anew"


def test_damaged_features_are_noticed_and_computed_anew(
    tmp_path: Path, store: FeatureStore, caplog: pytest.LogCaptureFixture
) -> None:
    # The rule: whatever happened to a file of the cache, what comes out of it is what the front end
    # gives, or an error where the sound is gone; a warning names the track.
    tracks = [noise_track(tmp_path, f"{k}.wav", seed=k) for k in range(len(DAMAGES) + 1)]
    store.fill(tracks, execution=ONE)
    expected = [np.array(store.load(track)) for track in tracks]
    paths = [store.path(track.sha256) for track in tracks]
    whole = [path.read_bytes() for path in paths]
    for path, damage in zip(paths, DAMAGES, strict=False):
        hurt(path, damage)
    later = FeatureStore(tmp_path / "cache")
    report = later.fill(tracks, execution=ONE)
    assert report.faults == ()
    assert report.n_cached >= 1
    for track, mel in zip(tracks, expected, strict=True):
        assert np.array_equal(later.load(track), mel)
        assert later.n_rows(track) == len(mel)
    assert [path.read_bytes() for path in paths] == whole
    told = sorted(record.getMessage() for record in caplog.records)
    assert told == sorted(TOLD.format(track.path) for track in tracks[:-1])


@pytest.mark.parametrize("damage", [zeroed, empty])
def test_damage_after_filling_is_noticed_too(
    tmp_path: Path,
    store: FeatureStore,
    damage: Callable[[bytes], bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    track = noise_track(tmp_path, "a.wav")
    store.fill([track], execution=ONE)
    hurt(store.path(track.sha256), damage)
    assert np.array_equal(store.load(track), extract(here(track.path)).mel)
    assert TOLD.format(track.path) in caplog.text


def test_damaged_facts_are_noticed_and_computed_anew(
    tmp_path: Path, store: FeatureStore, caplog: pytest.LogCaptureFixture
) -> None:
    tracks = [noise_track(tmp_path, f"{name}.wav", seed=k) for k, name in enumerate(SIDECARS)]
    store.fill(tracks, execution=ONE)
    facts = [store.facts(track) for track in tracks]
    for track, damage in zip(tracks, SIDECARS.values(), strict=True):
        path = store.path(track.sha256).with_suffix(".json")
        path.write_text(damage(path.read_text()))
    later = FeatureStore(tmp_path / "cache")
    assert later.fill(tracks, execution=ONE).n_new == len(tracks)
    assert [later.facts(track) for track in tracks] == facts
    assert all(TOLD.format(track.path) in caplog.text for track in tracks)


def test_a_cache_of_an_earlier_version_works_and_is_left_alone(
    tmp_path: Path, store: FeatureStore, caplog: pytest.LogCaptureFixture
) -> None:
    track = noise_track(tmp_path, "a.wav")
    store.fill([track], execution=ONE)
    path = store.path(track.sha256)
    sidecar = path.with_suffix(".json")
    plain = json.loads(sidecar.read_text())
    del plain["features"]
    sidecar.write_text(json.dumps(plain))
    later = FeatureStore(tmp_path / "cache")
    assert later.fill([track], execution=ONE).n_cached == 1
    assert np.array_equal(later.load(track), store.load(track))
    assert json.loads(sidecar.read_text()) == plain
    assert caplog.text == ""
    hurt(path, cut)  # what can be seen without a check sum is seen
    assert FeatureStore(tmp_path / "cache").fill([track], execution=ONE).n_new == 1


def test_damage_behind_which_the_sound_is_gone_says_what_to_do(
    tmp_path: Path, store: FeatureStore
) -> None:
    track = noise_track(tmp_path, "a.wav")
    store.fill([track], execution=ONE)
    hurt(store.path(track.sha256), zeroed)
    here(track.path).unlink()
    with pytest.raises(DatasetError, match=r"delete [0-9a-f]{64}\.\* and fill again: missing"):
        FeatureStore(tmp_path / "cache").load(track)


def test_a_check_sum_is_compared_once(
    tmp_path: Path, store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = noise_track(tmp_path, "a.wav")
    store.fill([track], execution=ONE)
    store.load(track)
    monkeypatch.setattr("genre.dataset.features.is_intact", None)
    assert len(store.load(track)) == store.n_rows(track) == 51
    with pytest.raises(TypeError):  # another process looks again
        FeatureStore(tmp_path / "cache").load(track)


@pytest.mark.usefixtures("live_bars")
def test_a_progress_bar_is_shown_where_asked_for(
    tmp_path: Path, store: FeatureStore, capfd: pytest.CaptureFixture[str]
) -> None:
    track = noise_track(tmp_path, "a.wav")
    store.fill([track], execution=ONE)
    assert capfd.readouterr().err == ""
    store.path(track.sha256).unlink()
    store.fill([track], execution=ONE, progress=True)
    assert "features: 100%" in capfd.readouterr().err
