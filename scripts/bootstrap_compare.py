"""Compare the models of an experiment; the same as `genre compare`."""

import sys

from genre.cli import run_command

if __name__ == "__main__":
    raise SystemExit(run_command("compare", sys.argv[1:]))
