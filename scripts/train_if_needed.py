"""Train a model for the container, unless there is one."""

import sys

from genre.cli import run_command

if __name__ == "__main__":
    raise SystemExit(run_command("train_if_needed", sys.argv[1:]))
