"""`genre sample`: make the synthetic sample dataset."""

from collections.abc import Sequence
from pathlib import Path

from genre.atomic import ensure_writable
from genre.cli.options import OptionParser, add_options, take
from genre.dataset.layouts.files import list_files
from genre.errors import ConfigError
from genre.sample import SampleConfig, make_sample_dataset
from genre.sample.making import MARKER
from genre.wording import shown


def run(argv: Sequence[str]) -> int:
    """Make the dataset, unless it is there already.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre sample`.

    Returns
    -------
    int
        The exit status.
    """
    words = make_parser().read(argv)
    out: Path = words.out
    if out.is_dir() and not (out / MARKER).exists() and list_files(out).audio:
        raise ConfigError(f"out={shown(out)} must not hold music of yours; name another folder")
    ensure_writable(out, option="out")
    summary = make_sample_dataset(
        out, take(SampleConfig, words), n_workers=words.n_workers, progress=True
    )
    print(summary)
    return 0


def make_parser() -> OptionParser:
    """Make the parser of `genre sample`."""
    parser = OptionParser(prog="genre sample", description="Make the synthetic sample dataset.")
    parser.add_argument("--out", type=Path, default=Path("data/sample"), help="Its folder.")
    parser.add_argument("--n-workers", type=int, default=0, help="Processes; 0: one per core.")
    add_options(parser, SampleConfig)
    return parser
