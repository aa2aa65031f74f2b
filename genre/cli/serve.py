"""`genre serve`: offer a trained model over HTTP, with a web page."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from genre.cli.bundles import HELP, bundle_at
from genre.cli.hearing import add_heard, heard_bundle, with_name
from genre.cli.options import (
    DEVICE,
    OptionParser,
    add_min_score,
    add_options,
    add_plugins,
    take,
)
from genre.cli.terminal import note
from genre.loading import load_tagger
from genre.serving.config import ServingConfig


def run(argv: Sequence[str]) -> int:
    """Serve until SIGTERM or Ctrl-C.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre serve`.

    Returns
    -------
    int
        0 after an orderly end.
    """
    words = make_parser().read(with_name(argv))
    config = take(ServingConfig, words)
    from genre.serving.running import serve  # needs an extra; the options do not

    folder = bundle_at(words.bundle)
    # As many tracks as there are cores are scored at a time, each by one thread.
    heard = heard_bundle(words)
    tagger = load_tagger(
        folder, device=words.device, n_threads=1, heard=heard, min_score=words.min_score
    )
    with ExitStack() as stack:
        cards = None
        if words.describe is not None:
            from genre.serving.cards import open_cards

            device = str(tagger.network.device)
            cards = stack.enter_context(open_cards(words.describe, config, device=device))
            for name, why in cards.missing.items():
                note(f"cards have no part {name}: {why}")
        serve(tagger, folder, config, announce=_announce, cards=cards)
    return 0


def make_parser() -> OptionParser:
    """Make the parser of `genre serve`."""
    parser = OptionParser(
        prog="genre serve", description="Offer a trained model over HTTP, with a web page."
    )
    parser.add_argument("bundle", type=Path, help=HELP)
    parser.add_argument("--device", type=str, default="cpu", help=DEVICE)
    add_heard(parser)
    add_min_score(parser)
    parser.add_argument(
        "--describe",
        type=Path | None,
        default=None,
        metavar="describe.toml",
        help="Offer cards, too (docs/describe.md), by the models of this file that are on this "
        "machine; none is fetched.",
    )
    add_options(parser, ServingConfig)
    add_plugins(parser)
    return parser


def _announce(url: str) -> None:
    print(f"listening on {url} (Ctrl-C ends)", flush=True)
