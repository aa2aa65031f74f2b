"""`genre doctor`: what is wrong with a folder of music, before anyone trains on it."""

from collections.abc import Sequence
from pathlib import Path

from jsonargparse import Namespace

from genre.addresses import Place, place
from genre.atomic import ensure_writable, write_text
from genre.audio.containers import AUDIO_SUFFIXES
from genre.cli.doctor_file import examine_file
from genre.cli.options import OptionParser, add_options, add_plugins, take
from genre.dataset import open_folder
from genre.dataset.doctor import Examination, csv_text, examine, summary_text
from genre.dataset.features import FeatureStore
from genre.dataset.genre_files import find_genre_file
from genre.dataset.genre_proposal import check_new, write_proposal
from genre.dataset.layouts import AUTO, check_labels, describe_options
from genre.dataset.manifest import is_manifest
from genre.dataset.places import check_cache, refuse_inside, title_of
from genre.errors import ConfigError, MissingPackageError
from genre.execution import ExecutionConfig
from genre.wording import shown


def run(argv: Sequence[str]) -> int:
    """Examine a folder, print a summary and write the table and the page.

    Parameters
    ----------
    argv : sequence of str
        The words after ``genre doctor``.

    Returns
    -------
    int
        The exit status.
    """
    words = make_parser().read(argv)
    check_labels(words.labels)
    data: Place = words.data
    if isinstance(data, Path) and data.is_file() and not is_manifest(data):
        return _examine_file(data, words)
    if isinstance(data, Path) and data.suffix.lower() in AUDIO_SUFFIXES and not data.exists():
        raise ConfigError(
            f"data={shown(data)} must be a file, a folder or a manifest that is there"
        )
    out: Path = words.out or Path("results") / title_of(data)
    refuse_inside([data], out=out, cache=words.cache)
    ensure_writable(out, option="out")
    genres = find_genre_file(words.genres, data)
    if words.propose_genres is not None:
        check_new(words.propose_genres)
    music = open_folder(
        data,
        cache=words.cache,
        labels=words.labels,
        execution=take(ExecutionConfig, words),
        may_lack_tracks=True,
    )
    if words.propose_genres is not None:
        write_proposal(words.propose_genres, music.genres, music.found.display_names)
    examination = examine(music if genres is None else genres.applied(music), progress=True)
    write_text(out / "doctor.csv", csv_text(examination))
    page = _write_page(out / "doctor.html", examination, music.store)
    print(summary_text(examination))
    print(f"\ntable: {out / 'doctor.csv'}")
    print(f"page: {page}")
    if words.propose_genres is not None:
        print(f"proposed genres: {words.propose_genres}")
    return 0


def _examine_file(path: Path, words: Namespace) -> int:
    for name in ("out", "propose_genres"):
        if words[name] is not None:
            raise ConfigError(
                f"{name}={words[name]} must come with a folder: what is found of a file is printed"
            )
    check_cache(words.cache)
    return examine_file(path, FeatureStore(words.cache), take(ExecutionConfig, words))


def _write_page(path: Path, examination: Examination, store: FeatureStore) -> str:
    """Write the page, or return why there is none: the table is worth having without it."""
    try:
        from genre.dataset.doctor import page_text
    except MissingPackageError as error:
        return f"not written: {error}"
    write_text(path, page_text(examination, store))
    return str(path)


def make_parser() -> OptionParser:
    """Make the parser of `genre doctor`."""
    parser = OptionParser(
        prog="genre doctor",
        description=(
            "Check a folder of tracks before training on it, or a file. All stays as it is. Exit "
            "status 0: the examination was done, whatever it found."
        ),
    )
    parser.add_argument(
        "data",
        type=place,
        help="The folder: a folder per genre, or any with a labels.csv; or a manifest; or one "
        "audio file, of which all that is found is printed.",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="Where doctor.csv and doctor.html (with the extra train) go; by default "
        "results/<name of the folder>.",
    )
    parser.add_argument(
        "--labels",
        "--layout",
        default=AUTO,
        help=describe_options(),
    )
    _add_genres(parser)
    parser.add_argument(
        "--cache",
        type=place,
        default=Path("data/cache"),
        help="Folder, or address, of the computed spectrograms, shared with training.",
    )
    add_options(parser, ExecutionConfig, skip=("cluster",))
    add_plugins(parser)
    return parser


def _add_genres(parser: OptionParser) -> None:
    parser.add_argument(
        "--genres",
        default=AUTO,
        help="A file that says which genres are kinds of which, as training takes it: auto is "
        "genres.toml in the folder where there is one, none takes no file.",
    )
    parser.add_argument(
        "--propose-genres",
        type=Path | None,
        default=None,
        metavar="FILE",
        help="Write a first such file, out of the genres that were found, into a new FILE. It is "
        "the one thing that may be written into the folder, where FILE lies there.",
    )
