"""`genre compare`: which model is better, and is that a fact."""

from collections.abc import Sequence
from pathlib import Path

from jsonargparse import Namespace

from genre.atomic import write_text
from genre.cli.options import OptionParser, add_options, add_plugins, take
from genre.dataset.places import refuse_inside
from genre.errors import ConfigError, GenreError
from genre.evaluation.comparison import ComparisonConfig, analyse
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import ExperimentFolder, ScoreFiles, load_score_files
from genre.evaluation.inputs.folder import newest_experiment
from genre.evaluation.report import compare_experiment, summary_text, write_comparison

DESCRIPTION = """Compare the models of an experiment, or, with --truth, any tables of scores: CSV
files with the columns track, artist (optional) and one for each genre. Scores lie in [0, 1], the
truth is 0 or 1. Several seeds of a model are files named model@0.csv, model@1.csv and so on."""


def run(argv: Sequence[str]) -> int:
    """Compare the models of an experiment, or tables of scores, and print the table.

    Parameters
    ----------
    argv : sequence of str
        The words behind ``genre compare``.

    Returns
    -------
    int
        The exit status.
    """
    words = make_parser().read(argv)
    config = take(ComparisonConfig, words)
    comparison = _of_files(words, config) if words.truth else _of_experiment(words, config)
    if words.json is not None:
        written = ExperimentFolder(comparison.experiment.folder).comparison
        write_text(words.json, written.read_text(encoding="utf-8"))
    print(summary_text(comparison))
    return 0


def make_parser() -> OptionParser:
    """Make the parser of `genre compare`."""
    parser = OptionParser(prog="genre compare", description=" ".join(DESCRIPTION.split()))
    parser.add_argument(
        "inputs",
        type=Path,
        nargs="*",
        help="The experiment's folder, by default the newest one in results/; with --truth the "
        "tables of scores of the test tracks.",
    )
    parser.add_argument(
        "--truth",
        type=Path,
        help="Table of the test tracks' genres: a column for each, or "
        "one with its name where a track has one genre.",
    )
    parser.add_argument(
        "--threshold", type=float, help="One threshold in [0, 1] for all genres and models."
    )
    parser.add_argument(
        "--validation-truth", type=Path, help="Table of the validation tracks' genres."
    )
    parser.add_argument(
        "--validation",
        type=Path,
        nargs="+",
        default=[],
        help="Tables of scores of the validation tracks, in the order of the test tables: "
        "calibration and thresholds are fitted on them.",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="Folder for what is written: by default the experiment's, or results/compared.",
    )
    parser.add_argument("--json", type=Path, help="Also write the table of contrasts here.")
    add_options(parser, ComparisonConfig)
    add_plugins(parser)
    return parser


def _of_files(words: Namespace, config: ComparisonConfig) -> Comparison:
    files = ScoreFiles(
        truth=words.truth,
        scores=tuple(words.inputs),
        threshold=words.threshold,
        validation_truth=words.validation_truth,
        validation=tuple(words.validation),
    )
    folder = words.out or Path("results") / "compared"
    comparison = analyse(load_score_files(files, folder=folder), config)
    write_comparison(comparison)
    return comparison


def _of_experiment(words: Namespace, config: ComparisonConfig) -> Comparison:
    for name in ("threshold", "validation_truth", "validation"):
        if words[name] not in (None, []):
            raise ConfigError(f"{name} must come with truth: an experiment has its own")
    if len(words.inputs) > 1:
        raise ConfigError(
            "experiment must be one folder; to compare tables of scores, the truth has an option: "
            f"genre compare --truth {' '.join(map(str, words.inputs))}"
        )
    folder = words.inputs[0] if words.inputs else _newest_experiment(Path("results"))
    if folder.is_file():
        raise ConfigError(
            f"experiment={folder} must be the folder of an experiment; to compare tables of "
            f"scores, the truth has an option: genre compare --truth {folder} ours.csv theirs.csv"
        )
    if data := ExperimentFolder(folder).read_description().data:
        refuse_inside([Path(data)], out=words.out, json=words.json)
    return compare_experiment(folder, config, out=words.out)


def _newest_experiment(results: Path) -> Path:
    newest = newest_experiment(results)
    if newest is None:
        raise GenreError(
            f"experiment={results}/… must be an experiment; there is none: train one first, "
            "for example with scripts/train_grid.py"
        )
    print(f"comparing the newest experiment: {newest.path}")
    return newest.path
