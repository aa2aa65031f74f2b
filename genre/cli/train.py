"""`genre train`: train a grid of models on a folder of tracks, choose the best, and report."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from genre.addresses import Address, Place
from genre.audio.windows import WindowConfig
from genre.cli.options import OptionParser, add_options, add_plugins, take
from genre.cli.terminal import add_log_json
from genre.dataset.labels import SelectionConfig
from genre.dataset.layouts import describe_options
from genre.evaluation.metrics import title_of
from genre.evaluation.metrics.choice import CHOSEN_BY
from genre.evaluation.report import compare_experiment, summary_text
from genre.execution import ExecutionConfig
from genre.execution.log_lines import log_as_json
from genre.grid import GridConfig, configure, run_grid
from genre.grid.recipes import RECIPES, Recipe
from genre.models.registry import MODELS
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.remote.mirror import mirrored
from genre.remote.scratch import own_folder
from genre.remote.systems import check_reachable
from genre.training.augment import AugmentConfig
from genre.training.config import TrainingConfig
from genre.training.heads import HeadConfig
from genre.training.losses import LOSSES
from genre.wording import counted

# Attention is what a configuration's name says.
FROM_THE_NAME = ("channel_attention", "spatial_attention")
NO_OPTIONS = ("config", "plugin", "log_json")
DESCRIPTION = "Train a grid of models on a folder of tracks and choose the best."
NESTED = ("selection", "split", "model", "training", "windows", "head", "front_end", "execution")


def parse_grid_config(
    argv: Sequence[str],
    *,
    prog: str = "genre train",
    description: str = DESCRIPTION,
    defaults: GridConfig | None = None,
) -> GridConfig:
    """Read the words of `genre train`.

    Parameters
    ----------
    argv : sequence of str
        The words after the command's name.
    prog, description : str
        What `--help` says, for another command that trains.
    defaults : GridConfig, optional
        Where the options of the grid itself start from.

    Returns
    -------
    GridConfig

    Raises
    ------
    ConfigError
        On a value out of range.
    SystemExit
        With status 2 on unknown words, 0 after `--help`.
    """
    start = partial(_parser, prog=prog, description=description, defaults=defaults)
    words = start(RECIPES["default"]).read(argv)
    if words.recipe in RECIPES:  # GridConfig refuses any other
        # Once more, now that it is known what the options start from.
        words = start(RECIPES[words.recipe]).read(argv)
    log_as_json(words.log_json)
    given = {name: value for name, value in vars(words).items() if name not in NO_OPTIONS}
    return configure(**given | {"augment": take(AugmentConfig, words.augment)})


def make_parser() -> OptionParser:
    """Make the parser of `genre train`, whose options start from the default recipe."""
    return _parser(RECIPES["default"], prog="genre train", description=DESCRIPTION, defaults=None)


def _parser(
    recipe: Recipe, *, prog: str, description: str, defaults: GridConfig | None
) -> OptionParser:
    parser = OptionParser(prog=prog, description=description, command="train")
    texts = {"labels": describe_options(), "configs": _configs_text()}
    also = {"labels": "--layout"}
    start = replace(defaults or GridConfig(), **recipe.named)
    add_options(parser, GridConfig, skip=NESTED, defaults=start, texts=texts, also=also)
    add_options(parser, SelectionConfig)
    split = recipe.split
    parser.add_argument(
        "--split-by",
        choices=["artist", "track"],
        default=split.by,
        help="What stays together on one side; track lets an artist stand on both sides.",
    )
    parser.add_argument(
        "--fractions",
        type=float,
        nargs=3,
        default=[split.train, split.val, split.test],
        metavar=("TRAIN", "VAL", "TEST"),
        help="Shares of the tracks for training, validation and test.",
    )
    parser.add_argument(
        "--split-seed", type=int, default=split.seed, help="Another seed gives another division."
    )
    add_options(parser, SpectrogramCNNConfig, skip=FROM_THE_NAME, defaults=recipe.model)
    add_options(parser, TrainingConfig, defaults=recipe.training)
    add_options(parser, WindowConfig, defaults=recipe.windows)
    add_options(parser, HeadConfig)
    add_options(parser, ExecutionConfig)
    add_log_json(parser)
    add_plugins(parser)
    return parser


def _configs_text() -> str:
    names = [entry.variants or [name] for name, entry in MODELS.items()]
    variants = ", ".join(variant for group in names for variant in group)
    return (
        f"What to train: one of {variants}, then _loss and one of {', '.join(LOSSES)}; or frozen_ "
        "and the name of a pre-trained network that genre backbone list shows, then the same; or "
        "all, the standard four and each of these with bce."
    )


def run(argv: Sequence[str]) -> int:
    """Train what is not finished yet, compare, and print where model and report are.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre train`.

    Returns
    -------
    int
        The exit status.
    """
    config = parse_grid_config(argv)
    command = shlex.join(["genre", "train", *argv])
    if isinstance(config.out, Address):
        check_reachable(config.out, option="out")
        here = own_folder() / "results"
        with mirrored(config.out, here):
            return _train(replace(config, out=here), command, shown_at=config.out)
    return _train(config, command, shown_at=config.folder)


def _train(config: GridConfig, command: str, *, shown_at: Place) -> int:
    summary = run_grid(config, command=command)
    value = summary.best_value
    print(f"{counted(summary.n_trained, 'run')} trained, {summary.n_kept} finished before")
    if summary.n_left:
        print(
            f"left to other parts of the grid: {counted(summary.n_left, 'run')}; the last of them, "
            "or the same command without --shard, compares all"
        )
        return 0
    measured = (
        "" if value is None else f", validation {title_of(CHOSEN_BY[config.task])} {value:.3f}"
    )
    print(f"model: {shown_at / 'best'}, from {summary.best}{measured}")
    text = summary_text(compare_experiment(summary.folder))
    print(f"\n{text}".replace(str(summary.folder), str(shown_at)))
    return 0
