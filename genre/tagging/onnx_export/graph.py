"""The graph around the network: frames in blocks, windows one by one, scores of the track.

A block of frames and a window are worked on at a time, so that nothing but a copy of the sound and
its spectrogram grows with its length: an hour takes 500 MB beside the 300 MB it is.
"""

from dataclasses import dataclass
from typing import Any

import onnx
from onnx import compose, parser

from genre.audio.windows import to_frames, window_frames
from genre.errors import BundleError
from genre.models.bundle import Bundle
from genre.models.score_rule import AGGREGATIONS

OPSET = 20
_IR_VERSION = 10

# The bodies of the two loops: name, input and output of what torch exports for them.
BLOCK = ("one_block", "samples", "block_mel")
WINDOW = ("one_window", "window", "window_logits")

# Numbers of the bundle stand in braces. All whole numbers are vectors of one element, as Slice,
# Pad and Concat want them.
_TEXT = """
<ir_version: {ir_version}, opset_import: ["" : {opset}]>
genre (float[n_samples] waveform)
    => (float[{n_labels}] scores, float[n_windows, {n_labels}] window_scores)
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
    padded = Pad (waveform, edges)
    n_blocks_scalar = Squeeze (n_blocks)
    block_range = Range (zero_scalar, n_blocks_scalar, one_scalar)
    block_numbers = Unsqueeze (block_range, one)
    blocks = Scan <num_scan_inputs = 1, body = one_block (int64[1] number)
        => (float[{block}, {n_mels}] block_mel)
        {{
            first = Mul (number, block_hops)
            end = Add (first, block_samples)
            samples = Slice (padded, first, end)
        }}
    > (block_numbers)

    rows = Constant <value_ints = [-1, {n_mels}]> ()
    length = Constant <value_ints = [{length}]> ()
    step = Constant <value_ints = [{step}]> ()
    min_tail = Constant <value_ints = [{min_tail}]> ()
    floor = Constant <value_float = {floor}> ()
    all_frames = Reshape (blocks, rows)
    frames = Slice (all_frames, zero, n_frames)
    n_lacking = Sub (length, n_frames)
    lacking = Max (n_lacking, zero)
    below = Concat <axis = 0> (zero, zero, lacking, zero)
    mel = Pad (frames, below, floor)
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
    logits = Scan <num_scan_inputs = 1, body = one_window (int64[1] start)
        => (float[{n_labels}] window_logits)
        {{
            stop = Add (start, length)
            window = Slice (mel, start, stop)
        }}
    > (start_rows)

    window_temperature = Constant <value_float = {window_temperature}> ()
    temperature = Constant <value_float = {temperature}> ()
    bias = Constant <value_floats = [{bias}]> ()
    x = Div (logits, window_temperature)
    calibrated_windows = Div (x, temperature)
    biased_windows = Add (calibrated_windows, bias)
    window_scores = Sigmoid (biased_windows)
    {aggregation}
    calibrated_track = Div ({track}, temperature)
    biased_track = Add (calibrated_track, bias)
    scores = Sigmoid (biased_track)
}}
"""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What torch exported: the insides of the two loops.

    Parameters
    ----------
    block : ModelProto
        From a block's samples to its frames.
    window : ModelProto
        From a window to its logits.
    block_frames : int
        Frames of a block.
    block_samples : int
        Samples that a block is made of.
    """

    block: Any
    window: Any
    block_frames: int
    block_samples: int


def compose_graph(bundle: Bundle, parts: Parts) -> Any:  # noqa: ANN401 - onnx's ModelProto
    """Put the parts together.

    Parameters
    ----------
    bundle : Bundle
        Its front end, windows and score rule become numbers of the graph.
    parts : Parts
        The insides of its loops.

    Returns
    -------
    ModelProto
        Checked by `onnx.checker`.

    Raises
    ------
    BundleError
        On an aggregation that has no ONNX.
    """
    mel, rule = bundle.front_end.mel, bundle.rule
    nodes, track = aggregation_nodes(rule.aggregation)
    model = parser.parse_model(
        _TEXT.format(
            ir_version=_IR_VERSION,
            opset=OPSET,
            n_labels=len(bundle.genres),
            n_mels=mel.n_mels,
            hop=mel.hop_length,
            left=mel.n_fft // 2,
            block=parts.block_frames,
            block_hops=parts.block_frames * mel.hop_length,
            block_samples=parts.block_samples,
            floor=_written(mel.floor_db),
            length=window_frames(bundle.windows, mel),
            step=to_frames(bundle.windows.step_seconds, mel),
            min_tail=to_frames(bundle.windows.min_tail_seconds, mel),
            temperature=_written(rule.temperature),
            window_temperature=_written(rule.window_temperature),
            bias=", ".join(_written(value) for value in rule.bias or [0.0] * len(bundle.genres)),
            aggregation="\n    ".join(nodes.lines),
            track=track,
        )
    )
    _fill(model, BLOCK[0], parts.block)
    _fill(model, WINDOW[0], parts.window)
    onnx.checker.check_model(model, full_check=True)
    return model


class TextNodes:
    """Writes nodes as ONNX's own text, a line each; `genre.models.score_rule.OnnxNodes`.

    Its names are those of the graph around them, and new ones that no other line has.
    """

    windows, n_windows, first_axis = "x", "n_windows", "zero"

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, operator: str, *inputs: str, n_outputs: int = 1, **attributes: int) -> str:
        """Add a node and return the name of its first output."""
        name = f"aggregated_{len(self.lines)}"
        outputs = [name, *(f"{name}_{number}" for number in range(1, n_outputs))]
        given = ", ".join(f"{key} = {value}" for key, value in attributes.items())
        options = f" <{given}>" if given else ""
        self.lines.append(f"{', '.join(outputs)} = {operator}{options} ({', '.join(inputs)})")
        return name

    def whole(self, number: int) -> str:
        """Add a constant, int64 of shape (1,), and return its name."""
        name = f"aggregated_{len(self.lines)}"
        self.lines.append(f"{name} = Constant <value_ints = [{number}]> ()")
        return name


def aggregation_nodes(name: str) -> tuple[TextNodes, str]:
    """Write the nodes from the logits of windows to those of their track.

    Parameters
    ----------
    name : str
        A key of `genre.models.score_rule.AGGREGATIONS`.

    Returns
    -------
    nodes : TextNodes
        Of the aggregation.
    track : str
        What the track's logits are called in them.

    Raises
    ------
    BundleError
        On an aggregation that has no ONNX.
    """
    aggregation = AGGREGATIONS[name]
    if aggregation.onnx is None:
        known = ", ".join(key for key, entry in AGGREGATIONS.items() if entry.onnx is not None)
        raise BundleError(
            f"aggregation={name!r} ({aggregation.title}) must be one of {known} to be exported"
        )
    nodes = TextNodes()
    return nodes, aggregation.onnx(nodes)


def _fill(model: Any, name: str, part: Any) -> None:  # noqa: ANN401
    """Put an exported graph into the loop whose body has this name."""
    inside = compose.add_prefix(
        part, f"{name}/", rename_inputs=False, rename_outputs=False, rename_functions=False
    )
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.name == "body" and attribute.g.name == name:
                attribute.g.node.extend(inside.graph.node)
                attribute.g.initializer.extend(inside.graph.initializer)


def _written(number: float) -> str:
    """Write a number so that the parser reads it as a float, all its digits included."""
    return f"{number:.17f}"
