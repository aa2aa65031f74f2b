"""`genre serve`: offer a trained model over HTTP, with a web page."""

from collections.abc import Sequence
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
    serve(tagger, folder, config, announce=_announce)
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
    add_options(parser, ServingConfig)
    add_plugins(parser)
    return parser


def _announce(url: str) -> None:
    print(f"listening on {url} (Ctrl-C ends)", flush=True)
