"""`genre tag --out`: answers kept in a folder, a part for each job, and `--merge` to join them."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from jsonargparse import Namespace

from genre.addresses import Address, Place, place
from genre.atomic import ensure_writable
from genre.cli.inputs import renamed
from genre.cli.options import OptionParser, add_shard
from genre.cli.tag_output import JsonLinesWriter, name_of, tell
from genre.cli.terminal import note, put
from genre.dataset.places import local_folder, refuse_inside
from genre.errors import ConfigError
from genre.execution import ExecutionConfig
from genre.execution.estimate import Estimate
from genre.execution.shards import Shard
from genre.hashing import hash_file
from genre.inference.bundle import DESCRIPTION_NAME, Bundle
from genre.remote.copying import put as put_at
from genre.remote.mirror import bring_files
from genre.remote.systems import check_reachable
from genre.tagging.parts import PartFile, find_parts
from genre.tagging.tagger import Tagger
from genre.version import __version__
from genre.wording import counted

_MERGE = "--merge"


def add_part(parser: OptionParser) -> None:
    """Add ``--out``, ``--shard`` and, for ``--help``, ``--merge``.

    Parameters
    ----------
    parser : OptionParser
        Is to read the words of `genre tag`.
    """
    parser.add_argument(
        "--out",
        type=place,
        default=None,
        help="Folder, or its address, that keeps the answers, a line of JSON per file: "
        "the same command goes on where it was stopped.",
    )
    add_shard(
        parser,
        "With --out: a file belongs to a part by its path as the command or manifest names it",
    )
    parser.add_argument(
        _MERGE,
        type=place,
        default=None,
        metavar="FOLDER",
        help="Alone, without a model: write the answers of all parts that --out keeps in a folder, "
        "sorted by path. Exit status 1: parts are missing, or of another model.",
    )


def check_part(words: Namespace) -> None:
    """Refuse options that make no sense together.

    Parameters
    ----------
    words : Namespace
        With what `add_part` added.

    Raises
    ------
    ConfigError
        On the first that does not.
    """
    if words.merge is not None:
        raise ConfigError(f"merge={words.merge} must stand alone: genre tag --merge FOLDER")
    if Shard.parse(words.shard).count > 1 and words.out is None:
        raise ConfigError(f"shard={words.shard} must come with --out, the folder of all parts")
    if words.out is None:
        return
    for name in ("csv", "json", "write_tags"):
        if words[name]:
            option = f"--{name.replace('_', '-')}"
            raise ConfigError(f"out={words.out} must come without {option}: it keeps lines of JSON")
    refuse_inside(words.paths, out=words.out)


def tag_part(
    words: Namespace,
    named: Mapping[Place, Place],
    start: Callable[[], Tagger],
    *,
    heard: Bundle | None,
    execution: ExecutionConfig,
) -> int:
    """Tag those files of a part that have no answer yet, and keep the answers.

    Parameters
    ----------
    words : Namespace
        Of `genre tag`.
    named : mapping of (Path or Address) to (Path or Address)
        Where files of all parts lie, and what they are called.
    start : callable
        Makes the tagger; not called where nothing is left to do.
    heard : Bundle or None
        The network that is to hear beside the model.
    execution : ExecutionConfig
        The workers and their limits.

    Returns
    -------
    int
        0 when every file of the part was tagged, 1 when some could not be read.
    """
    shard = Shard.parse(words.shard)
    folder = _begin(words.out, shard)
    asked = {
        "bundle_sha256": hash_file(words.bundle / DESCRIPTION_NAME),
        "heard_sha256": None if heard is None else heard.network_sha256,
        **{name: words[name] for name in ("top", "timeline", "min_score", "max_seconds")},
        "version": __version__,
    }
    with closing(PartFile(folder, shard, asked)) as part:
        mine, left = part.of_part(named.values()), part.left(named.values())
        if left or not part.is_whole:
            writer = JsonLinesWriter(
                top=words.top, timeline=words.timeline, heard=heard is not None
            )
            if left:
                places = {name: path for path, name in named.items()}
                todo = [places[name] for name in left]
                tagging = start().tag_many(todo, execution=execution, progress=True)
                with closing(tagging) as outcomes:
                    tell(renamed(outcomes, named), writer, write=_told_early(part.write, todo))
            part.finish()
        if isinstance(words.out, Address):
            for path in (part.path.with_suffix(".json"), part.path):
                put_at(path, words.out / path.name)
        put(
            f"part {shard}, {counted(len(mine), 'file')}: {len(left)} tagged now, "
            f"{len(mine) - len(left)} before, {part.n_bad} bad: "
            f"{name_of(words.out / part.path.name)}\n"
        )
        return 1 if part.n_bad else 0


def _told_early(write: Callable[[str], None], todo: Sequence[Place]) -> Callable[[str], None]:
    """Count lines that are written, one per file, and say what all will take."""
    estimate, places = Estimate(len(todo)), iter(todo)

    def _count(line: str) -> None:
        write(line)
        if line:
            path = next(places)
            n_read = path.stat().st_size if isinstance(path, Path) and path.exists() else 0
            if estimate.add(n_read=n_read, n_written=len(line.encode())):
                note(estimate.words)

    return _count


def _begin(out: Place, shard: Shard) -> Path:
    """Find the folder on this machine in which a part is written, with what is there of it."""
    if isinstance(out, Path):
        ensure_writable(out, option="out")
        return out
    check_reachable(out, option="out")
    folder = local_folder(out)
    name = f"tags-{shard.number:05}-of-{shard.count:05}."
    bring_files(out, folder, is_wanted=lambda file: file.startswith(name))
    return folder


def asks_to_merge(argv: Sequence[str]) -> bool:
    """Check whether parts are to be joined, for which no model is needed.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre tag`.
    """
    return any(word == _MERGE or word.startswith(f"{_MERGE}=") for word in argv)


def merge(argv: Sequence[str]) -> int:
    """Write the answers of all parts to standard output, sorted by path.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre tag`.

    Returns
    -------
    int
        0 when all parts are there, 1 when some are missing or of another model.
    """
    parser = OptionParser(prog="genre tag", description="Join the parts that --out keeps.")
    parser.add_argument(_MERGE, type=place, required=True, help="The folder, or its address.")
    folder = parser.read(argv).merge
    with tempfile.TemporaryDirectory(prefix="genre-") as copy:
        if isinstance(folder, Address):
            bring_files(folder, Path(copy), is_wanted=lambda file: file.startswith("tags-"))
            return _merge(Path(copy))
        return _merge(folder)


def _merge(folder: Path) -> int:
    parts = find_parts(folder)
    for line in parts.lines():
        put(line)
    for numbers, what in (
        (parts.missing, "missing or not finished"),
        (parts.others, "left out, of another model or other options"),
    ):
        if numbers:
            note(f"{what}, of {counted(parts.count, 'part')}: {','.join(map(str, numbers))}")
    return 1 if parts.missing or parts.others else 0
