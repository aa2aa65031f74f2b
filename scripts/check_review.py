"""Measure what `genre review` suggests: swapped labels found, and new tracks that teach.

Labels are swapped by a seed before training, and what ranks knows nothing of it; precision is the
share of swapped tracks among the first n suggestions for n swapped ones. The same seeds give the
same figures.
"""

import sys
import time

from figures import figures_parser, write_figures
from review_study.choosing import choosing
from review_study.choosing import told as told_choosing
from review_study.material import load_material
from review_study.swaps import swaps
from review_study.swaps import told as told_swaps


def main() -> int:
    """Run both studies, print their tables, and write them as JSON where asked."""
    from pathlib import Path

    parser = figures_parser("check_review.py", __doc__ or "")
    parser.add_argument("--data", type=Path, default=Path("data/sample"), help="The tracks.")
    parser.add_argument("--cache", type=Path, default=Path("data/cache"), help="Spectrograms.")
    parser.add_argument("--seeds", type=int, default=5, help="Draws of swapped labels.")
    parser.add_argument(
        "--choosing-seeds", type=int, default=5, help="Draws of first tracks and test artists."
    )
    parser.add_argument("--folds", type=int, default=5, help="Folds, by artist.")
    parser.add_argument(
        "--quick", action="store_true", help="Logistic regression alone, without a network."
    )
    parser.add_argument("--epochs", type=int, default=20, help="Of the network's trainings.")
    words = parser.parse_args(sys.argv[1:])
    started = time.perf_counter()
    material = load_material(words.data, words.cache)
    found = swaps(material, seeds=range(words.seeds), n_folds=words.folds)
    print("\n".join(told_swaps(found)), end="\n\n")
    chosen = choosing(material, seeds=range(words.choosing_seeds))
    print("\n".join(told_choosing(chosen)), end="\n\n")
    figures = {"swaps": found, "choosing": chosen}
    if not words.quick:
        from review_study import network

        one = network.network_swaps(material, epochs=words.epochs, cache=words.cache)
        print(network.told(one), end="\n\n")
        figures["network"] = [one]
    seconds = time.perf_counter() - started
    print(f"{words.seeds} seeds in {seconds:.0f} s")
    write_figures(figures | {"seconds": seconds}, words.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
