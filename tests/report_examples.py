"""What the tests of the report share: an experiment that is reported, and its texts."""

from pathlib import Path

from genre.evaluation.comparison import ComparisonConfig, analyse
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import load_experiment
from genre.evaluation.report import summary_text
from genre.evaluation.report.document import markdown_report
from genre.evaluation.report.plain import plain_answer

QUICK = ComparisonConfig(n_replicates=200, n_reference_replicates=100)
ALIKE = {"attnTrue_lossbce": 1.5, "attnFalse_lossbce": 1.5}


def texts(folder: Path) -> tuple[str, str]:
    """Give the report and the summary, without drawing the pictures."""
    comparison = analyse(load_experiment(folder), QUICK)
    return markdown_report(comparison, {}), summary_text(comparison)


def written(folder: Path) -> str:
    return (folder / "REPORT.md").read_text(encoding="utf-8")


def answered(folder: Path) -> str:
    return plain_answer(analyse(load_experiment(folder), QUICK))


def compared(folder: Path) -> Comparison:
    return analyse(load_experiment(folder), QUICK)
