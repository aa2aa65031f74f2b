"""Train one run, and put together what it leaves behind."""

import copy
import json
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, islice

import pandas as pd
import torch
from torch import nn

from genre.atomic import write_text
from genre.config import to_mapping
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.splits import Split
from genre.evaluation.inputs import RunRecord
from genre.evaluation.plots import plot_training_curves, save_figure
from genre.evaluation.scores import RunScores, save_scores
from genre.experiment.frozen import Learned, learn_head
from genre.experiment.judging import (
    classification_report,
    judge_calibration_of,
    measure,
    rule_of,
    score_run,
)
from genre.experiment.logistic import fit_logistic
from genre.experiment.run import Run, RunConfig
from genre.inference.bundle import Bundle
from genre.inference.score_rule import ScoreRule
from genre.inference.scoring import WindowNetwork, in_batches, window_logits
from genre.inference.speed import measure_speed
from genre.inference.windowing import Windowing
from genre.models.bundle import save_bundle, with_network
from genre.models.devices import training_precision
from genre.models.exporting import largest_difference
from genre.models.registry import LOGISTIC, MODELS
from genre.models.scoring import TorchNetwork
from genre.plugins import active_plugins
from genre.provenance import current_commit, versions
from genre.training.batches import standardisation_of
from genre.training.config import TrainingConfig
from genre.training.heads import HeadConfig
from genre.training.history import Epoch
from genre.training.interruption import finish_before_interrupt
from genre.training.losses import build_loss
from genre.training.state import remove_states
from genre.training.trainer import Trained, Trainer

OnEpoch = Callable[[tuple[Epoch, ...]], None]
STATE_NAME = "state.safetensors"
_CHECKED_TRACKS, _CHECKED_WINDOWS = 64, 4


def train_run(
    run: Run,
    corpus: Corpus,
    split: Split,
    *,
    device: torch.device,
    on_epoch: OnEpoch | None = None,
) -> RunRecord:
    """Train, score and record one run; an interrupted one goes on from its last epoch.

    Parameters
    ----------
    run : Run
        What to train, and where to keep it.
    corpus : Corpus
        Tracks with features and labels.
    split : Split
        Which of them are for training, validation and test.
    device : torch.device
        Where to train.
    on_epoch : callable of tuple of Epoch, optional
        Called after each epoch, and on taking up an interrupted run, with the history so far.

    Returns
    -------
    RunRecord
        As written to the run's folder.
    """
    began, commit = time.perf_counter(), current_commit()
    run.folder.mkdir(parents=True, exist_ok=True)

    def _report(history: tuple[Epoch, ...]) -> None:
        _write_history(run, history)
        if on_epoch is not None:
            on_epoch(history)

    training = run.config.training
    if isinstance(training, HeadConfig):
        device = torch.device("cpu")  # a head is too small for any other
        learned = _learn_head(run, training, corpus, split, on_epoch=_report)
    else:
        learned = _learn(run, training, corpus, split, device=device, on_epoch=_report)
    # From here on as it will be used: the bundle's own network, in onnxruntime.
    scores = score_run(
        learned.listen,
        learned.corpus,
        split,
        aggregation=run.config.aggregation,
        task=run.config.task,
    )
    precision = training_precision(device) if learned.network else torch.float32
    record = replace(
        _record(run, corpus, split, learned, scores, device=device),
        precision=str(precision).removeprefix("torch."),
        commit=commit,
        wall_seconds=time.perf_counter() - began,
    )
    _keep(run, learned, scores, record)
    return record


def _keep(run: Run, learned: Learned, scores: RunScores, record: RunRecord) -> None:
    """Write what a run leaves behind, the record last."""
    with finish_before_interrupt():
        save_scores(run.files.scores, scores)
        save_bundle(_judged(learned.bundle, scores, record), learned.network, run.files.bundle)
        write_text(run.files.classification_report, classification_report(scores))
        write_text(run.files.record, json.dumps(record.to_json(), indent=2) + "\n")
        remove_states(run.folder / STATE_NAME)


def _learn(
    run: Run,
    training: TrainingConfig,
    corpus: Corpus,
    split: Split,
    *,
    device: torch.device,
    on_epoch: OnEpoch,
) -> Learned:
    trainer = make_trainer(run.config, training, corpus, split, seed=run.seed, device=device)
    trained = trainer.run(
        on_epoch=on_epoch,
        state_path=run.folder / STATE_NAME,
        fingerprint=run.identity(corpus, split),
    )
    return _learned(run, corpus, split, trained, trainer.windowing)


def _learn_head(
    run: Run, training: HeadConfig, corpus: Corpus, split: Split, *, on_epoch: OnEpoch
) -> Learned:
    if run.config.architecture != LOGISTIC:
        return learn_head(run, training, corpus, split, on_epoch=on_epoch)
    return _learned(run, corpus, split, *fit_logistic(run, training, corpus, split))


def _learned(
    run: Run, corpus: Corpus, split: Split, trained: Trained, windowing: Windowing
) -> Learned:
    """Write a network of torch as it will be used, and compare the two."""
    bundle = with_network(_untested(run, corpus, windowing), trained.network)
    network = bundle.network(n_threads=torch.get_num_threads())
    return Learned(
        bundle=bundle,
        network=trained.network,
        listen=lambda tracks: window_logits(network, tracks.mels(), windowing),
        corpus=corpus,
        difference=_check(network, trained.network, corpus.part(split.val), windowing),
        best_epoch=trained.best_epoch,
        n_epochs=len(trained.history),
    )


def make_trainer(
    config: RunConfig,
    training: TrainingConfig,
    corpus: Corpus,
    split: Split,
    *,
    seed: int,
    device: torch.device,
) -> Trainer:
    """Put together what trains a network on the training part of a split.

    Parameters
    ----------
    config : RunConfig
        Architecture, loss and windows.
    training : TrainingConfig
        How it is trained.
    corpus : Corpus
        Tracks with features and labels.
    split : Split
        Which of them are for training and validation.
    seed : int
        Of everything that is drawn.
    device : torch.device
        Where to train.
    """
    train, n_labels = corpus.part(split.train), len(corpus.vocabulary.genres)
    architecture = MODELS[config.architecture]
    return Trainer(
        lambda: architecture.build(config.model, n_labels=n_labels),
        build_loss(config.loss, torch.from_numpy(train.y_true)),
        train=train,
        val=corpus.part(split.val),
        windowing=Windowing(
            mel=corpus.front_end.mel,
            windows=config.heard,
            standardisation=standardisation_of(train, by_band=architecture.by_band),
        ),
        config=training,
        seed=seed,
        device=device,
        task=config.task,
    )


def _untested(run: Run, corpus: Corpus, windowing: Windowing) -> Bundle:
    """Make the bundle as it is before anything is known of its scores."""
    genres = corpus.vocabulary.genres
    return Bundle(
        network_onnx=None,
        model_name=run.config.architecture,
        model_config=to_mapping(run.config.model),
        genres=genres,
        front_end=corpus.front_end,
        windows=run.config.windows,
        standardisation=windowing.standardisation,
        rule=ScoreRule(parents=corpus.vocabulary.parents),
        thresholds=(0.5,) * len(genres),
        display_names=corpus.display_names,
    )


def _judged(bundle: Bundle, scores: RunScores, record: RunRecord) -> Bundle:
    return replace(
        bundle,
        rule=rule_of(scores, bundle.rule.parents),
        thresholds=tuple(float(value) for value in scores.thresholds),
        provenance=record.to_json(),
    )


def _check(
    exported: WindowNetwork, network: nn.Module, val: LabelledTracks, windowing: Windowing
) -> float:
    """Compare the exported network with torch's on windows of many validation tracks."""
    original = TorchNetwork(copy.deepcopy(network).cpu(), windowing.standardisation)
    windows = chain.from_iterable(
        islice(windowing.views(mel), _CHECKED_WINDOWS)
        for mel in islice(val.mels(), _CHECKED_TRACKS)
    )
    alone = in_batches(islice(windows, 1), 1)  # one window by itself, then others in batches
    return largest_difference(
        exported, original, chain(alone, in_batches(windows, exported.batch_size))
    )


def _write_history(run: Run, history: tuple[Epoch, ...]) -> None:
    table = pd.DataFrame([epoch.row for epoch in history])
    write_text(run.files.history, table.to_csv(index=False))
    figure = plot_training_curves(table, title=f"{run.config_name}, seed {run.seed}")
    save_figure(figure, run.files.curves)


def _record(
    run: Run,
    corpus: Corpus,
    split: Split,
    learned: Learned,
    scores: RunScores,
    *,
    device: torch.device,
) -> RunRecord:
    speed = measure_speed(learned.bundle.network(n_threads=1), learned.bundle.windowing)
    return RunRecord(
        finished=True,
        config_name=run.config_name,
        seed=run.seed,
        fold=split.fold,
        command=run.command,
        recipe=run.recipe,
        config=to_mapping(run.config) | {"front_end": to_mapping(learned.bundle.front_end)},
        versions=versions(),
        device=str(device),
        threads=torch.get_num_threads(),
        identity=run.identity(corpus, split),
        data_hash=corpus.data_hash,
        split_hash=split.hash,
        n_parameters=learned.bundle.n_parameters,
        onnx_difference=learned.difference,
        best_epoch=learned.best_epoch,
        n_epochs=learned.n_epochs,
        metrics=measure(scores),
        calibration=judge_calibration_of(scores),
        window_ms=speed.window_ms,
        windows_per_second=speed.windows_per_second,
        plugins={plugin.name: plugin.sha256 for plugin in active_plugins()},
    )
