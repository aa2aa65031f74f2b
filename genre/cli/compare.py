"""`genre compare`: which model of an experiment is better, and is that a fact."""

from collections.abc import Sequence
from pathlib import Path

from genre.atomic import write_text
from genre.cli.options import OptionParser, add_options, take
from genre.errors import GenreError
from genre.evaluation.comparison import ComparisonConfig
from genre.evaluation.report import compare_experiment, summary_text


def run(argv: Sequence[str]) -> int:
    """Compare the models of an experiment and print the table.

    Parameters
    ----------
    argv : sequence of str

    Returns
    -------
    int
        The exit status.
    """
    parser = OptionParser(prog="genre compare", description="Compare the models of an experiment.")
    parser.add_argument(
        "experiment",
        type=Path,
        nargs="?",
        help="The experiment's folder; by default the newest one in results/.",
    )
    parser.add_argument("--json", type=Path, help="Also write the table of contrasts here.")
    add_options(parser, ComparisonConfig)
    words = parser.parse_args(list(argv))
    folder = words.experiment or _newest_experiment(Path("results"))
    comparison = compare_experiment(folder, take(ComparisonConfig, words))
    if words.json is not None:
        write_text(words.json, (folder / "comparison.json").read_text(encoding="utf-8"))
    print(summary_text(comparison))
    return 0


def _newest_experiment(results: Path) -> Path:
    descriptions = sorted(results.glob("*/experiment.json"), key=lambda p: p.stat().st_mtime)
    if not descriptions:
        raise GenreError(
            f"experiment={results}/… must be an experiment; there is none: train one first, "
            "for example with scripts/train_grid.py"
        )
    folder = descriptions[-1].parent
    print(f"comparing the newest experiment: {folder}")
    return folder
