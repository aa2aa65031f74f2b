"""The graph around the network: frames in blocks, windows one by one, scores of the track.

A block of frames and a window are worked on at a time, so that nothing but a copy of the sound and
its spectrogram grows with its length: an hour takes 500 MB beside the 300 MB it is.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import compose, numpy_helper, parser

from genre.audio.mel import BLOCK_FRAMES
from genre.audio.windows import to_frames, window_frames
from genre.inference.bundle import Bundle
from genre.inference.network import OPSET
from genre.tagging.onnx_export.scores import scores_text, written
from genre.tagging.onnx_export.spectrogram import BlockMel

_IR_VERSION = 10


# Numbers of the bundle stand in braces. All whole numbers are vectors of one element, as Slice,
# Pad and Concat want them.
_TEXT = """
<ir_version: {ir_version}, opset_import: ["" : {opset}]>
genre (float[n_samples] waveform)
    => (float[{n_labels}] scores, float[n_windows, {n_labels}] window_scores,
        float[n_frames, {n_mels}] log_mel)
{{
    zero = Constant <value_ints = [0]> ()
    one = Constant <value_ints = [1]> ()
    zero_scalar = Constant <value_int = 0> ()
    one_scalar = Constant <value_int = 1> ()

    hop = Constant <value_ints = [{hop}]> ()
    block = Constant <value_ints = [{block}]> ()
    block_hops = Constant <value_ints = [{block_hops}]> ()
    block_samples = Constant <value_ints = [{block_samples}]> ()
    left = Constant <value_ints = [{left}]> ()
    n_samples = Shape (waveform)
    n_hops = Div (n_samples, hop)
    n_frames = Add (n_hops, one)
    n_whole_blocks = Div (n_hops, block)
    n_blocks = Add (n_whole_blocks, one)
    until_last = Mul (n_whole_blocks, block_hops)
    n_needed = Add (until_last, block_samples)
    n_beyond = Sub (n_needed, n_samples)
    n_right = Sub (n_beyond, left)
    right = Max (n_right, zero)
    edges = Concat <axis = 0> (left, right)
    {normalised}
    padded = Pad (sound, edges)
    n_blocks_scalar = Squeeze (n_blocks)
    block_range = Range (zero_scalar, n_blocks_scalar, one_scalar)
    block_numbers = Unsqueeze (block_range, one)
    blocks = Scan <num_scan_inputs = 1, body = one_block (int64[1] number)
        => (float[{block}, {n_mels}] block_mel)
        {{
            first = Mul (number, block_hops)
            end = Add (first, block_samples)
            samples = Slice (padded, first, end)
            {block_mel}
        }}
    > (block_numbers)

    rows = Constant <value_ints = [-1, {n_mels}]> ()
    length = Constant <value_ints = [{length}]> ()
    step = Constant <value_ints = [{step}]> ()
    min_tail = Constant <value_ints = [{min_tail}]> ()
    floor = Constant <value_float = {floor}> ()
    all_frames = Reshape (blocks, rows)
    log_mel = Slice (all_frames, zero, n_frames)
    n_lacking = Sub (length, n_frames)
    lacking = Max (n_lacking, zero)
    below = Concat <axis = 0> (zero, zero, lacking, zero)
    mel = Pad (log_mel, below, floor)
    n_over = Sub (n_frames, length)
    last = Max (n_over, zero)
    n_steps = Div (last, step)
    n_regular = Add (n_steps, one)
    left_over = Mod (last, step)
    has_tail = GreaterOrEqual (left_over, min_tail)
    n_tail = Cast <to = 7> (has_tail)
    n_windows = Add (n_regular, n_tail)
    n_windows_scalar = Squeeze (n_windows)
    window_range = Range (zero_scalar, n_windows_scalar, one_scalar)
    even_starts = Mul (window_range, step)
    starts = Min (even_starts, last)
    start_rows = Unsqueeze (starts, one)
    stacked = Scan <num_scan_inputs = 1, body = one_window (int64[1] start)
        => (float[1, {n_labels}] logits)
        {{
            stop = Add (start, length)
            window = Slice (mel, start, stop)
            centred = Sub (window, mean)
            standard = Div (centred, deviation)
            turned_window = Transpose <perm = [1, 0]> (standard)
            batch_and_channel = Constant <value_ints = [0, 1]> ()
            windows = Unsqueeze (turned_window, batch_and_channel)
        }}
    > (start_rows)
    window_logits = Squeeze (stacked, one)

    {scores}
}}
"""

# Of a sound of zeros, the divisor is one.
_NORMALISED = """
    magnitudes = Abs (waveform)
    peak = ReduceMax (magnitudes)
    nothing = Constant <value_float = 0.0> ()
    is_nothing = Equal (peak, nothing)
    in_its_place = Cast <to = 1> (is_nothing)
    divisor = Add (peak, in_its_place)
    sound = Div (waveform, divisor)
"""


def compose_graph(bundle: Bundle, network: Any) -> Any:  # noqa: ANN401 - onnx's ModelProto
    """Put the graph around a network.

    Parameters
    ----------
    bundle : Bundle
        Its front end, windows, standardisation and score rule become numbers of the graph.
    network : ModelProto
        From `windows` to `logits` alone, as `logits_network` leaves it.

    Returns
    -------
    ModelProto
        Checked by `onnx.checker`.

    Raises
    ------
    BundleError
        On an aggregation that has no ONNX.
    """
    mel = bundle.spectrogram.mel
    block = BlockMel(mel, BLOCK_FRAMES)
    model = parser.parse_model(
        _TEXT.format(
            ir_version=_IR_VERSION,
            opset=OPSET,
            n_labels=len(bundle.genres),
            n_mels=mel.n_mels,
            hop=mel.hop_length,
            left=mel.n_fft // 2,
            block=block.n_frames,
            block_hops=block.n_frames * mel.hop_length,
            block_samples=block.n_samples,
            block_mel=block.text,
            normalised=_NORMALISED if mel.normalise_peak else "sound = Identity (waveform)",
            floor=written(mel.silence),
            length=window_frames(bundle.windows, mel),
            step=to_frames(bundle.windows.step_seconds, mel),
            min_tail=to_frames(bundle.windows.min_tail_seconds, mel),
            scores=scores_text(bundle.rule, n_labels=len(bundle.genres)),
        )
    )
    _add_constants(_body(model, "one_block"), block.constants)
    ears = {"mean": bundle.standardisation.mean, "deviation": bundle.standardisation.deviation}
    window = _body(model, "one_window")
    _add_constants(window, {name: np.array(ears[name], dtype=np.float32) for name in ears})
    _inline(window, network)
    model.opset_import.extend(entry for entry in network.opset_import if entry.domain)
    onnx.checker.check_model(model, full_check=True)
    return model


def _body(model: Any, name: str) -> Any:  # noqa: ANN401 - onnx's GraphProto
    bodies = (entry.g for node in model.graph.node for entry in node.attribute)
    return next(body for body in bodies if body.name == name)


def _add_constants(graph: Any, arrays: Mapping[str, NDArray[np.float32]]) -> None:  # noqa: ANN401
    graph.initializer.extend(numpy_helper.from_array(arrays[name], name) for name in arrays)


def _inline(graph: Any, network: Any) -> None:  # noqa: ANN401
    """Put a network after the nodes of a graph, under names that no other node has."""
    inside = compose.add_prefix(
        network, "network/", rename_inputs=False, rename_outputs=False, rename_value_infos=False
    )
    graph.node.extend(inside.graph.node)
    graph.initializer.extend(inside.graph.initializer)
