"""genre.inference.network: onnxruntime scores as the numbers in the file say, or says why not."""

from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest

from genre.errors import BundleError
from genre.inference.network import OnnxNetwork
from genre.inference.windowing import Standardisation
from tests.bundles import small_bundle
from tests.networks import level

WINDOWING = replace(
    small_bundle().windowing,
    standardisation=Standardisation(mean=(-20.0,) * 96, deviation=(5.0,) * 96),
)


@pytest.mark.parametrize("n_threads", [0, 1, 3])
def test_logits_by_hand(n_threads: int) -> None:
    network = OnnxNetwork(level(), WINDOWING, n_labels=2, n_threads=n_threads)
    batches = [np.full((n, 200, 96), 5.0 * n - 20.0, dtype=np.float16) for n in (1, 4, 2)]
    logits = list(network.over(batches))
    assert [each.shape for each in logits] == [(1, 2), (4, 2), (2, 2)]
    for each, n in zip(logits, (1, 4, 2), strict=True):
        np.testing.assert_allclose(each, [[n, 2 * n]] * n, rtol=1e-6)
        assert each.dtype == np.float32
    assert network.device == "cpu"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (level(n_mels=64), r"windows must be of shape \(any number, 1, 96, 200\).*'n', 1, 64"),
        (level(n_labels=3), r"logits must be of shape \(any number, 2\), as model\.json says"),
        (level(n_windows=1), r"windows must be of shape \(any number, "),
        (level(opset=999), "must be one that onnxruntime can use"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(model: bytes, message: str) -> None:
    with pytest.raises(BundleError, match=message):
        OnnxNetwork(model, WINDOWING, n_labels=2).wait()


def test_outputs_are_found_by_name() -> None:
    model = onnx.load_from_string(level())
    model.graph.output[0].name = model.graph.node[1].output[0] = "scores"
    with pytest.raises(BundleError, match=r"logits must be of shape .* they are absent"):
        OnnxNetwork(model.SerializeToString(), WINDOWING, n_labels=2).wait()


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("bad allocation", MemoryError),
        ("Failed to allocate memory for requested buffer of size 99", MemoryError),
        ("the shapes do not fit", BundleError),
    ],
)
def test_what_goes_wrong_while_scoring_is_told(
    monkeypatch: pytest.MonkeyPatch, message: str, error: type[Exception]
) -> None:
    class Session:
        def __init__(self, *words: object, **options: object) -> None:
            self._session = Real(*words, **options)
            self.get_inputs, self.get_outputs = (
                self._session.get_inputs,
                self._session.get_outputs,
            )

        def run(self, *_: object) -> None:
            raise RuntimeError(message)

    Real = onnxruntime.InferenceSession
    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    network = OnnxNetwork(level(), WINDOWING, n_labels=2)
    with pytest.raises(error):
        list(network.over([np.zeros((1, 200, 96), dtype=np.float16)]))


def test_no_thread_of_the_runtime_waits_busily() -> None:
    """One thread a batch: onnxruntime has no pool of its own that could spin."""
    session = OnnxNetwork(level(), WINDOWING, n_labels=2)._opening.result()
    options = session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


@pytest.mark.parametrize("n_labels", [0, 2])
def test_embeddings_by_hand(n_labels: int) -> None:
    network = OnnxNetwork(level(n_labels=n_labels), WINDOWING, n_labels=n_labels, n_threads=2)
    batches = [np.full((n, 200, 96), 5.0 * n - 20.0, dtype=np.float16) for n in (1, 4, 2)]
    found = np.concatenate(list(network.embeddings(batches)))
    np.testing.assert_allclose(found, [[1]] + [[4]] * 4 + [[2]] * 2, rtol=1e-6)


def test_a_track_is_embedded_window_by_window() -> None:
    network = OnnxNetwork(level(), WINDOWING, n_labels=2)
    # windows of 200 frames start every 100; the last two hold the second level
    mel = np.repeat(np.array([[-20.0], [-15.0]]), [100, 300], axis=0) * np.ones(96)
    found = network.embed(mel.astype(np.float16))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [[0.5], [1.0], [1.0]], rtol=1e-6)
    assert network.embed(mel[:50]).shape == (1, 1)  # shorter than a window: padded


def test_a_network_without_classes_must_have_an_embedding() -> None:
    model = onnx.load_from_string(level(n_labels=0))
    model.graph.output[0].name = model.graph.node[1].output[0] = "hidden"
    network = OnnxNetwork(model.SerializeToString(), WINDOWING, n_labels=0)
    with pytest.raises(BundleError, match=r"embedding must be of shape \(any number, any number\)"):
        network.wait()
