"""Tagging a file: scores in order, decisions by the thresholds, errors with a kind."""

import multiprocessing
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

import genre
from genre.audio.frontend import Extracted, extract
from genre.errors import AudioError, AudioErrorKind, BundleError, ConfigError
from genre.execution import ExecutionConfig
from genre.inference.bundle import Bundle
from genre.inference.score_rule import ScoreRule
from genre.inference.scoring import Logits, Windows, window_logits
from genre.tagging.tagger import Tagger
from genre.tagging.track_tags import TrackTags
from tests.bundles import small_bundle, write_bundle
from tests.misbehaving import hang
from tests.pretrained_examples import small_backbone
from tests.sounds import changing_sound


@pytest.fixture
def bundle() -> Bundle:
    return small_bundle()


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "ünï code.wav"
    noise = np.random.default_rng(0).normal(0, 0.1, (5 * 44100, 2))
    soundfile.write(path, noise, 44100)
    return path


def test_scores_are_sorted_and_decided_by_the_thresholds(bundle: Bundle, song: Path) -> None:
    tags = Tagger(bundle).tag(song)
    values = list(tags.scores.values())
    assert values == sorted(values, reverse=True)
    assert sorted(tags.scores) == ["a", "b", "c"]
    assert set(tags.genres) == {"a", "b"}
    assert list(tags.genres) == [name for name in tags.scores if name != "c"]
    assert tags.duration_seconds == pytest.approx(5.0, abs=0.001)
    assert tags.flags == ()


def test_the_time_line_has_every_window_and_its_means_are_the_scores(
    bundle: Bundle, song: Path
) -> None:
    tags = Tagger(bundle).tag(song)
    timeline = tags.timeline
    assert timeline.genres == ("a", "b", "c")
    assert timeline.window_seconds == 4.0
    # 5 s: one window at the start, and one that ends with the track
    np.testing.assert_allclose(timeline.starts_seconds, [0.0, 1.0], atol=0.021)
    assert timeline.scores.shape == (2, 3)
    means = dict(zip(timeline.genres, timeline.scores.mean(axis=0), strict=True))
    assert means == pytest.approx(dict(tags.scores))
    assert dict(tags.thresholds) == {"a": 0.0, "b": 0.0, "c": 1.0}
    assert list(tags.thresholds) == list(tags.scores)


def test_of_exclusive_genres_the_best_is_the_answer(bundle: Bundle, song: Path) -> None:
    which = replace(bundle, rule=ScoreRule(task="exclusive"), thresholds=(0.0,) * 3)
    tags = Tagger(which).tag(song)
    assert sum(tags.scores.values()) == pytest.approx(1.0)
    assert tags.genres == (next(iter(tags.scores)),)
    assert Tagger(replace(which, thresholds=(0.999,) * 3)).tag(song).genres == ()


def test_of_exclusive_genres_there_is_no_answer_below_a_score(bundle: Bundle, song: Path) -> None:
    which = replace(bundle, rule=ScoreRule(task="exclusive"), thresholds=(0.0,) * 3)
    always = Tagger(which).tag(song)
    (best, score), *_ = always.scores.items()
    for min_score, genres in ((score, (best,)), (np.nextafter(score, 1), ()), (0.0, (best,))):
        asked = Tagger(which, min_score=min_score).tag(song)
        anew = Tagger(which, min_score=0.99).tag(song).answered_from(min_score)
        for tags in (asked, anew, always.answered_from(min_score)):
            assert (tags.genres, tags.task) == (genres, "exclusive")
            assert dict(tags.scores) == dict(always.scores)
            assert dict(tags.thresholds) == dict.fromkeys(tags.scores, min_score)


def test_silence_stays_without_an_answer_where_nothing_has_to_be_scored(
    bundle: Bundle, tmp_path: Path
) -> None:
    which = replace(bundle, rule=ScoreRule(task="exclusive"))
    soundfile.write(tmp_path / "s.wav", np.zeros(6 * 22050), 22050)
    tags = Tagger(which, min_score=0.0).tag(tmp_path / "s.wav")
    assert (tags.genres, tags.answered_from(0.0).genres) == ((), ())


def test_genres_with_thresholds_of_their_own_have_no_common_one(bundle: Bundle, song: Path) -> None:
    refused = r"min_score=0\.5 must be left out: each genre .* which one \(task exclusive\)"
    with pytest.raises(ConfigError, match=refused):
        Tagger(bundle, min_score=0.5)
    with pytest.raises(ConfigError, match=refused):
        Tagger(bundle).tag(song).answered_from(0.5)


TAGS = ("low", "mid", "loud", "louder", "louder still", "loudest")


def test_what_another_network_hears_is_told_beside_the_genres(bundle: Bundle, song: Path) -> None:
    ears = small_backbone(TAGS)
    plain, alone = Tagger(bundle).tag(song), Tagger(ears).tag(song)
    tagger = Tagger(bundle, heard=ears)
    one, (many,) = tagger.tag(song), tagger.tag_many([song])
    for tags in (one, many.result):
        assert tags is not None
        # the network's logits are once to six times the mean level
        assert list(tags.heard) == ["loudest", "louder still", "louder", "loud", "mid"]
        assert dict(tags.heard) == {tag: alone.scores[tag] for tag in tags.heard}
        assert (tags.genres, dict(tags.scores)) == (plain.genres, dict(plain.scores))
    assert plain.heard == {}


def test_nothing_is_heard_of_silence(bundle: Bundle, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "s.wav", np.zeros(6 * 22050), 22050)
    assert Tagger(bundle, heard=small_backbone(TAGS)).tag(tmp_path / "s.wav").heard == {}


def test_a_network_without_tags_cannot_be_heard(bundle: Bundle) -> None:
    with pytest.raises(BundleError, match="heard=ears must have tags of its own; it has none"):
        Tagger(bundle, heard=small_backbone(()))


def test_no_genre_is_an_answer(bundle: Bundle, song: Path) -> None:
    strict = replace(bundle, thresholds=(1.0, 1.0, 1.0))
    assert Tagger(strict).tag(song).genres == ()


def test_scores_are_those_of_the_bundles_rule(bundle: Bundle, song: Path) -> None:
    rule = ScoreRule(aggregation="max", temperature=0.5, bias=(-1.0, 0.0, 1.0))
    tags = Tagger(replace(bundle, rule=rule)).tag(song)
    mel = extract(song, bundle.front_end).mel
    logits = window_logits(bundle.network(), [mel], bundle.windowing).logits.astype(float)
    expected = 1 / (1 + np.exp(-(logits / 0.5 + np.array([-1.0, 0.0, 1.0]))))
    assert len(logits) == 2  # 5 s: windows at 0 and 1 s
    np.testing.assert_allclose([tags.scores[n] for n in "abc"], expected.max(axis=0), rtol=1e-6)
    np.testing.assert_allclose(tags.timeline.scores, expected, rtol=1e-6)


SILENCES = {
    "digital": np.zeros((6 * 22050, 1)),
    "short": np.zeros((3000, 2)),
    "converter noise": np.random.default_rng(0).normal(0, 5e-5, (6 * 22050, 2)),
    "offset": np.full((6 * 22050, 2), 0.3),
    "opposed offsets": np.tile([0.3, -0.3], (6 * 22050, 1)),
}


@pytest.mark.parametrize("name", SILENCES)
@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_silence_has_no_genre_and_is_flagged(
    bundle: Bundle, tmp_path: Path, name: str, threshold: float
) -> None:
    # The rule: whatever nobody hears gets no decision and no score, however low the thresholds
    # are. One tagger makes the answer of Python, shell, server and page.
    soundfile.write(tmp_path / "s.wav", SILENCES[name], 22050)
    low = replace(bundle, thresholds=(threshold,) * 3)
    tagger = Tagger(low)
    for tags in (
        tagger.tag(tmp_path / "s.wav"),
        *(outcome.result for outcome in tagger.tag_many([tmp_path / "s.wav"])),
    ):
        assert tags is not None
        flags = ("silent", "short") if name == "short" else ("silent",)
        assert (tags.flags, tags.genres) == (flags, ())
        assert dict(tags.scores) == {"a": 0.0, "b": 0.0, "c": 0.0}
        assert not tags.timeline.scores.any()


@pytest.mark.parametrize(
    "channels",
    [
        lambda one: np.stack([one, 0 * one], axis=1),  # one silent channel
        lambda one: np.concatenate([one, np.zeros(40 * 22050)]),  # silent for most of its length
        lambda one: np.concatenate([np.zeros(40 * 22050), one]),
        lambda one: np.stack([one, -one], axis=1),
        lambda one: one + 0.5,
        lambda one: 0.003 * one,
    ],
)
def test_what_has_some_sound_is_tagged(
    bundle: Bundle, tmp_path: Path, channels: Callable[[NDArray[np.floating]], Any]
) -> None:
    soundfile.write(tmp_path / "s.wav", channels(0.4 * changing_sound(3 * 22050)), 22050)
    tags = Tagger(replace(bundle, thresholds=(0.0, 0.0, 0.0))).tag(tmp_path / "s.wav")
    assert "silent" not in tags.flags
    assert len(tags.genres) == 3
    assert all(tags.scores.values())


def test_a_bad_file_is_a_typed_error(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "x.mp3").write_text("<html>")
    with pytest.raises(AudioError, match="not_audio") as caught:
        Tagger(bundle).tag(tmp_path / "x.mp3")
    assert caught.value.kind is AudioErrorKind.NOT_AUDIO


def test_the_package_loads_a_tagger_from_a_folder(
    bundle: Bundle, song: Path, tmp_path: Path
) -> None:
    write_bundle(bundle, tmp_path / "best")
    tagger = genre.load_tagger(tmp_path / "best", device="cpu")
    assert tagger.tag(str(song)).scores == Tagger(bundle).tag(song).scores
    with pytest.raises(BundleError, match="must be a folder with"):
        genre.load_tagger(tmp_path / "worst")


def test_a_file_that_costs_its_worker_is_to_blame(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genre.tagging.many.read_track", hang)
    late = ExecutionConfig(n_workers=1, timeout_seconds=0.5)
    path = tmp_path / "slow.wav"
    (outcome,) = Tagger(bundle).tag_many([path], execution=late)
    assert isinstance(outcome.error, AudioError)
    assert outcome.error.kind is AudioErrorKind.TIMEOUT
    assert outcome.error.message == f"unit={path} must be done within timeout_seconds=0.5"


def test_many_files_are_tagged_in_the_order_given(bundle: Bundle, tmp_path: Path) -> None:
    # The first takes longest, so that without care it would come last.
    rng = np.random.default_rng(0)
    paths = []
    for number, seconds in enumerate([60, 1, 0.5, 2, 1, 1]):
        paths.append(tmp_path / f"{number}.wav")
        soundfile.write(paths[-1], rng.normal(0, 0.1, round(seconds * 22050)), 22050)
    (tmp_path / "bad.mp3").write_text("<html>")
    paths[3:3] = [tmp_path / "bad.mp3", tmp_path / "gone.wav", paths[1]]
    tagger = Tagger(bundle)
    outcomes = list(tagger.tag_many(map(str, paths), execution=ExecutionConfig(n_workers=2)))
    assert [outcome.unit for outcome in outcomes] == paths
    for path, outcome in zip(paths, outcomes, strict=True):
        if path.name in ("bad.mp3", "gone.wav"):
            assert outcome.result is None
            assert isinstance(outcome.error, AudioError)
        else:
            assert outcome.error is None
            assert outcome.result is not None
            alone = tagger.tag(path)
            assert outcome.result.path == path
            assert outcome.result.genres == alone.genres
            assert outcome.result.scores == pytest.approx(dict(alone.scores))
    assert list(tagger.tag_many([])) == []


def test_features_of_many_files_are_not_held(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Scored as they come: a store of features would show as many that are alive at once.
    path = tmp_path / "s.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 22050), 22050)
    alive: weakref.WeakSet[Extracted] = weakref.WeakSet()
    most = 0
    tag_features = Tagger.tag_features

    def watched(
        self: Tagger, name: Path, extracted: Extracted, heard: Extracted | None = None
    ) -> TrackTags:
        nonlocal most
        alive.add(extracted)
        most = max(most, len(alive))
        return tag_features(self, name, extracted, heard)

    monkeypatch.setattr(Tagger, "tag_features", watched)
    tagger = Tagger(bundle)
    outcomes = tagger.tag_many([path] * 40, execution=ExecutionConfig(n_workers=1))
    assert sum(outcome.result is not None for outcome in outcomes) == 40
    assert most <= 4


class Short:
    """A network of the memory for five seconds of music."""

    device, batch_size = "cpu", 8

    def over(self, batches: Iterable[Windows]) -> Iterator[Logits]:
        for batch in batches:
            if len(batch) > 2:
                raise MemoryError("std::bad_alloc")
            yield np.zeros((len(batch), 3), dtype=np.float32)


def test_a_track_that_memory_does_not_suffice_for_is_told_and_the_others_go_on(
    bundle: Bundle, song: Path, tmp_path: Path
) -> None:
    long = tmp_path / "long.wav"
    soundfile.write(long, np.random.default_rng(0).normal(0, 0.1, 30 * 22050), 22050)
    tagger = Tagger(bundle, Short())
    before, lacking, after = tagger.tag_many([song, long, song])
    assert before.result is not None
    assert after.result is not None
    with pytest.raises(AudioError) as alone:
        tagger.tag(long)
    for error in (lacking.error, alone.value):
        assert isinstance(error, AudioError)
        assert str(error) == f"crashed: {long} must be scored with the memory there is"


def test_leaving_early_stops_the_workers(bundle: Bundle, song: Path) -> None:
    outcomes = Tagger(bundle).tag_many([song] * 50, execution=ExecutionConfig(n_workers=1))
    assert next(outcomes).result is not None
    outcomes.close()
    assert multiprocessing.active_children() == []


def test_a_line_says_what_it_knows(bundle: Bundle) -> None:
    assert repr(bundle) == "Bundle(spectrogram_cnn, 3 genres)"
    assert repr(Tagger(bundle)) == "Tagger(spectrogram_cnn, 3 genres)"
