"""The end of the graph, as ONNX's own text: from the logits of windows to scores."""

from collections.abc import Mapping

from genre.errors import BundleError
from genre.inference.consistency import Columns, family_rows
from genre.inference.score_rule import AGGREGATIONS, ScoreRule
from genre.tasks import Task

_NOTHING = -1e30
"""As a logit, beside any other."""

_SETTLED = """
    window_temperature = Constant <value_float = {window_temperature}> ()
    temperature = Constant <value_float = {temperature}> ()
    bias = Constant <value_floats = [{bias}]> ()
    divided = Div (window_logits, window_temperature)"""

# `x` is what aggregations take: logits of each class by itself.
_WINDOWS: Mapping[Task, str] = {
    "multilabel": """
    x = Identity (divided)
    {of_windows}
    calibrated_windows = Div (windows_of_families, temperature)
    biased_windows = Add (calibrated_windows, bias)
    plain_window_scores = Sigmoid (biased_windows)
    {of_window_scores}""",
    # As in `genre.inference.exclusive`: each class is taken out of the rest that it stands against.
    "exclusive": """
    every_pair = Constant <value_ints = [{n_labels}, {n_labels}]> ()
    zeros = ConstantOfShape (every_pair)
    itself = EyeLike (zeros)
    nothing = Constant <value_float = {nothing}> ()
    not_itself = Mul (itself, nothing)
    as_rests = Unsqueeze (divided, one)
    rests = Add (as_rests, not_itself)
    last_axis = Constant <value_ints = [2]> ()
    rest = ReduceLogSumExp <keepdims = 0> (rests, last_axis)
    x = Sub (divided, rest)
    minus_windows = Neg (x)
    cost_of_windows = Softplus (minus_windows)
    log_windows = Neg (cost_of_windows)
    calibrated_windows = Div (log_windows, temperature)
    biased_windows = Add (calibrated_windows, bias)
    window_scores = Softmax <axis = 1> (biased_windows)""",
}
_TRACK: Mapping[Task, str] = {
    "multilabel": """
    {of_track}
    calibrated_track = Div (track_of_families, temperature)
    biased_track = Add (calibrated_track, bias)
    plain_scores = Sigmoid (biased_track)
    {of_scores}""",
    "exclusive": """
    minus_track = Neg ({track})
    cost_of_track = Softplus (minus_track)
    log_track = Neg (cost_of_track)
    calibrated_track = Div (log_track, temperature)
    biased_track = Add (calibrated_track, bias)
    scores = Softmax <axis = 0> (biased_track)""",
}


def scores_text(rule: ScoreRule, *, n_labels: int) -> str:
    """Write the nodes from `window_logits` to `window_scores` and `scores`.

    Parameters
    ----------
    rule : ScoreRule
        What logits mean.
    n_labels : int
        Genres.

    Returns
    -------
    str
        A line for each node.

    Raises
    ------
    BundleError
        On an aggregation that has no ONNX.
    """
    nodes, track = aggregation_nodes(rule.aggregation)
    windows_rows, track_rows = f"[-1, {n_labels}]", f"[{n_labels}]"
    return "\n    ".join(
        [
            _SETTLED.format(
                window_temperature=written(rule.window_temperature),
                temperature=written(rule.temperature),
                bias=", ".join(written(value) for value in rule.bias or [0.0] * n_labels),
            ),
            _WINDOWS[rule.task].format(
                n_labels=n_labels,
                nothing=written(_NOTHING),
                of_windows=_raised("x", "windows_of_families", rule.parents, windows_rows),
                of_window_scores=_raised(
                    "plain_window_scores", "window_scores", rule.parents, windows_rows
                ),
            ),
            *nodes.lines,
            _TRACK[rule.task].format(
                track=track,
                of_track=_raised(track, "track_of_families", rule.parents, track_rows),
                of_scores=_raised("plain_scores", "scores", rule.parents, track_rows),
            ),
        ]
    )


def _raised(before: str, after: str, parents: Columns, shape: str) -> str:
    """Write nodes that let no parent be below its child, as `raise_parents` does.

    Level by level, each genre takes the highest of itself and its children.
    """
    if not any(parents):
        return f"{after} = Identity ({before})"
    rows, n_times = family_rows(parents)
    columns = ", ".join(str(column) for row in rows for column in row)
    lines = [
        f"{after}_columns = Constant <value_ints = [{columns}]> ()",
        f"{after}_rows = Constant <value_ints = [-1, {len(rows)}, {len(rows[0])}]> ()",
        f"{after}_shape = Constant <value_ints = {shape}> ()",
        f"{after}_across = Constant <value_ints = [2]> ()",
    ]
    for step in range(1, n_times + 1):
        table = f"{after}_table_{step}"
        lines += [
            f"{after}_taken_{step} = Gather <axis = -1> ({before}, {after}_columns)",
            f"{table} = Reshape ({after}_taken_{step}, {after}_rows)",
            f"{after}_highest_{step} = ReduceMax <keepdims = 0> ({table}, {after}_across)",
            f"{after}_raised_{step} = Reshape ({after}_highest_{step}, {after}_shape)",
        ]
        before = f"{after}_raised_{step}"
    return "\n    ".join([*lines, f"{after} = Identity ({before})"])


class TextNodes:
    """Writes nodes as ONNX's own text, a line each; `genre.inference.score_rule.OnnxNodes`.

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
        A key of `genre.inference.score_rule.AGGREGATIONS`.

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


def written(number: float) -> str:
    """Write a number so that the parser reads it as a float, all its digits included.

    Parameters
    ----------
    number : float
        Finite.
    """
    return f"{number:.17f}"
