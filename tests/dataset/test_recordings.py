"""Which tracks are one recording: copies are found, everything else is left alone."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import soundfile
import soxr
import torch
from numpy.typing import NDArray

from genre.audio.fingerprint import Likeness
from genre.audio.mel import MelConfig, log_mel
from genre.dataset.features import FeatureStore
from genre.dataset.layouts import scan
from genre.dataset.recordings import (
    RecordingPair,
    RecordingsConfig,
    SameRecordings,
    describe_recordings,
    group_pairs,
    mark_recordings,
    same_recordings,
)
from genre.dataset.splits import PARTS, SplitConfig
from genre.dataset.tracks import Track
from genre.errors import ConfigError, DatasetError
from genre.grid.configurations import GridConfig
from genre.grid.preparation import prepare
from genre.sample import render_excerpt
from tests.dataset_examples import make_track

RATE = 22050
MEL = MelConfig()
Sound = NDArray[np.float32]


def music(genre: str, seed: int, seconds: float = 8.0) -> Sound:
    return render_excerpt(genre, rng=np.random.default_rng(seed), duration_seconds=seconds)[0]


def noise(seconds: float, seed: int) -> Sound:
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal(round(seconds * RATE))).astype(np.float32)


def keep(store: FeatureStore, sounds: dict[str, Sound]) -> list[Track]:
    """Put the features of sounds into a store, without files."""
    tracks = [make_track(name, "jazz") for name in sounds]
    for track, samples in zip(tracks, sounds.values(), strict=True):
        path = store.path(track.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, log_mel(samples, MEL).astype(np.float16))
    return tracks


def found(store: FeatureStore, sounds: dict[str, Sound], **options: float) -> set[tuple[str, str]]:
    same = same_recordings(keep(store, sounds), store, RecordingsConfig(**options))
    return {(pair.first, pair.second) for pair in same.pairs}


# groups and words: by hand


def pair(first: str, second: str, offset: float = 0.0) -> RecordingPair:
    return RecordingPair(first=first, second=second, offset_seconds=offset, similarity=0.9)


def test_pairs_that_share_a_track_are_one_group() -> None:
    pairs = [pair("b", "d"), pair("e", "f"), pair("a", "d")]
    assert group_pairs(pairs) == (("a", "b", "d"), ("e", "f"))
    assert group_pairs([]) == ()


def test_tracks_of_a_group_are_marked() -> None:
    tracks = [make_track(name, "jazz") for name in "abcd"]
    marked = mark_recordings(tracks, [("b", "d")])
    assert [track.recording for track in marked] == [None, "b", None, "b"]
    assert [replace(track, recording=None) for track in marked] == tracks


def test_notes_say_which_and_where_labels_disagree() -> None:
    tracks = [make_track("a.mp3", "jazz"), make_track("b.ogg", "folk|pop")]
    same = SameRecordings(pairs=(pair("a.mp3", "b.ogg", -0.81),), groups=(("a.mp3", "b.ogg"),))
    assert describe_recordings(tracks, same) == (
        "a.mp3 and b.ogg are the same recording (offset 0.8 s)",
        "the same recording under different labels: a.mp3 is jazz, b.ogg is folk|pop",
    )
    agreed = [replace(track, genres=("jazz",)) for track in tracks]
    assert len(describe_recordings(agreed, same)) == 1
    assert describe_recordings(tracks, SameRecordings(pairs=(), groups=())) == ()


@pytest.mark.parametrize("value", [0.0, 1.1, float("nan")])
def test_options_out_of_range(value: float) -> None:
    with pytest.raises(ConfigError, match=r"min_similarity=.* must lie in \(0, 1\]"):
        RecordingsConfig(min_similarity=value)
    with pytest.raises(ConfigError, match=r"max_trim_seconds=-1.0 must be at least 0 s"):
        RecordingsConfig(max_trim_seconds=-1.0)


# the search


def test_copies_in_other_formats_are_found(tmp_path: Path, store: FeatureStore) -> None:
    root = tmp_path / "data"
    (root / "jazz").mkdir(parents=True)
    first, second = music("jazz", 1), music("jazz", 2)
    cut = first[round(1.234 * RATE) : -round(0.777 * RATE)]
    files: list[tuple[str, Sound, int, dict[str, object]]] = [
        ("a.wav", first, RATE, {}),
        ("a64.mp3", 0.5 * cut, RATE, {"compression_level": 0.63, "bitrate_mode": "CONSTANT"}),
        ("a.ogg", soxr.resample(first[: -2 * RATE], RATE, 48000), 48000, {}),
        ("a.flac", soxr.resample(first, RATE, 32000), 32000, {}),
        ("b.wav", second, RATE, {}),
    ]
    for name, samples, rate, options in files:
        soundfile.write(root / "jazz" / name, samples, rate, **options)
    tracks = scan(root).tracks
    assert store.fill(tracks).faults == ()
    same = same_recordings(tracks, store)
    assert same.groups == (("jazz/a.flac", "jazz/a.ogg", "jazz/a.wav", "jazz/a64.mp3"),)
    assert len(same.pairs) == 6
    offsets = {(pair.first, pair.second): pair.offset_seconds for pair in same.pairs}
    assert offsets["jazz/a.flac", "jazz/a.wav"] == 0
    assert offsets["jazz/a.wav", "jazz/a64.mp3"] == pytest.approx(1.234, abs=0.011)


def test_other_music_by_the_same_hands_is_not(store: FeatureStore) -> None:
    sounds = {f"{genre}{seed}": music(genre, seed) for genre in ("rock", "pop") for seed in (1, 2)}
    assert found(store, sounds) == set()


def test_how_much_may_be_cut(store: FeatureStore) -> None:
    whole = music("electronic", 3)
    sounds = {"a": whole[2 * RATE :], "b": whole[: -2 * RATE]}
    assert found(store, sounds) == {("a", "b")}
    assert found(store, sounds, max_trim_seconds=1.0) == set()
    # either one lacks three seconds of the other
    sounds = {"a": whole[3 * RATE :], "b": whole[: -3 * RATE]}
    assert found(store, sounds) == set()


def test_a_shared_passage_is_not_a_shared_recording(store: FeatureStore) -> None:
    passage, one, other = music("hiphop", 4, 4.0), music("rock", 5), music("jazz", 6)
    sounds = {"a": np.concatenate([passage, one]), "b": np.concatenate([passage, other])}
    assert found(store, sounds) == set()


def test_a_shared_loop_under_other_music_is_not(store: FeatureStore) -> None:
    bar = music("electronic", 7, 2.0)
    loop = np.tile(bar, 4)
    sounds = {"a": loop + music("jazz", 8), "b": loop + music("folk", 9)}
    assert found(store, sounds) == set()


def test_a_copy_of_a_loop_is_found(store: FeatureStore) -> None:
    loop = np.tile(music("electronic", 7, 2.0), 4)
    assert found(store, {"a": loop, "b": 0.5 * loop[5555:]}) == {("a", "b")}


def test_silence_tones_and_moments_are_never_the_same(store: FeatureStore) -> None:
    turn = 2 * np.pi * np.arange(5 * RATE) / RATE
    click = np.zeros(5 * RATE, dtype=np.float32)
    click[RATE] = 1.0
    word, blip = noise(0.4, 1), np.zeros_like(click)
    blip[RATE : RATE + 1000] = noise(1000 / RATE, 2)
    sounds = {
        **{f"silence{n}": np.zeros(n * RATE, dtype=np.float32) for n in (4, 5)},
        **{f"tone{n}": np.sin(n * turn).astype(np.float32) for n in (440, 550)},
        **{"click": click, "late click": np.roll(click, RATE)},
        **{"blip": blip, "late blip": np.roll(blip, RATE)},
        **{"word": word, "soft word": 0.5 * word},
    }
    assert found(store, sounds) == set()


def test_noise_is_known_by_its_grain(store: FeatureStore) -> None:
    rain = noise(6.0, 2)
    padded = np.concatenate([noise(2.0, 3), np.zeros(3 * RATE, dtype=np.float32)])
    other = np.concatenate([noise(2.0, 4), np.zeros(3 * RATE, dtype=np.float32)])
    sounds = {"rain": rain, "rain cut": rain[11111:], "rain 2": noise(6.0, 5)}
    assert found(store, sounds | {"padded": padded, "other": other}) == {("rain", "rain cut")}


def test_a_second_is_needed_to_tell(store: FeatureStore) -> None:
    assert found(store, {"a": noise(0.9, 1), "b": 0.5 * noise(0.9, 1)}) == set()
    assert found(store, {"c": noise(1.1, 1), "d": 0.5 * noise(1.1, 1)}) == {("c", "d")}


def test_the_less_there_is_to_hear_the_more_alike_it_must_be(store: FeatureStore) -> None:
    rest = np.zeros(2 * RATE, dtype=np.float32)
    sounds = {}
    for seconds in (0.4, 2.0):
        first, other = noise(seconds, 1), noise(seconds, 2)
        for name, share in (("whole", 0.0), ("copy", 0.02), ("poor copy", 0.4)):
            sounds[f"{seconds} {name}"] = np.concatenate([first + share * other, rest])
    assert found(store, sounds) == {
        ("0.4 copy", "0.4 whole"),
        ("2.0 copy", "2.0 whole"),
        ("2.0 poor copy", "2.0 whole"),
        ("2.0 copy", "2.0 poor copy"),
    }


@pytest.mark.parametrize(
    ("seconds", "similarity", "is_found"),
    [(1.4, 0.93, False), (1.4, 0.95, True), (1.6, 0.93, True), (1.6, 0.7, False)],
)
def test_two_brief_tracks_must_be_more_alike(
    seconds: float,
    similarity: float,
    is_found: bool,
    store: FeatureStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Likeness(similarity=similarity, informative_seconds=0.7, offset_seconds=0.0)
    monkeypatch.setattr("genre.dataset.recordings.likeness", lambda *_: place)
    sound = noise(seconds, seed=3)
    assert bool(found(store, {"a": sound, "b": sound})) == is_found


def test_a_brief_track_may_be_part_of_a_longer_one(
    store: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Likeness(similarity=0.8, informative_seconds=0.7, offset_seconds=0.0)
    monkeypatch.setattr("genre.dataset.recordings.likeness", lambda *_: place)
    sound = noise(2.0, seed=3)
    assert found(store, {"a": sound, "b": sound[: round(1.2 * RATE)]}) == {("a", "b")}


@pytest.mark.real
def test_takes_of_a_word_by_one_speaker_are_not_one_recording(
    shared_data: Path, store: FeatureStore
) -> None:
    # The speakers whose takes are most alike: 0.93, where encoded copies reach 0.95.
    speakers = ("e41a903b", "c7dc7278", "f2e59fea")
    tracks = [
        track for track in scan(shared_data / "speech_commands").tracks if track.artist in speakers
    ]
    assert len(tracks) > 30
    assert not store.fill(tracks, progress=False).faults
    assert same_recordings(tracks, store).pairs == ()


def test_the_limit_decides(store: FeatureStore) -> None:
    rain = noise(6.0, 2)
    sounds = {"a": rain, "b": rain + 0.6 * noise(6.0, 3)}
    assert found(store, sounds) == set()
    assert found(store, sounds, min_similarity=0.4) == {("a", "b")}


def test_few_or_no_tracks(store: FeatureStore) -> None:
    nothing = SameRecordings(pairs=(), groups=())
    assert same_recordings([], store) == nothing
    assert same_recordings(keep(store, {"a": noise(2.0, 1)}), store) == nothing
    with pytest.raises(DatasetError, match="track_id='x' must have features"):
        same_recordings([make_track("x", "jazz")], store)


def test_the_order_of_the_tracks_does_not_matter(store: FeatureStore) -> None:
    samples = music("folk", 1)
    tracks = keep(store, {"c": samples, "a": samples[9999:], "b": music("folk", 2)})
    same = same_recordings(tracks, store)
    assert same.groups == (("a", "c"),)
    assert same == same_recordings(tracks[::-1], store)


def test_landmarks_are_kept_and_mended(store: FeatureStore) -> None:
    samples = music("folk", 1)
    tracks = keep(store, {"a": samples, "b": samples[9999:]})
    same = same_recordings(tracks, store)
    kept = sorted(store.folder.rglob("*.fp*.npy"))
    assert [path.name.split(".")[0] for path in kept] == sorted(t.sha256 for t in tracks)
    before = [path.stat().st_mtime_ns for path in kept]
    assert same_recordings(tracks, store) == same
    assert [path.stat().st_mtime_ns for path in kept] == before
    kept[0].write_bytes(kept[0].read_bytes()[:100])
    assert same_recordings(tracks, store) == same


# where it is used


@pytest.mark.parametrize("by", ["artist", "track"])
def test_training_keeps_copies_in_one_part(
    by: Literal["artist", "track"], sample_cut: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_cut, data)
    with (data / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    samples, rate = soundfile.read(data / rows[0]["path"])
    copy = {"path": "copy.mp3", "genres": rows[-1]["genres"], "artist": rows[-1]["artist"]}
    soundfile.write(data / "copy.mp3", samples[rate // 3 :], rate, bitrate_mode="CONSTANT")
    with (data / "labels.csv").open("a", newline="") as file:
        csv.DictWriter(file, list(rows[0])).writerow(copy)
    config = GridConfig(
        data=data, out=tmp_path / "out", cache=tmp_path / "cache", split=SplitConfig(by=by)
    )
    prepared = prepare(config, device=torch.device("cpu"), progress=False)
    (split,) = prepared.splits
    ids = {"copy.mp3", rows[0]["path"]}
    assert any(ids <= set(getattr(split, part)) for part in PARTS)
    told = "\n".join(prepared.warnings)
    assert f"{rows[0]['path']} and copy.mp3 are the same recording (offset 0.3 s)" in told
    assert "the same recording under different labels" in told
    assert told.count("the same recording") == 2


# the real sets


@pytest.mark.real
def test_open_music_holds_every_recording_once(shared_data: Path, store: FeatureStore) -> None:
    tracks = list(scan(shared_data / "open_music").tracks)
    assert store.fill(tracks).faults == ()
    copies = []
    for number, track in enumerate(tracks[:4]):
        samples = np.asarray(store.load(track))
        copy = make_track(f"copy{number}", "jazz")
        store.path(copy.sha256).parent.mkdir(parents=True, exist_ok=True)
        np.save(store.path(copy.sha256), samples[77:])
        copies.append(copy)
    same = same_recordings([*tracks, *copies], store)
    expected = {
        frozenset((track.track_id, copy.track_id))
        for track, copy in zip(tracks[:4], copies, strict=True)
    }
    assert {frozenset(group) for group in same.groups} == expected
