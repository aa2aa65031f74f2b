"""What is heard in a track: genre.describe.heard; and models of the hub: genre.describe.hub."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genre.describe.card import Absent
from genre.describe.heard import hear, mean_scores, windows_of
from genre.describe.hub import Hub
from genre.describe.settings import HeardSettings
from genre.execution import ExecutionConfig, WorkerPool
from tests.describe.fakes import FakeHub
from tests.describe_models import save_listener
from tests.sounds import write


class Listener:
    """Calls a window loud by its mean."""

    feature_extractor = SimpleNamespace(sampling_rate=8000)

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def __call__(self, sound: dict[str, Any], *, top_k: None) -> list[dict[str, Any]]:
        assert top_k is None
        assert sound["sampling_rate"] == 8000
        assert sound["raw"].dtype == np.float32
        assert np.abs(sound["raw"]).max() <= 1
        self.lengths.append(len(sound["raw"]))
        loud = float(sound["raw"].mean() > 0.2)
        return [{"label": "loud", "score": loud}, {"label": "quiet", "score": 1 - loud}]


def test_scores_are_the_mean_of_windows(tmp_path: Path) -> None:
    samples = np.concatenate([np.full(16000, 0.5), np.full(16000, 0.01), np.full(24000, 0.5)])
    path = write(tmp_path / "a.wav", samples, 16000)
    listener = Listener()
    settings = HeardSettings(window_seconds=1.0, top=1)
    with WorkerPool(ExecutionConfig(n_workers=1)) as pool:
        part = hear(path, hub=FakeHub(listener), pool=pool, settings=settings)
        (tmp_path / "bad.mp3").write_bytes(b"nothing")
        with pytest.raises(Absent, match="not_audio"):
            hear(tmp_path / "bad.mp3", hub=FakeHub(listener), pool=pool, settings=settings)
    assert listener.lengths == [8000, 8000, 8000, 4000]
    assert part.result == {
        "tags": [{"tag": "loud", "score": 0.75}],
        "n_windows": 4,
        "window_seconds": 1.0,
    }


def test_windows_stand_side_by_side_within_bounds() -> None:
    samples = np.array([2.0, -3.0, 0.5, 0.25, 0.1], np.float32)
    assert [window.tolist() for window in windows_of(samples, 4)] == [[1.0, -1.0, 0.5, 0.25]]
    assert [len(window) for window in windows_of(samples, 3)] == [3, 2]
    assert [len(window) for window in windows_of(samples, 100)] == [5]


def test_means_come_best_first() -> None:
    one = [{"label": "a", "score": 0.6}, {"label": "b", "score": 0.4}]
    two = [{"label": "b", "score": 0.9}, {"label": "a", "score": 0.1}]
    assert list(mean_scores([one, two])) == ["b", "a"]
    assert mean_scores([one, two])["b"] == pytest.approx(0.65)


@pytest.mark.slow
def test_a_transformer_hears_as_the_library_says(tmp_path: Path) -> None:
    import torch
    from transformers import ASTFeatureExtractor, ASTForAudioClassification

    folder = save_listener(tmp_path / "ast")
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, 16000).astype(np.float32)
    path = write(tmp_path / "a.wav", samples, 16000, subtype="FLOAT")
    hub = Hub(device="cpu", may_fetch=lambda _: False)
    with WorkerPool(ExecutionConfig(n_workers=1)) as pool:
        settings = HeardSettings(model=str(folder))
        part = hear(path, hub=hub, pool=pool, settings=settings)
    network = ASTForAudioClassification.from_pretrained(folder).eval()
    inputs = ASTFeatureExtractor.from_pretrained(folder)(
        samples, sampling_rate=16000, return_tensors="pt"
    )
    with torch.inference_mode():
        expected = network(**inputs).logits[0].softmax(dim=0)
    scores = {said["tag"]: said["score"] for said in part.result["tags"]}
    assert scores == {
        tag: pytest.approx(float(expected[place]), abs=1e-4)
        for place, tag in network.config.id2label.items()
    }
    assert part.model is not None
    assert part.model.n_parameters == sum(weights.numel() for weights in network.parameters())
    assert "transformers" in part.model.version
