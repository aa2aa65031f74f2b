"""The command line: `genre …`; the scripts call the same commands.

A command is a module of this package with `run(argv)`. Its exit status is 0 only when the job was
done, 1 on an error the user can mend, 2 on words it does not know, 130 after Ctrl-C, 143 where it
was asked to end.
"""

import errno
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from genre.errors import GenreError
from genre.extras import explained
from genre.suggestions import not_among
from genre.version import __version__

COMMANDS = (
    *("doctor", "train", "compare", "tag", "untag", "export", "serve", "sample"),
    *("backbone", "heard", "embed", "similar", "features", "scan", "review"),
    *("describe", "info", "completion"),
)
HELP = """usage: genre COMMAND [options]

Learn and tag music genres from your own folder.

your own model:
  doctor      check a folder of tracks, or a file: what is broken, doubled, rare
  train       train a grid of models on a folder of tracks and choose the best
  compare     compare an experiment's models, or any scores: is one better, in fact?
  info        show what a model or an experiment knows, and how well it did
  review      listen to doubtful, copied and new tracks and correct their labels

what it is for:
  tag         name the genres of audio files with a trained model
  untag       take back what `genre tag --write-tags --apply` wrote into files
  serve       offer a trained model over HTTP, with a web page
  export      write a trained model as one ONNX file for other programs

networks that others trained:
  backbone    take in pre-trained networks, and list those that can be had
  heard       tell what a pre-trained network hears in audio files
  embed       write tracks as a network hears them, as numbers in one file
  similar     find the tracks that are most like a track
  describe    gather what ready-made models say of a track on one card

more:
  sample      make the synthetic sample dataset
  features    compute spectrograms before training needs them, a part at a time
  scan        list a folder's files in a table, which stands for the folder
  completion  let a shell complete commands and options

examples:
  genre doctor music
  genre train --data music --hours 2
  genre tag results/music song.mp3

`genre COMMAND --help` explains a command.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `genre COMMAND …`.

    Parameters
    ----------
    argv : sequence of str, optional
        The words after `genre`; by default those of the process.

    Returns
    -------
    int
        The exit status.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name may hold letters that the terminal's encoding has not, or be no text at all.
        sys.stdout.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        print(HELP, end="")
        return 0 if words else 2
    if words[0] == "--version":
        print(f"genre {__version__}")
        return 0
    if words[0] not in COMMANDS:
        print(f"error: {not_among('command', words[0], COMMANDS)}", file=sys.stderr)
        return 2
    return run_command(words[0], words[1:])


def run_command(name: str, argv: Sequence[str]) -> int:
    """Run one command, as `run_job` does.

    Parameters
    ----------
    name : str
        One of `COMMANDS`.
    argv : sequence of str
        The words after it.

    Returns
    -------
    int
        The exit status.
    """

    def _job(argv: Sequence[str]) -> int:
        # Only the command that was asked for is imported: torch alone takes seconds.
        run: Callable[[Sequence[str]], int] = import_module(f"genre.cli.{name}").run
        return run(argv)

    return run_job(_job, argv)


def run_job(job: Callable[[Sequence[str]], int], argv: Sequence[str]) -> int:
    """Do a command's work and turn what a user can cause into one line and a status.

    Parameters
    ----------
    job : callable of sequence of str
        Its exit status is returned. It imports what it needs when it is called: see below.
    argv : sequence of str
        The user's words.

    Returns
    -------
    int
        The exit status.
    """
    # Threads that spin while they wait make training several times slower on a busy machine; this
    # must be said before torch is imported, and a user's own setting stays.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("genre").setLevel(logging.INFO)
    from genre.cli.terminal import complain

    try:
        with explained(), _ending_in_order():
            return job(argv)
    except GenreError as error:
        complain(f"error: {error}")
    except KeyboardInterrupt:
        complain("interrupted: what was done is kept; the same command goes on")
        return 130
    except _AskedToEnd:
        complain("ended: what was done is kept; the same command goes on")
        return 143
    except BrokenPipeError:
        # Whoever read our lines has enough, as `head` does; Python would complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        advice = (
            "; free some space, then the same command goes on"
            if error.errno == errno.ENOSPC
            else ""
        )
        complain(f"error: {error}{advice}")
    return 1


class _AskedToEnd(SystemExit):
    """SIGTERM has come."""


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM unwind the block, so that it stops what it has started; a second one kills."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def _end(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise _AskedToEnd(143)

    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
