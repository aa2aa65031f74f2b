"""genre.backbones.own_network: any ONNX file whose description fits it."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from genre.backbones.own_network import add_file
from genre.errors import BundleError, GenreError
from genre.inference import load_backbone
from tests.networks import level
from tests.pretrained_examples import N_FRAMES, N_MELS

MEL = (
    f"[mel]\nsample_rate = 8000\nn_mels = {N_MELS}\nn_fft = 256\nhop_length = 100\nf_max = 4000.0\n"
)


def write(tmp_path: Path, model: bytes, text: str) -> Path:
    (tmp_path / "ears.onnx").write_bytes(model)
    (tmp_path / "ears.toml").write_text(f"n_frames = {N_FRAMES}\n{text}\n{MEL}")
    return tmp_path / "ears.onnx"


def theirs(*shape: int | str, opset: int = 13) -> bytes:
    """Write a network with names and axes of its own: its value is the first band's mean."""
    axes = [len(shape) - 2 if shape[-1] == N_MELS else len(shape) - 1]
    nodes = [
        helper.make_node("ReduceMean", ["mel"], ["over_time"], axes=axes, keepdims=0),
        helper.make_node("Reshape", ["over_time", "flat"], ["hidden"]),
        helper.make_node("MatMul", ["hidden", "weights"], ["scores"]),
    ]
    weights = np.zeros((N_MELS, 2), dtype=np.float32)
    weights[0] = (1, 10)
    constants = [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(np.array([-1, N_MELS]), "flat"),
    ]
    graph = helper.make_graph(
        nodes,
        "theirs",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [shape[0], 2])],
        constants,
    )
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", opset)])
    return bytes(model.SerializeToString())


@pytest.mark.parametrize(
    ("layout", "shape"),
    [
        ("1,mels,frames", ("n", 1, N_MELS, N_FRAMES)),
        ("mels,frames", ("n", N_MELS, N_FRAMES)),
        ("1,frames,mels", ("n", 1, N_FRAMES, N_MELS)),
        ("frames,mels", ("n", N_FRAMES, N_MELS)),
    ],
)
def test_names_and_axes_become_ours(
    tmp_path: Path, layout: str, shape: tuple[int | str, ...]
) -> None:
    text = f'layout = "{layout}"\ninput = "mel"\nembedding = "hidden"\nlogits = "scores"\n'
    path = write(tmp_path, theirs(*shape), text + 'classes = ["x", "y"]\nlicence = "MIT"')
    bundle = add_file(path, tmp_path / "shelf" / "own", name="own")
    assert load_backbone(tmp_path / "shelf" / "own") == bundle
    assert bundle.genres == ("x", "y")
    assert (bundle.backbones[0].source, bundle.backbones[0].licence) == ("ears.onnx", "MIT")
    network = bundle.network(n_threads=1)
    window = np.arange(N_FRAMES)[:, None] + 100.0 * np.arange(N_MELS)
    mean = (N_FRAMES - 1) / 2
    expected = mean + 100.0 * np.arange(N_MELS)
    np.testing.assert_allclose(network.embed(window), [expected], rtol=1e-6)
    (logits,) = network.over([window[None]])
    np.testing.assert_allclose(logits, [[mean, 10 * mean]], rtol=1e-6)


def test_ours_needs_no_words(tmp_path: Path) -> None:
    path = write(tmp_path, level(n_mels=N_MELS, n_frames=N_FRAMES, n_labels=0), "")
    bundle = add_file(path, tmp_path / "own", name="own")
    assert bundle.genres == ()
    np.testing.assert_allclose(bundle.network().embed(np.full((N_FRAMES, N_MELS), 3.0)), [[3.0]])


FITS = ("n", 1, N_MELS, N_FRAMES)
NAMED = 'input = "mel"\nembedding = "hidden"\n'


@pytest.mark.parametrize(
    ("model", "text", "message"),
    [
        (theirs(*FITS), "", "input='windows' must be the one input; it has: mel"),
        (theirs(*FITS), 'input = "mel"', "embedding='embedding' must be a value in it.*: scores"),
        (
            theirs(*FITS),
            NAMED + 'classes = ["x"]\nlogits = "scores"',
            r"logits must be of shape \(any number, 1\)",
        ),
        (theirs(*FITS), NAMED + 'classes = ["x"]', "logits='logits' must be a value in it"),
        (
            theirs("n", N_FRAMES, N_MELS),
            NAMED,
            r"of shape \(any, 20, 8\) in it, and of \(any, 1, 8, 20\) by layout='1,mels,frames'",
        ),
        (
            theirs("n", 1, N_MELS, N_FRAMES + 1),
            NAMED,
            r"of shape \(any, 1, 8, 21\) in it, and of \(any, 1, 8, 20\)",
        ),
        (theirs(1, 1, N_MELS, N_FRAMES), NAMED, r"windows must be of shape \(any number, 1"),
        (
            theirs(*FITS),
            'input = "mel"\nembedding = "over_time"',
            r"embedding must be of shape \(any",
        ),
        (b"no network", NAMED, "must be a file of the ONNX format"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, model: bytes, text: str, message: str) -> None:
    path = write(tmp_path, model, text)
    with pytest.raises(GenreError, match=message) as told:
        add_file(path, tmp_path / "shelf" / "own", name="own")
    assert "\n" not in str(told.value)
    assert not (tmp_path / "shelf").exists()


def test_what_no_network_may_hold_is_refused(tmp_path: Path) -> None:
    model = onnx.load_from_string(theirs(*FITS))
    model.graph.node[0].domain = "com.evil"
    with pytest.raises(BundleError, match=r"com\.evil\.ReduceMean must be one of ONNX's own"):
        add_file(write(tmp_path, model.SerializeToString(), NAMED), tmp_path / "own", name="own")
