"""`genre tag`: name the genres of audio files with a trained model."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from genre.cli.options import OptionParser, add_options, take
from genre.cli.tag_output import (
    TOP_OF_LINE,
    CsvWriter,
    JsonWriter,
    LineWriter,
    Tagged,
    Writer,
    name_of,
)
from genre.dataset.layouts.files import list_files
from genre.errors import ConfigError
from genre.execution import ExecutionConfig
from genre.pages.text import printable
from genre.tagging.tagger import Tagger


def run(argv: Sequence[str]) -> int:
    """Tag files and folders of files.

    Parameters
    ----------
    argv : sequence of str

    Returns
    -------
    int
        0 when every file was tagged, 1 when some could not be read.
    """
    words = _parser().parse_args(list(argv))
    if words.top is not None and words.top < 1:
        raise ConfigError(f"top={words.top} must be at least 1")
    if words.csv and words.json:
        raise ConfigError("csv=True and json=True must not come together; choose one")
    execution = take(ExecutionConfig, words)
    paths = find_files(words.paths)
    tagger = Tagger.load(words.bundle, device=words.device)
    writer: Writer = LineWriter(top=words.top or TOP_OF_LINE, timeline=words.timeline)
    if words.csv:
        writer = CsvWriter(genres=tagger.bundle.genres, top=words.top, timeline=words.timeline)
    if words.json:
        writer = JsonWriter(top=words.top, timeline=words.timeline)
    with closing(tagger.tag_many(paths, execution=execution, progress=True)) as outcomes:
        return tell(outcomes, writer)


def tell(outcomes: Iterable[Tagged], writer: Writer) -> int:
    """Write outcomes to standard output as they come, and what is wrong with files beside it.

    Parameters
    ----------
    outcomes : iterable of Outcome
    writer : Writer

    Returns
    -------
    int
        0 when every file was tagged, 1 when some could not be read.
    """
    n_bad = n_files = 0
    _put(writer.opening())
    try:
        for outcome in outcomes:
            n_files += 1
            _put(writer.track(outcome))
            if outcome.error is not None:
                n_bad += 1
                note(printable(str(outcome.error)))
    finally:
        _put(writer.closing())
    if n_bad:
        note(f"{n_bad} of {n_files} files could not be tagged")
    return 1 if n_bad else 0


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Put the audio files below folders in the place of the folders; each file once.

    Parameters
    ----------
    paths : iterable of Path
        Files, taken as they are, and folders, searched at any depth.

    Raises
    ------
    ConfigError
        Where a folder holds no audio file.
    """
    return list(dict.fromkeys(file for path in paths for file in _files_of(path)))


def note(message: str) -> None:
    """Say something on standard error, above a progress bar where there is one."""
    tqdm.write(message, file=sys.stderr)


def _files_of(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    files = list_files(path)
    for message in files.notes():
        note(f"{name_of(path)}: {message}")
    if not files.audio:
        raise ConfigError(f"paths={name_of(path)} must hold at least one audio file")
    yield from files.audio


def _put(text: str) -> None:
    if text and sys.stdout.isatty():
        tqdm.write(text, file=sys.stdout, end="")  # above the progress bar
    else:
        sys.stdout.write(text)


def _parser() -> OptionParser:
    parser = OptionParser(
        prog="genre tag",
        description=(
            "Name the genres of audio files. Exit status 0: every file was tagged; 1: some could "
            "not be read, the others were tagged."
        ),
    )
    parser.add_argument("bundle", type=Path, help="A model's folder, e.g. results/demo/best.")
    parser.add_argument(
        "paths", type=Path, nargs="+", help="Audio files, and folders to search at any depth."
    )
    parser.add_argument("--csv", action="store_true", help="Write a table, a row per file.")
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
    parser.add_argument("--device", type=str, default="auto", help="auto, cpu, cuda or mps.")
    add_options(parser, ExecutionConfig)
    return parser
