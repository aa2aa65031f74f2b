"""Make the synthetic sample dataset; the same as `genre sample`."""

import sys

from genre.cli import run_command

if __name__ == "__main__":
    raise SystemExit(run_command("sample", sys.argv[1:]))
