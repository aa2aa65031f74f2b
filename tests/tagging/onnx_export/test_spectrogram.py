"""The spectrogram as matrix products: genre.tagging.onnx_export.spectrogram."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from genre.audio.mel import MelConfig, log_mel
from genre.tagging.onnx_export.spectrogram import BlockMel
from tests.sounds import changing_sound

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

_AROUND = """
<ir_version: 10, opset_import: ["" : 20]>
block (float[n_samples] samples) => (float[n_frames, n_mels] block_mel)
{{
    zero = Constant <value_ints = [0]> ()
    one = Constant <value_ints = [1]> ()
    {text}
}}
"""


def analysed(block: BlockMel, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    model = onnx.parser.parse_model(_AROUND.format(text=block.text))
    constants: dict[str, Any] = block.constants
    model.graph.initializer.extend(
        onnx.numpy_helper.from_array(constants[name], name) for name in constants
    )
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (mel,) = session.run(None, {"samples": samples})
    return np.asarray(mel, dtype=np.float32)


@pytest.mark.parametrize(
    "config",
    [
        MelConfig(),
        MelConfig(n_fft=1024, hop_length=1024, n_mels=40),
        MelConfig(n_fft=1000, hop_length=300, n_mels=40, f_min=50.0, f_max=8000.0),
        MelConfig(n_fft=2 * 509, hop_length=77, n_mels=40, power_floor=1e-5),  # 509 is prime
    ],
)
def test_the_matrix_products_are_the_spectrogram(config: MelConfig) -> None:
    # the frames in the middle of a sound, away from where `log_mel` pads it
    samples = changing_sound(60000)
    first = -(-config.n_fft // config.hop_length)
    block = BlockMel(config, 40)
    start = first * config.hop_length - config.n_fft // 2
    got = analysed(block, samples[start : start + block.n_samples])
    expected = log_mel(samples, config)[first : first + 40]
    # float16 alone is off by up to 0.03 dB
    np.testing.assert_allclose(got, expected.astype(np.float16), atol=0.07)
    assert np.abs(got - expected.astype(np.float16)).mean() < 0.001


def test_silence_is_the_floor_to_the_last_digit() -> None:
    block = BlockMel(MelConfig(power_floor=1e-5), 3)
    got = analysed(block, np.zeros(block.n_samples, np.float32))
    np.testing.assert_array_equal(got, np.full((3, 96), -50.0))
