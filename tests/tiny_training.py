"""Train a tiny run in a process of its own: `python -m tests.tiny_training FOLDER`.

Writing to disk is made slow and told on the standard output, so that whoever kills the process can
meet it within a write.
"""

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from genre.experiment import Run, RunConfig, train_run
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.config import TrainingConfig
from tests.synthetic import corpus, split_of

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

SLOW_SECONDS = 0.03


def train(folder: Path, *, epochs: int = 12) -> None:
    """Train; what is there goes on."""
    torch.set_num_threads(1)
    data = corpus(n_artists=4)
    config = RunConfig(
        model=SpectrogramCNNConfig(channels=(4, 8)),
        training=TrainingConfig(epochs=epochs, batch_size=8),
    )
    run = Run(config_name="attnTrue_lossbce", config=config, seed=0, folder=folder)
    if run.record() is None:
        train_run(run, data, split_of(data), device=torch.device("cpu"))


def write_slowly() -> None:
    """Say that a file is being written, and wait before and after it reaches the disk."""
    at_once = os.fsync

    def slow(fd: "FileDescriptorLike") -> None:
        sys.stdout.write("writing\n")
        sys.stdout.flush()
        time.sleep(SLOW_SECONDS)
        at_once(fd)
        time.sleep(SLOW_SECONDS)

    os.fsync = slow


if __name__ == "__main__":
    write_slowly()
    train(Path(sys.argv[1]))
