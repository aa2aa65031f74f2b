"""`genre review`: what to listen to next, and why; answers go into labels.csv."""

import getpass
from collections.abc import Sequence
from pathlib import Path

from jsonargparse import Namespace

from genre.cli.options import OptionParser, add_options, add_plugins, take
from genre.cli.terminal import note, put
from genre.dataset import open_folder
from genre.dataset.genre_files import find_genre_file
from genre.dataset.layouts import AUTO, check_labels, describe_options
from genre.dataset.layouts.files import LABELS_FILE
from genre.dataset.layouts.tables import find_table
from genre.dataset.music import Music
from genre.dataset.places import lies_inside
from genre.errors import ConfigError
from genre.evaluation.inputs import ExperimentFolder
from genre.execution import ExecutionConfig
from genre.extras import need
from genre.genre_tree import GenreTree
from genre.loading import load_tagger
from genre.review import LabelBook
from genre.review.complete import complete_table, load_splits, part_column
from genre.review.judged import load_judged
from genre.review.newcomers import unlabelled_items
from genre.review.queue import Item
from genre.review.session import Session
from genre.wording import counted, printable

PORT = 8001


def run(argv: Sequence[str]) -> int:
    """Serve the review until Ctrl-C, or show or bring back what was said.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre review`.

    Returns
    -------
    int
        0 after an orderly end.
    """
    words = make_parser().read(argv)
    check_labels(words.labels)
    places = ExperimentFolder(words.experiment)
    root = _data(places, words)
    path = words.labels_file or find_table(root) or root / LABELS_FILE
    who = words.who or _user()
    book = LabelBook(root, path)
    if words.history:
        _tell_history(book)
        return 0
    book.check_writable()
    if words.restore is not None:
        event = book.restore(words.restore, who=who)
        put(f"{path} is again as on {event.when}, after {event.said!r} by {event.who}\n")
        return 0
    need("waitress")
    session = _session(words, places, root, path, who=who)
    _tell_queue(session)
    _serve(session, words, places)
    return 0


def _session(
    words: Namespace, places: ExperimentFolder, root: Path, path: Path, *, who: str
) -> Session:
    judged = load_judged(words.experiment)
    genres = find_genre_file(words.genres, root)
    if genres is not None and judged.task == "exclusive" and genres.tree.parents:
        genres = None  # training refuses it: of several genres one is right
    music = open_folder(
        root, cache=words.cache, labels=words.labels, execution=take(ExecutionConfig, words)
    )
    if genres is not None:
        genres.check(music.genres)
    # where there is none: as training saw the folder; elsewhere: what labels.csv says already
    own = find_table(root)
    splits = load_splits(places)
    is_copied = words.labels_file is not None and own is not None
    book = LabelBook(
        root,
        path,
        first=lambda: (
            own.read_bytes().decode("utf-8")
            if is_copied and own is not None
            else complete_table(music.found, splits)
        ),
        column=part_column(music.found, splits),
    )
    newcomers, new_book = _newcomers(words, places, music, book)
    return Session(
        music=music,
        judged=judged,
        book=book,
        who=who,
        newcomers=newcomers,
        new_book=new_book,
        tree=GenreTree() if genres is None else genres.tree,
    )


def _tell_queue(session: Session) -> None:
    queue = session.queue()
    of = counted(queue.n_tracks, "track")
    put(f"{counted(len(queue.items), 'track')} to listen to, of {of}\n")
    if queue.not_judged:
        put(
            f"{counted(len(queue.not_judged), 'track')} could not be judged: every run trained on "
            "them; genre train --folds all judges all\n"
        )


def _serve(session: Session, words: Namespace, places: ExperimentFolder) -> None:
    from genre.serving.config import ServingConfig
    from genre.serving.reviewing import serve_review  # needs an extra; the options do not

    serve_review(
        session,
        ServingConfig(port=words.port),
        load=lambda folder: load_tagger(folder, n_threads=1),
        best=places.best,
        announce=_announce,
    )


def _announce(url: str) -> None:
    print(f"listening on {url} (Ctrl-C ends)", flush=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except OSError:  # a container's user has no name
        return "somebody"


def _data(places: ExperimentFolder, words: Namespace) -> Path:
    if not places.path.is_dir():
        raise ConfigError(f"experiment={places.path} must be the folder of an experiment")
    root = words.data or Path(places.read_description().data)
    if not root.is_dir() or root == Path():
        raise ConfigError(f"data={root} must be the folder of tracks; name it with --data DIR")
    return Path(root)


def _newcomers(
    words: Namespace, places: ExperimentFolder, music: Music, book: LabelBook
) -> tuple[tuple[Item, ...], LabelBook | None]:
    if words.new is None:
        return (), None
    folder: Path = words.new
    if not folder.is_dir():
        raise ConfigError(f"new={folder} must be a folder of audio files")
    new_book, root = None, Path(str(music.root))
    if lies_inside(folder, root):
        # spelled from the data folder on, as its table spells it
        folder = root / folder.resolve().relative_to(root.resolve())
    else:
        new_book = LabelBook(folder, find_table(folder) or folder / LABELS_FILE)
        new_book.check_writable()
    known = [track.file for track in music.found.tracks]
    known += [*book.labels(), *(new_book.labels() if new_book else ())]
    items, bad = unlabelled_items(
        folder,
        load_tagger(places.best),
        known=known,
        music=music,
        execution=take(ExecutionConfig, words),
        progress=True,
    )
    for reason in bad:
        note(printable(reason))
    return tuple(items), new_book


def _tell_history(book: LabelBook) -> None:
    for number, event in enumerate(book.history.events()):
        changes = "; ".join(
            f"{change.path}: {change.before or 'nothing'} → {change.after or 'nothing'}"
            for change in event.changes
        )
        about = f" {event.of}" if event.of >= 0 else ""
        line = f"{number}  {event.when}  {event.who}  {event.said}{about}  {changes}"
        put(printable(line).rstrip() + "\n")


def make_parser() -> OptionParser:
    """Make the parser of `genre review`."""
    parser = OptionParser(
        prog="genre review",
        description=(
            "Show what to listen to next, and why, on a page of this machine; answers go into "
            "labels.csv at once, and its history beside it keeps every state. Audio files are "
            "never touched."
        ),
    )
    parser.add_argument("experiment", type=Path, help="Its folder, e.g. results/tracks.")
    parser.add_argument(
        "--data", type=Path | None, help="The folder of tracks; by default what was trained on."
    )
    _add_tables(parser)
    _add_history(parser)
    parser.add_argument(
        "--who", type=str, default="", help="Who answers, for the history; by default the user."
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help="Port to listen on; 0 takes a free one."
    )
    parser.add_argument("--labels", "--layout", default=AUTO, help=describe_options())
    parser.add_argument(
        "--genres",
        default=AUTO,
        help="The tree of genres that was trained with: auto is genres.toml in the folder of "
        "tracks where there is one, none takes no file.",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path("data/cache"),
        help="Folder of the computed spectrograms, shared with training.",
    )
    add_options(parser, ExecutionConfig, skip=("cluster",))
    add_plugins(parser)
    return parser


def _add_history(parser: OptionParser) -> None:
    parser.add_argument(
        "--history", action="store_true", help="Print what was said of labels so far, and end."
    )
    parser.add_argument(
        "--restore",
        type=str | None,
        help="Bring the table back as it was after an event of --history, by its number or a time "
        "such as 2026-11-28T14:30, and end. This is an event, too.",
    )


def _add_tables(parser: OptionParser) -> None:
    parser.add_argument(
        "--labels-file",
        type=Path | None,
        help="The table that answers go into, by default labels.csv in the folder of tracks.",
    )
    parser.add_argument(
        "--new",
        type=Path | None,
        help="A folder of unlabelled tracks to add to the queue; outside the folder of tracks "
        "it gets a labels.csv of its own.",
    )
