"""Train a grid of models on a folder of tracks; the same as `genre train`."""

import sys

from genre.cli import run_command

if __name__ == "__main__":
    raise SystemExit(run_command("train", sys.argv[1:]))
