"""`genre tag`: name the genres of audio files with a trained model."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from jsonargparse import Namespace

from genre.addresses import Address, Place, place
from genre.cli.bundles import HELP, bundle_at, has_bundle
from genre.cli.hearing import add_heard, heard_bundle, with_name
from genre.cli.inputs import PATHS, find_named, renamed
from genre.cli.options import (
    DEVICE,
    OptionParser,
    add_min_score,
    add_options,
    add_plugins,
    take,
)
from genre.cli.tag_output import (
    TOP_OF_LINE,
    CsvWriter,
    JsonWriter,
    LineWriter,
    Writer,
    tell,
)
from genre.cli.tag_parts import add_part, asks_to_merge, check_part, merge, tag_part
from genre.cli.tag_playlists import Playlists, add_playlists, check_playlists
from genre.cli.tag_write_options import add_writing, check_writing, note_for
from genre.cli.tag_writing import (
    LEAF,
    RetaggedWriter,
    at_level,
    new_journal_path,
    read_spelling,
    retag,
    summary,
)
from genre.cli.terminal import note
from genre.dataset.places import refuse_inside
from genre.errors import ConfigError
from genre.execution import ExecutionConfig, Outcome
from genre.execution.shards import Shard
from genre.inference.bundle import Bundle, load_bundle
from genre.loading import make_tagger
from genre.tagging.file_tags.journal import Journal
from genre.tagging.file_tags.retagging import Retagged, Retagger
from genre.tagging.track_tags import TrackTags


def run(argv: Sequence[str]) -> int:
    """Tag files and folders of files.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre tag`.

    Returns
    -------
    int
        0 when every file was tagged, 1 when some could not be read or written.
    """
    if asks_to_merge(argv):
        return merge(argv)
    words = make_parser().read(with_name(argv))
    _check(words)
    words.bundle = bundle_at(words.bundle)
    shard = Shard.parse(words.shard)
    named, execution = find_named(words.paths, shard), take(ExecutionConfig, words)
    _check_near(words, named)
    journal = _journal(words) if words.apply else None
    bundle, heard = _limited(load_bundle(words.bundle), words), heard_bundle(words)
    said = note_for(words, bundle)
    start = partial(
        make_tagger,
        *(bundle, words.bundle),
        device=words.device,
        heard=heard,
        min_score=words.min_score,
    )
    if words.out is not None:
        return tag_part(words, named, start, heard=heard, execution=execution)
    tagger = start()
    names = tagger.bundle.names
    if words.spelling is not None:
        names |= read_spelling(words.spelling, tagger.bundle.genres)
    lists = Playlists(words.m3u_per_genre, names)
    with closing(tagger.tag_many(named, execution=execution, progress=True)) as found:
        outcomes = lists.noting(found)
        if words.write_tags:
            choose = partial(
                at_level, parents=tagger.bundle.parents, level=words.write_level or LEAF
            )
            retagger = Retagger(journal, note=said)
            retagged = retag(outcomes, retagger, replace=words.replace, names=names, choose=choose)
            status = _rewrite(retagged, retagger)
        else:
            status = tell(renamed(outcomes, named), _writer(words, tagger.bundle.genres))
    lists.write()
    return status


def _check_near(words: Namespace, places: Iterable[Place]) -> None:
    far = [place for place in places if isinstance(place, Address)]
    if far and (words.write_tags or words.m3u_per_genre):
        option = "write_tags=True" if words.write_tags else f"m3u_per_genre={words.m3u_per_genre}"
        raise ConfigError(f"{option} must come with files of this machine, not {far[0]}")


def _rewrite(retagged: Iterable[Outcome[Place, Retagged]], retagger: Retagger) -> int:
    """Change file by file, and say in the end what was done, even where it is cut short."""
    status = 1
    try:
        status = tell(retagged, RetaggedWriter())
    finally:
        note(summary(retagger, is_whole=not status))
        if retagger.journal is not None:
            retagger.journal.close()
    return status


def _journal(words: Namespace) -> Journal:
    path: Path = words.journal or new_journal_path(
        [path for path in words.paths if isinstance(path, Path)]
    )
    refuse_inside(words.paths, journal=path)
    return Journal(path)


def _check(words: Namespace) -> None:
    here = [path for path in words.paths if isinstance(path, Path)]
    models = [path for path in here if has_bundle(path)]
    if models and words.bundle.exists() and not has_bundle(words.bundle):
        raise ConfigError(f"the model must come first: genre tag {models[0]} {words.bundle}")
    if words.top is not None and words.top < 1:
        raise ConfigError(f"top={words.top} must be at least 1")
    check_part(words)
    check_playlists(words.m3u_per_genre, words.paths, out=words.out)
    styles = [name for name in ("csv", "json", "write_tags") if words[name]]
    if len(styles) > 1:
        names = " and ".join(f"{name}=True" for name in styles)
        raise ConfigError(f"{names} must not come together; choose one")
    if words.heard and (words.write_tags or (words.csv and words.timeline)):
        other = "--write-tags" if words.write_tags else "--csv --timeline, a row for each window"
        raise ConfigError(f"heard={words.heard} must come without {other}")
    check_writing(words)


def _limited(bundle: Bundle, words: Namespace) -> Bundle:
    if words.max_seconds is None:
        return bundle
    decode = replace(bundle.front_end.decode, max_seconds=words.max_seconds)
    return replace(bundle, front_end=replace(bundle.front_end, decode=decode))


def _writer(words: Namespace, genres: Sequence[str]) -> Writer[TrackTags]:
    top, timeline, heard = words.top, words.timeline, words.heard is not None
    if words.csv:
        return CsvWriter(genres=genres, top=top, timeline=timeline, heard=heard)
    if words.json:
        return JsonWriter(top=top, timeline=timeline, heard=heard)
    return LineWriter(top=top or TOP_OF_LINE, timeline=timeline)


def make_parser() -> OptionParser:
    """Make the parser of `genre tag`."""
    parser = OptionParser(
        prog="genre tag",
        description=(
            "Name the genres of audio files. Exit status 0: every file was tagged; 1: some could "
            "not be read or written, the others were. --merge FOLDER joins what --out kept."
        ),
    )
    parser.add_argument("bundle", type=Path, help=HELP)
    parser.add_argument("paths", type=place, nargs="+", help=PATHS)
    parser.add_argument(
        "--csv",
        action="store_true",
        help="Write a table, a row per file; it is exact, for programs: a spreadsheet takes a name "
        "that begins with = for a formula.",
    )
    parser.add_argument("--json", action="store_true", help="Write an array, an object per file.")
    parser.add_argument(
        "--top",
        type=int | None,
        default=None,
        help="Scores told of each file, best first; by default 3 on a line, else all.",
    )
    parser.add_argument(
        "--timeline", action="store_true", help="Also tell the scores of every window."
    )
    _add_more(parser)
    add_writing(parser)
    parser.add_argument("--device", type=str, default="cpu", help=DEVICE)
    add_options(parser, ExecutionConfig)
    add_plugins(parser)
    return parser


def _add_more(parser: OptionParser) -> None:
    add_min_score(parser)
    add_heard(parser)
    add_part(parser)
    add_playlists(parser)
    parser.add_argument(
        "--max-seconds",
        type=float | None,
        default=None,
        help="Longer files are refused; by default as the model was trained, 14400 (four hours). "
        "Raise --timeout-seconds too.",
    )
