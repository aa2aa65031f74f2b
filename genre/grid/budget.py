"""As many epochs as a time allows: a grid that is given hours finds out what an epoch takes here.

The first batches of every configuration are trained for a trial, and some windows are scored as
validation will score them. The schedule fits itself to the epochs that come out, so that the
learning rate has fallen to its end when the time is over.
"""

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import numpy as np
import torch

from genre.dataset.corpus import Corpus
from genre.dataset.splits import Split
from genre.errors import ConfigError
from genre.evaluation.inputs import ExperimentFolder
from genre.experiment import RunConfig
from genre.experiment.training import make_trainer
from genre.grid.configurations import GridConfig
from genre.grid.frozen import folder_of
from genre.grid.preparation import Prepared
from genre.grid.side_by_side import n_threads_each
from genre.inference.scoring import in_batches
from genre.models.scoring import TorchNetwork
from genre.training.config import TrainingConfig
from genre.wording import counted

logger = logging.getLogger(__name__)

# What is left goes into starts, exports, test parts, baselines and the report; and runs side by
# side slow each other down.
SHARE_OF_EPOCHS = 0.85
MIN_EPOCHS = 4
"""Fewer teach a network next to nothing."""
_N_BATCHES, _N_WINDOWS = 8, 64


def within_hours(config: GridConfig, prepared: Prepared, *, device: torch.device) -> GridConfig:
    """Choose the epochs that a grid has time for; those chosen before, where it is taken up again.

    Parameters
    ----------
    config : GridConfig
        With `hours`; what it says of epochs is the most there will be.
    prepared : Prepared
        The data.
    device : torch.device
        Where the runs are trained.

    Returns
    -------
    GridConfig
        The very same where no hours are given.

    Raises
    ------
    ConfigError
        Where there is no time for `MIN_EPOCHS`.
    """
    names = [name for name in config.configs if folder_of(name, config.backbones) is None]
    if not config.hours or not names:  # the head of a frozen network takes seconds
        return config
    known = ExperimentFolder(config.folder).read_description()
    if known.hours == config.hours and known.epochs:
        logger.info("%d epochs, as chosen before for %g hours", known.epochs, config.hours)
        return replace(config, training=replace(config.training, epochs=known.epochs))
    epoch = _seconds_of_an_epoch(config, names, prepared, device)
    n_runs = len(names) * config.seeds * len(prepared.splits)
    # So many runs at a time, the last of them perhaps with idle cores beside them.
    of_all = sum(epoch.values()) / len(names) * math.ceil(n_runs / prepared.n_at_a_time)
    epochs = int(SHARE_OF_EPOCHS * config.hours * 3600 / of_all)
    if epochs < MIN_EPOCHS:
        least = MIN_EPOCHS * of_all / SHARE_OF_EPOCHS / 3600
        raise ConfigError(
            f"hours={config.hours:g} must be at least {least:.2g}: an epoch of all "
            f"{counted(n_runs, 'run')} takes {of_all:.0f} s here"
        )
    epochs = min(epochs, config.training.epochs)
    logger.info(
        "%d epochs for %g hours: an epoch of a run takes %.1f s here",
        epochs,
        config.hours,
        sum(epoch.values()) / len(epoch),
    )
    return replace(config, training=replace(config.training, epochs=epochs))


def _seconds_of_an_epoch(
    config: GridConfig, names: Sequence[str], prepared: Prepared, device: torch.device
) -> dict[str, float]:
    """Time an epoch of each configuration on the first split, from a small part of it."""
    before = torch.get_num_threads()
    if device.type == "cpu":
        torch.set_num_threads(n_threads_each(prepared.n_at_a_time))
    try:
        return {
            name: _trial(
                config.run_config(name),
                config.training,
                prepared.corpus,
                prepared.splits[0],
                device,
            )
            for name in names
        }
    finally:
        torch.set_num_threads(before)


def _trial(
    run: RunConfig, training: TrainingConfig, corpus: Corpus, split: Split, device: torch.device
) -> float:
    trainer = make_trainer(run, training, corpus, split, seed=0, device=device)
    windowing, val = trainer.windowing, corpus.part(split.val)
    drawn = trainer.pool.draw_epoch(
        windows_per_track=training.windows_per_track,
        windows_per_genre=training.windows_per_genre,
        rng=np.random.default_rng(0),
    )
    trainer.network.train()
    batches = np.array_split(drawn, max(1, round(len(drawn) / training.batch_size)))
    step = _median_seconds(trainer.step, batches[:_N_BATCHES])
    scorer = TorchNetwork(trainer.network.eval(), windowing.standardisation, device=device)
    windows = islice(chain.from_iterable(map(windowing.views, val.mels())), _N_WINDOWS)
    scored = list(in_batches(windows, scorer.batch_size))
    batch = _median_seconds(lambda each: list(scorer.over([each])), scored)
    counts = [len(windowing.starts_seconds(int(n))) for n in val.features.lengths]
    n_windows = sum(min(count, training.windows_per_track or count) for count in counts)
    return len(batches) * step + n_windows / len(scored[0]) * batch


def _median_seconds(job: Callable[[Any], object], items: Sequence[object]) -> float:
    times = []
    for item in items:
        started = time.perf_counter()
        job(item)
        times.append(time.perf_counter() - started)
    # The first pays for what is set up once.
    return float(np.median(times[1:] or times))
