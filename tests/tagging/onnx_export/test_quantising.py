"""A network in whole numbers of 8 bits: genre.tagging.onnx_export.quantising."""

import logging
import tempfile
from pathlib import Path

import numpy as np
import pytest

from genre.errors import BundleError

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from genre.tagging.onnx_export.quantising import quantised  # noqa: E402

# One map of 1 × 2 becomes four (float32), these become two (int8), and these two logits.
NETWORK = """
<ir_version: 10, opset_import: ["" : 20]>
network (float[n_windows, 1, 1, 2] windows)
    => (float[n_windows, 2] logits, float[n_windows, 4, 1, 2] embedding)
<
    float[4, 1, 1, 1] narrow = {1.0, 2.0, -1.0, 0.5},
    float[2, 4, 1, 1] wide = {1.0, 0.4, 0.0, 0.0, 0.0, 0.0, 0.1, -0.05}
>
{
    [first] embedding = Conv (windows, narrow)
    [second] maps = Conv (embedding, wide)
    [mean] last = Constant <value_ints = [2, 3]> ()
    logits = ReduceMean <keepdims = 0> (maps, last)
}
"""
WINDOWS = np.array([[1.0, 0.0], [-0.5, 0.25]], dtype=np.float32).reshape(2, 1, 1, 2)


def network(text: str = NETWORK) -> bytes:
    model = onnx.parser.parse_model(text)
    onnx.checker.check_model(model, full_check=True)
    written: bytes = model.SerializeToString()
    return written


def run(model: bytes, windows: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    outputs: list[np.ndarray] = session.run(["logits", "embedding"], {"windows": windows})
    return outputs


def test_wide_convolutions_alone_become_whole_numbers_channel_by_channel() -> None:
    model = onnx.load_from_string(quantised(network(), [WINDOWS[:1], WINDOWS[1:]]))
    arrays = {a.name: onnx.numpy_helper.to_array(a) for a in model.graph.initializer}
    assert arrays["narrow"].dtype == np.float32
    (whole,) = (a for a in arrays.values() if a.shape == (2, 4, 1, 1))
    # the largest weight of each output channel is 127
    np.testing.assert_array_equal(whole.reshape(2, 4), [[127, 51, 0, 0], [0, 0, 127, -64]])
    assert whole.dtype == np.int8
    assert {entry.domain for entry in model.opset_import} <= {"", "ai.onnx"}
    assert "com.microsoft" not in {node.domain for node in model.graph.node}


def test_it_computes_the_same_but_for_rounding() -> None:
    model = quantised(network(), [WINDOWS])
    logits, embedding = run(model, WINDOWS)
    # x + 0.8 x, and -0.1 x - 0.025 x, of the means 0.5 and -0.125
    expected = [[0.9, -0.0625], [-0.225, 0.015625]]
    # embeddings lie in [-1, 2], logits in [-0.9, 1.8]: steps of 0.012 and 0.011
    np.testing.assert_allclose(logits, expected, atol=0.025)
    np.testing.assert_allclose(embedding, run(network(), WINDOWS)[1], atol=3 / 255 / 2 + 1e-6)
    assert np.abs(logits - expected).max() > 1e-5


def test_what_was_not_heard_in_calibration_is_cut_off() -> None:
    model = quantised(network(), [WINDOWS])
    logits, _ = run(model, 10 * WINDOWS)
    assert logits[0, 0] == pytest.approx(0.9, abs=0.05)  # not 9


def test_nothing_is_said_and_nothing_left_behind(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    handlers = list(logging.getLogger().handlers)
    quantised(network(), [WINDOWS])
    assert list(tmp_path.iterdir()) == []
    assert (caplog.records, capfd.readouterr()) == ([], ("", ""))
    assert logging.getLogger().handlers == handlers


def test_a_network_without_wide_convolutions_is_refused() -> None:
    narrow = network(
        NETWORK.replace(
            "[second] maps = Conv (embedding, wide)", "[second] maps = Relu (embedding)"
        ).replace("float[n_windows, 2] logits", "float[n_windows, 4] logits")
    )
    with pytest.raises(BundleError, match="must have a convolution over 4 maps or more"):
        quantised(narrow, [WINDOWS])
