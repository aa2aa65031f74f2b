"""What the measuring scripts share: their options, and their figures for people and programs."""

import json
from collections.abc import Mapping
from pathlib import Path

from genre.atomic import write_text
from genre.cli.options import OptionParser


def figures_parser(script: str, description: str) -> OptionParser:
    """Make the parser of a measuring script, with the option `--json PATH`.

    Parameters
    ----------
    script : str
        Its file name.
    description : str
        A docstring; its first line is shown.
    """
    parser = OptionParser(prog=script, description=description.splitlines()[0])
    parser.add_argument("--json", type=Path, help="Also write the figures here.")
    return parser


def tell_figures(figures: Mapping[str, object], path: Path | None) -> None:
    """Print figures as JSON, and write them where a path was given."""
    text = json.dumps(figures, indent=1)
    print(text)
    if path is not None:
        write_text(path, text + "\n")
        print(f"figures in {path}")
