"""Tagging a file: scores in order, decisions by the thresholds, errors with a kind."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

import genre
from genre.audio.frontend import FrontEndConfig, extract
from genre.audio.windows import WindowConfig
from genre.config import to_mapping
from genre.errors import AudioError, AudioErrorKind, BundleError
from genre.models.bundle import Bundle, save_bundle
from genre.models.score_rule import ScoreRule
from genre.models.scoring import Standardisation, window_logits
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
from genre.tagging.tagger import Tagger


@pytest.fixture
def bundle() -> Bundle:
    torch.manual_seed(0)
    config = SpectrogramCNNConfig(channels=(4, 8), hidden=8)
    return Bundle(
        network=SpectrogramCNN(config, n_labels=3).eval(),
        model_name="spectrogram_cnn",
        model_config=to_mapping(config),
        genres=("a", "b", "c"),
        front_end=FrontEndConfig(),
        windows=WindowConfig(),
        standardisation=Standardisation(mean=(-30.0,) * 96, deviation=(15.0,) * 96),
        rule=ScoreRule(),
        thresholds=(0.0, 0.0, 1.1),
    )


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "ünï code.wav"
    noise = np.random.default_rng(0).normal(0, 0.1, (5 * 44100, 2))
    soundfile.write(path, noise, 44100)
    return path


def test_scores_are_sorted_and_decided_by_the_thresholds(bundle: Bundle, song: Path) -> None:
    tags = Tagger(bundle, device="cpu").tag(song)
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
    tags = Tagger(bundle, device="cpu").tag(song)
    timeline = tags.timeline
    assert timeline.genres == ("a", "b", "c")
    assert timeline.window_seconds == 4.0
    # 5 s: one window at the start, and one that ends with the track
    np.testing.assert_allclose(timeline.starts_seconds, [0.0, 1.0], atol=0.021)
    assert timeline.scores.shape == (2, 3)
    means = dict(zip(timeline.genres, timeline.scores.mean(axis=0), strict=True))
    assert means == pytest.approx(dict(tags.scores))
    assert dict(tags.thresholds) == {"a": 0.0, "b": 0.0, "c": 1.1}
    assert list(tags.thresholds) == list(tags.scores)


def test_no_genre_is_an_answer(bundle: Bundle, song: Path) -> None:
    strict = replace(bundle, thresholds=(1.1, 1.1, 1.1))
    assert Tagger(strict, device="cpu").tag(song).genres == ()


def test_scores_are_those_of_the_bundles_rule(bundle: Bundle, song: Path) -> None:
    rule = ScoreRule(aggregation="max", temperature=0.5, bias=(-1.0, 0.0, 1.0))
    tags = Tagger(replace(bundle, rule=rule), device="cpu").tag(song)
    mel = extract(song, bundle.front_end).mel
    logits = window_logits(bundle.network, [mel], bundle.windowing).logits.astype(float)
    expected = 1 / (1 + np.exp(-(logits / 0.5 + np.array([-1.0, 0.0, 1.0]))))
    assert len(logits) == 2  # 5 s: windows at 0 and 1 s
    np.testing.assert_allclose([tags.scores[n] for n in "abc"], expected.max(axis=0), rtol=1e-6)
    np.testing.assert_allclose(tags.timeline.scores, expected, rtol=1e-6)


def test_silence_is_tagged_and_flagged(bundle: Bundle, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "s.wav", np.zeros(22050), 22050)
    assert "silent" in Tagger(bundle, device="cpu").tag(tmp_path / "s.wav").flags


def test_a_bad_file_is_a_typed_error(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "x.mp3").write_text("<html>")
    with pytest.raises(AudioError, match="not_audio") as caught:
        Tagger(bundle, device="cpu").tag(tmp_path / "x.mp3")
    assert caught.value.kind is AudioErrorKind.NOT_AUDIO


def test_the_package_loads_a_tagger_from_a_folder(
    bundle: Bundle, song: Path, tmp_path: Path
) -> None:
    save_bundle(bundle, tmp_path / "best")
    tagger = genre.load_tagger(tmp_path / "best", device="cpu")
    assert tagger.tag(str(song)).scores == Tagger(bundle, device="cpu").tag(song).scores
    with pytest.raises(BundleError, match="must be a folder with"):
        genre.load_tagger(tmp_path / "worst")
