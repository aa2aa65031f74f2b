"""`genre scan`: the list of a collection's files, to be named in place of the folder."""

from collections.abc import Sequence
from pathlib import Path

from genre.addresses import Address, place
from genre.cli.options import OptionParser, add_plugins
from genre.cli.tag_output import name_of
from genre.cli.terminal import note, put
from genre.dataset.content_index import CONTENTS_NAME, ContentIndex
from genre.dataset.layouts import AUTO, check_labels, describe_options
from genre.dataset.manifest import MANIFEST_SUFFIXES, write_manifest
from genre.dataset.manifest.making import Made, list_address, list_folder
from genre.dataset.places import local_folder
from genre.errors import ConfigError
from genre.extras import need
from genre.remote.systems import check_reachable
from genre.wording import counted, printable

_FAULTS_SHOWN = 10


def run(argv: Sequence[str]) -> int:
    """Write a manifest of a folder or of what lies at an address.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre scan`.

    Returns
    -------
    int
        0: the manifest is written, whatever had to be left out of it.
    """
    words = make_parser().read(argv)
    data, out = words.data, words.out
    check_labels(words.labels)
    if out.suffix.lower() not in MANIFEST_SUFFIXES:
        raise ConfigError(f"out={out} must be a file that ends in .csv or .parquet")
    if out.suffix.lower() == ".parquet":
        need("pyarrow")
    if isinstance(out, Address):
        check_reachable(out, option="out")
    index = ContentIndex(
        Path() if words.cache is None else local_folder(words.cache) / CONTENTS_NAME
    )
    if isinstance(data, Address):
        if words.labels not in (AUTO, "folders"):
            raise ConfigError(
                f"labels={words.labels!r} must be {AUTO} or folders: of {data} only names are read"
            )
        check_reachable(data, option="data")
        made = list_address(data, out, index=index, hashes=words.hash)
    elif data.is_dir():
        made = list_folder(data, out, labels=words.labels, index=index, hashes=words.hash)
    else:
        raise ConfigError(f"data={name_of(data)} must be an existing folder, or an address")
    if words.cache is not None:
        index.save()
    write_manifest(made.rows, out)
    _tell(made)
    n_hashed = sum(row.sha256 is not None for row in made.rows)
    n_labelled = sum(bool(row.genres) for row in made.rows)
    put(
        f"{name_of(out)}: {counted(len(made.rows), 'file')}, {n_labelled} with genres, {n_hashed} "
        f"with their SHA-256, {len(made.faults)} bad left out\n"
    )
    return 0


def _tell(made: Made) -> None:
    for message in made.notes:
        note(message)
    for fault in made.faults[:_FAULTS_SHOWN]:
        note(f"{fault.kind}: {printable(fault.message)}")
    if (n_more := len(made.faults) - _FAULTS_SHOWN) > 0:
        note(f"and {counted(n_more, 'more bad file')}; genre doctor lists all")


def make_parser() -> OptionParser:
    """Make the parser of `genre scan`."""
    parser = OptionParser(
        prog="genre scan",
        description=(
            "Write a manifest: a table with a row per audio file below a folder or an address. "
            "train, doctor, features, tag and all others that take a folder take it in its place. "
            "The folder stays as it is."
        ),
    )
    parser.add_argument("data", type=place, help="The folder, or the address of one.")
    parser.add_argument(
        "--out",
        type=place,
        required=True,
        help="The manifest, a file or an address that ends in .csv, or in .parquet, which needs "
        "'.[remote]'. Paths in it start from its own folder where the music lies below that.",
    )
    parser.add_argument("--labels", "--layout", default=AUTO, help=describe_options())
    parser.add_argument(
        "--hash",
        action="store_true",
        help="Read every file whose SHA-256 is not known, so that nobody has to do it again.",
    )
    parser.add_argument(
        "--cache",
        type=place,
        default=None,
        help="Folder of the computed spectrograms: it knows the SHA-256 of files that were used.",
    )
    add_plugins(parser)
    return parser
