"""The graph around the network, for every length and rule: genre.tagging.onnx_export.graph."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from genre.audio.decode import load_waveform
from genre.audio.mel import log_mel
from genre.errors import BundleError
from genre.inference import AGGREGATIONS, Bundle, ScoreRule, window_logits
from genre.tagging.onnx_export import largest_difference, to_onnx
from genre.tagging.tagger import Tagger
from genre.tasks import TASKS, Task
from tests.sounds import FORMATS, changing_sound, write

pytest.importorskip("onnx")


# 22,050 Hz, windows of 200 frames of 441 samples every 100, a last one from 50 frames on
@pytest.mark.parametrize(
    "n_samples",
    [
        *(1, 440, 441, 2205, 128 * 441 - 1, 128 * 441, 199 * 441, 200 * 441, 200 * 441 - 1),
        *(248 * 441, 249 * 441, 250 * 441, 299 * 441, 300 * 441 + 7, 22050 * 31 + 5),
    ],
)
def test_any_length_scores_as_the_bundle_does(bundle: Bundle, model: bytes, n_samples: int) -> None:
    assert largest_difference(model, bundle, [changing_sound(n_samples)]) < 1e-4


def test_windows_are_those_of_the_time_line(bundle: Bundle, model: bytes, tmp_path: Path) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    path = write(tmp_path / "s.wav", changing_sound(22050 * 9), 22050, **FORMATS["wav-float"])
    tags = Tagger(bundle).tag(path)
    samples = load_waveform(path).samples
    scores, windows, mel = session.run(None, {"waveform": samples})
    np.testing.assert_allclose(windows, tags.timeline.scores, atol=1e-4)
    np.testing.assert_allclose(scores, [tags.scores[name] for name in bundle.genres], atol=1e-4)
    expected = log_mel(samples, bundle.spectrogram.mel)
    assert mel.shape == (9 * 50 + 1, 96)  # as long as the sound, whatever the blocks
    # a step of float16 at 80 dB
    np.testing.assert_allclose(mel, expected.astype(np.float16), atol=0.07)
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["genres"]) == ["a", "b", "c"]
    assert json.loads(metadata["thresholds"]) == [0.0, 0.0, 1.0]
    assert metadata["sample_rate"] == "22050"
    assert metadata["network_sha256"] == hashlib.sha256(bundle.network_onnx or b"").hexdigest()
    assert metadata["licence_note"].startswith("The weights were learned")
    assert metadata["licence_text"] == ""


def test_the_windows_of_these_tests_differ(bundle: Bundle) -> None:
    # else a window left out or cut elsewhere would not show
    mel = log_mel(changing_sound(22050 * 20), bundle.spectrogram.mel).astype(np.float16)
    scores = bundle.rule.window_scores(window_logits(bundle.network(), [mel], bundle.windowing))
    assert np.abs(np.diff(scores, axis=0)).max(axis=1).min() > 0.003


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_every_score_rule(bundle: Bundle, aggregation: str, task: Task) -> None:
    rule = ScoreRule(
        aggregation=aggregation,
        temperature=0.2,
        bias=(0.5, -1.0, 2.0),
        window_temperature=0.4,
        task=task,
    )
    other = replace(bundle, rule=rule)
    # 5 windows and 6: the best fifth is one, then two
    sounds = [changing_sound(22050 * seconds) for seconds in (1, 12, 14)]
    assert largest_difference(to_onnx(other), other, sounds) < 1e-4
    plain = replace(bundle, rule=replace(rule, aggregation="max", bias=()))
    with pytest.raises(BundleError, match="must score as the bundle does"):
        largest_difference(to_onnx(plain), other, sounds)


@pytest.mark.parametrize("parents", [((1,), (2,), ()), ((1, 2), (), ()), ((), (0,), (0,))])
def test_a_tree_of_genres(bundle: Bundle, parents: tuple[tuple[int, ...], ...]) -> None:
    rule = ScoreRule(temperature=0.2, bias=(0.5, -1.0, 2.0), parents=parents)
    of_tree = replace(bundle, rule=rule)
    sounds = [changing_sound(22050 * seconds) for seconds in (1, 12)]
    model = to_onnx(of_tree)
    assert largest_difference(model, of_tree, sounds) < 1e-4
    session = onnxruntime.InferenceSession(model)
    for sound in sounds:
        scores, windows, _ = session.run(None, {"waveform": sound})
        for rows in (scores[np.newaxis], windows):
            for child, above in enumerate(parents):
                assert all((rows[:, parent] >= rows[:, child]).all() for parent in above)
    plain = replace(bundle, rule=replace(rule, parents=()))
    with pytest.raises(BundleError, match="must score as the bundle does"):
        largest_difference(to_onnx(plain), of_tree, sounds)


@pytest.mark.parametrize("task", TASKS)
def test_certain_scores_stay_certain(bundle: Bundle, task: Task) -> None:
    # σ is 0 and 1 to float32; the track's logit goes on
    sure = replace(bundle, rule=ScoreRule(window_temperature=1e-3, temperature=50.0, task=task))
    model = to_onnx(sure)
    assert largest_difference(model, sure, [changing_sound(22050 * 9)]) < 1e-3


def test_silence_and_full_scale(bundle: Bundle, model: bytes) -> None:
    square = np.sign(changing_sound(70000))
    assert largest_difference(model, bundle, [np.zeros(70000, np.float32), square]) < 1e-4
