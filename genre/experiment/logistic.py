"""Logistic regression on the windows of tracks: fitted as heads are, scored as networks are."""

from dataclasses import replace

import numpy as np
import torch

from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.packing import PackedFeatures
from genre.dataset.splits import Split
from genre.experiment.run import Run
from genre.inference.windowing import Windowing
from genre.models.logistic import Logistic, LogisticConfig, summarised
from genre.training.batches import standardisation_of
from genre.training.heads import HeadConfig, fit_head
from genre.training.losses import build_loss
from genre.training.trainer import Trained


def fit_logistic(
    run: Run, training: HeadConfig, corpus: Corpus, split: Split
) -> tuple[Trained, Windowing]:
    """Fit the mean and deviation of the bands of windows with each weight decay; keep the best.

    Parameters
    ----------
    run : Run
        Whose architecture is logistic.
    training : HeadConfig
        The weight decays, and how many windows of a track it learns from.
    corpus : Corpus
        Tracks with features and labels.
    split : Split
        Which of them are for training and validation.

    Returns
    -------
    trained : Trained
        A `Logistic`, and how each fit went.
    windowing : Windowing
        How tracks become its windows.
    """
    config = run.config.model
    if not isinstance(config, LogisticConfig):
        raise TypeError(f"run={run} must be of logistic regression")
    train = corpus.part(split.train)
    windowing = Windowing(
        mel=corpus.front_end.mel,
        windows=run.config.heard,
        standardisation=standardisation_of(train),
    )
    seen, val = (
        _summaries(part, windowing, most=training.frozen_windows)
        for part in (train, corpus.part(split.val))
    )
    loss = build_loss(run.config.loss, torch.from_numpy(train.y_true))
    fitted = fit_head(seen, val, loss, config=training, seed=run.seed, task=run.config.task)
    network = Logistic(config, n_labels=len(corpus.vocabulary.genres))
    network.head.load_state_dict(fitted.head.state_dict())
    trained = Trained(network=network.eval(), best_epoch=fitted.best_epoch, history=fitted.history)
    return trained, windowing


@torch.no_grad()
def _summaries(tracks: LabelledTracks, windowing: Windowing, *, most: int) -> LabelledTracks:
    """Put what is seen of some windows of each track in the place of its log-mel."""
    rows, lengths = [], []
    for mel in tracks.mels():
        windows = np.stack(list(windowing.views(mel, most=most)))
        rows.append(summarised(torch.from_numpy(windowing.standardisation(windows))).numpy())
        lengths.append(len(windows))
    ends = np.cumsum(lengths, dtype=np.int64)
    features = PackedFeatures(
        mel=np.concatenate(rows), starts=ends - lengths, lengths=np.array(lengths, dtype=np.int64)
    )
    return replace(tracks, features=features)
