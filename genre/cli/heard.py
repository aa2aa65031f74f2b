"""`genre heard`: what a pre-trained network hears in audio files, by its own tags."""

import csv
import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from genre.addresses import Place, place
from genre.atomic import write_text
from genre.audio.decoder import FLAG_SILENT
from genre.backbones.shelf import open_backbone
from genre.cli.inputs import PATHS, find_files
from genre.cli.options import OptionParser, add_options, add_shelf, take
from genre.cli.tag_output import name_of, scored, tell
from genre.cli.terminal import note
from genre.errors import BundleError, ConfigError
from genre.execution import ExecutionConfig, Outcome
from genre.tagging.tagger import N_HEARD, Tagger
from genre.tagging.track_tags import TrackTags
from genre.wording import printable

Heard = Outcome[Place, TrackTags]


class HeardWriter:
    """A line per file, and all rows of a table for later.

    Parameters
    ----------
    tags : sequence of str
        All that the network has, a column each.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        self._tags = tags
        header = ("path", "heard", "duration_seconds", "flags", "error")
        self.rows: list[list[str]] = [[*header, *(f"score_{tag}" for tag in tags)]]

    def opening(self) -> str:
        """Return nothing: lines need no header."""
        return ""

    def track(self, outcome: Heard) -> str:
        """Write the line of one file, and keep its row."""
        name, found = name_of(outcome.unit), outcome.result
        if found is None:
            self.rows.append([name, "", "", "", str(outcome.error), *[""] * len(self._tags)])
            return ""
        best = list(found.scores.items())[: 0 if FLAG_SILENT in found.flags else N_HEARD]
        flags = "|".join(found.flags)
        row = [name, "|".join(tag for tag, _ in best), f"{found.duration_seconds:.3f}", flags, ""]
        self.rows.append([*row, *(f"{found.scores[tag]:.6f}" for tag in self._tags)])
        told = printable(scored(dict(best))) or "nothing"
        return f"{name}: {told}{f' [{flags}]' if flags else ''}\n"

    def closing(self) -> str:
        """Return nothing."""
        return ""


def run(argv: Sequence[str]) -> int:
    """Write what is heard in files and folders of files.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre heard`.

    Returns
    -------
    int
        0 when every file was heard, 1 when some could not be read.
    """
    words = make_parser().read(argv)
    if words.csv is not None and words.csv.is_dir():
        raise ConfigError(f"csv={words.csv} must be a file, such as results.csv")
    paths, execution = find_files(words.paths), take(ExecutionConfig, words)
    bundle = open_backbone(words.backbone, words.backbones)
    if not bundle.genres:
        raise BundleError(f"backbone={words.backbone} must have tags of its own; it has none")
    writer = HeardWriter(bundle.genres)
    with closing(Tagger(bundle).tag_many(paths, execution=execution, progress=True)) as outcomes:
        status = tell(outcomes, writer)
    if words.csv is not None:
        table = io.StringIO(newline="")
        csv.writer(table, lineterminator="\n").writerows(writer.rows)
        write_text(words.csv, table.getvalue())
        note(f"table: {name_of(words.csv)}")
    return status


def make_parser() -> OptionParser:
    """Make the parser of `genre heard`."""
    parser = OptionParser(
        prog="genre heard",
        description=(
            "Tell what a pre-trained network hears in audio files (guitar, female vocalists, "
            f"electronic ...): its own tags, the best {N_HEARD}, each the mean of the track's "
            "windows; nothing is trained. `genre backbone add musicnn` brings the network."
        ),
    )
    parser.add_argument("paths", type=place, nargs="+", help=PATHS)
    parser.add_argument(
        "--backbone", type=str, default="musicnn", help="Which network, by its name."
    )
    parser.add_argument(
        "--csv",
        type=Path | None,
        default=None,
        help="Also write a table with all scores, a row per file, to this file.",
    )
    add_shelf(parser)
    add_options(parser, ExecutionConfig, skip=("cluster",))
    return parser
