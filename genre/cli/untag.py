"""`genre untag`: bring back files whose genres `genre tag --write-tags --apply` wrote."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from genre.cli.options import OptionParser
from genre.cli.tag_output import name_of
from genre.cli.terminal import note, put
from genre.errors import AudioError, TagError
from genre.execution.bars import Bar
from genre.tagging.file_tags.journal import RecordedChanges
from genre.tagging.file_tags.rewriting import Leftovers
from genre.tagging.file_tags.writing import Undone, undo
from genre.wording import counted, printable


def run(argv: Sequence[str]) -> int:
    """Take the changes of journals back, the last one first.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre untag`.

    Returns
    -------
    int
        0 when every file is as it was before, 1 when some are not.
    """
    journals: list[Path] = make_parser().read(argv).journals
    # All are read before a file is touched: one that is none stops everything.
    recorded = [(journal, RecordedChanges(journal)) for journal in dict.fromkeys(journals)]
    # Of a file that was changed several times, the last change goes first.
    recorded.sort(key=lambda pair: pair[0].stat().st_mtime_ns, reverse=True)
    n_changes, n_restored = sum(len(changes) for _, changes in recorded), 0
    faults: dict[Path | None, list[str]] = defaultdict(list)
    try:
        with Bar(total=n_changes, desc="files", unit="file", delay=2.0) as bar:
            for journal, changes in recorded:
                for said in _take_back(journal, changes, faults):
                    n_restored += said is Undone.RESTORED
                    bar.update()
    finally:
        for message in (messages := [one for of_file in faults.values() for one in of_file]):
            note(printable(message))
    if messages:
        note(f"{len(messages)} of {counted(n_changes, 'change')} could not be taken back")
    elif n_changes and not n_restored:
        note("all is restored already: every file is as it was before")
    return 1 if messages else 0


def _take_back(
    journal: Path, changes: RecordedChanges, faults: dict[Path | None, list[str]]
) -> Iterator[Undone | None]:
    """Undo a journal's changes, the last one first; None stands for what could not be.

    A file that an earlier change brings back, or finds as it was, has no faults: a later change of
    it is gone then.
    """
    leftovers = Leftovers(journal)
    for index in range(len(changes))[::-1]:
        path = None
        try:
            change = changes[index]
            path = change.path
            leftovers.clear_beside(path)
            said = undo(change, journal)
        except (AudioError, TagError) as error:
            faults[path].append(str(error))
            yield None
        else:
            faults.pop(path, None)
            put(f"{name_of(path)}: {said}\n")
            yield said


def make_parser() -> OptionParser:
    """Make the parser of `genre untag`."""
    parser = OptionParser(
        prog="genre untag",
        description=(
            "Bring back whole files as they were before `genre tag --write-tags --apply`. A file "
            "that has changed since is left as it is. Exit status 0: every file is as it was."
        ),
    )
    parser.add_argument(
        "journals",
        type=Path,
        nargs="+",
        help="The files that --apply named at its end; of several, the newest is taken back first.",
    )
    return parser
