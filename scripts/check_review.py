"""Precision of what `genre review` suggests, and whether its order of new tracks teaches more."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from genre.atomic import write_text
from genre.cli import run_job


def main(argv: Sequence[str] | None = None) -> int:
    """Run both studies and print their tables.

    Parameters
    ----------
    argv : sequence of str, optional
        The command line's words.

    Returns
    -------
    int
        The exit status.
    """
    return run_job(_run, sys.argv[1:] if argv is None else argv)


def _run(argv: Sequence[str]) -> int:
    from review_study.choosing import choosing, told as told_choosing
    from review_study.material import load_material
    from review_study.swaps import swaps, told as told_swaps

    words = _parser().parse_args(argv)
    material = load_material(words.data, words.cache, network=not words.quick)
    seeds = range(words.seeds)
    found = swaps(material, seeds=seeds, n_folds=words.folds)
    for line in told_swaps(found):
        print(line)
    chosen = choosing(material, seeds=seeds)
    for line in told_choosing(chosen):
        print(line)
    if words.json is not None:
        content = {"swaps": found, "choosing": chosen}
        write_text(words.json, json.dumps(content, indent=1) + "\n")
        print(f"figures: {words.json}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/sample"), help="The tracks.")
    parser.add_argument("--cache", type=Path, default=Path("data/cache"), help="Spectrograms.")
    parser.add_argument("--seeds", type=int, default=5, help="Draws of swapped labels.")
    parser.add_argument("--folds", type=int, default=5, help="Folds, by artist.")
    parser.add_argument("--quick", action="store_true", help="Logistic regression alone.")
    parser.add_argument("--json", type=Path, help="Also write all figures to this file.")
    return parser


if __name__ == "__main__":
    sys.exit(main())
