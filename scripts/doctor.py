"""Check a folder of tracks before training on it; the same as `genre doctor`."""

import sys

from genre.cli import run_command

if __name__ == "__main__":
    raise SystemExit(run_command("doctor", sys.argv[1:]))
