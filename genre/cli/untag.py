"""`genre untag`: bring back files whose genres `genre tag --write-tags --apply` wrote."""

from collections.abc import Sequence
from pathlib import Path

from genre.cli.options import OptionParser
from genre.cli.tag_output import name_of
from genre.cli.terminal import note, put
from genre.errors import AudioError, TagError
from genre.execution.bars import Bar
from genre.tagging.file_tags.journal import RecordedChanges
from genre.tagging.file_tags.rewriting import Leftovers
from genre.tagging.file_tags.writing import undo
from genre.wording import counted, printable


def run(argv: Sequence[str]) -> int:
    """Take the changes of a journal back, the last one first.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre untag`.

    Returns
    -------
    int
        0 when every file is as it was before, 1 when some are not.
    """
    parser = OptionParser(
        prog="genre untag",
        description=(
            "Bring back whole files as they were before `genre tag --write-tags --apply`. A file "
            "that has changed since is left as it is. Exit status 0: every file is as it was."
        ),
    )
    parser.add_argument("journal", type=Path, help="The file that --apply named at its end.")
    journal = parser.parse_args(list(argv)).journal
    changes, leftovers = RecordedChanges(journal), Leftovers(journal)
    n_bad = 0
    for index in Bar(range(len(changes))[::-1], desc="files", unit="file", delay=2.0):
        try:
            change = changes[index]
            leftovers.clear_beside(change.path)
            put(f"{name_of(change.path)}: {undo(change, journal)}\n")
        except (AudioError, TagError) as error:
            n_bad += 1
            note(printable(str(error)))
    if n_bad:
        note(f"{n_bad} of {counted(len(changes), 'change')} could not be taken back")
    return 1 if n_bad else 0
