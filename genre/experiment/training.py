"""Train one run, and put together what it leaves behind."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace

import pandas as pd
import torch

from genre.atomic import write_text
from genre.config import to_mapping
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.splits import Split
from genre.evaluation.inputs import RunRecord
from genre.evaluation.plots import plot_training_curves, save_figure
from genre.evaluation.scores import RunScores, save_scores
from genre.experiment.judging import (
    classification_report,
    judge_calibration_of,
    measure,
    rule_of,
    score_run,
)
from genre.experiment.run import Run
from genre.models.bundle import Bundle, save_bundle
from genre.models.devices import training_precision
from genre.models.registry import MODELS, count_parameters
from genre.models.scoring import Windowing
from genre.plugins import active_plugins
from genre.provenance import current_commit, versions
from genre.training.batches import standardisation_of
from genre.training.history import Epoch
from genre.training.interruption import finish_before_interrupt
from genre.training.losses import build_loss
from genre.training.state import remove_states
from genre.training.trainer import Trained, Trainer

STATE_NAME = "state.safetensors"


def train_run(
    run: Run,
    corpus: Corpus,
    split: Split,
    *,
    device: torch.device,
    on_epoch: Callable[[tuple[Epoch, ...]], None] | None = None,
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
    train, val = corpus.part(split.train), corpus.part(split.val)
    windowing = Windowing(
        mel=corpus.front_end.mel,
        windows=run.config.windows,
        standardisation=standardisation_of(train),
    )
    trained = _fit(
        run, train, val, windowing, corpus=corpus, split=split, device=device, on_epoch=on_epoch
    )
    how = run.config.aggregation
    scores = score_run(trained.network, corpus, split, windowing, aggregation=how, device=device)
    record = replace(
        _record(run, corpus, split, trained, scores, device=device),
        commit=commit,
        wall_seconds=time.perf_counter() - began,
    )
    bundle = _bundle(run, corpus, windowing, trained, scores, record)
    with finish_before_interrupt():
        save_scores(run.files.scores, scores)
        save_bundle(bundle, run.files.bundle)
        write_text(run.files.classification_report, classification_report(scores))
        write_text(run.files.record, json.dumps(record.to_json(), indent=2) + "\n")
        remove_states(run.folder / STATE_NAME)
    return record


def _fit(
    run: Run,
    train: LabelledTracks,
    val: LabelledTracks,
    windowing: Windowing,
    *,
    corpus: Corpus,
    split: Split,
    device: torch.device,
    on_epoch: Callable[[tuple[Epoch, ...]], None] | None,
) -> Trained:
    config = run.config
    n_labels = len(corpus.vocabulary.genres)
    trainer = Trainer(
        lambda: MODELS[config.architecture].build(config.model, n_labels=n_labels),
        build_loss(config.loss, torch.from_numpy(train.y_true)),
        train=train,
        val=val,
        windowing=windowing,
        config=config.training,
        seed=run.seed,
        device=device,
    )

    def _report(history: tuple[Epoch, ...]) -> None:
        _write_history(run, history)
        if on_epoch is not None:
            on_epoch(history)

    return trainer.run(
        on_epoch=_report,
        state_path=run.folder / STATE_NAME,
        fingerprint=run.identity(corpus, split),
    )


def _bundle(
    run: Run,
    corpus: Corpus,
    windowing: Windowing,
    trained: Trained,
    scores: RunScores,
    record: RunRecord,
) -> Bundle:
    return Bundle(
        network=trained.network,
        model_name=run.config.architecture,
        model_config=to_mapping(run.config.model),
        genres=corpus.vocabulary.genres,
        front_end=corpus.front_end,
        windows=run.config.windows,
        standardisation=windowing.standardisation,
        rule=rule_of(scores),
        thresholds=tuple(float(value) for value in scores.thresholds),
        provenance=record.to_json(),
        display_names=corpus.display_names,
    )


def _write_history(run: Run, history: tuple[Epoch, ...]) -> None:
    table = pd.DataFrame([asdict(epoch) for epoch in history])
    write_text(run.files.history, table.to_csv(index=False))
    figure = plot_training_curves(table, title=f"{run.config_name}, seed {run.seed}")
    save_figure(figure, run.files.curves)


def _record(
    run: Run,
    corpus: Corpus,
    split: Split,
    trained: Trained,
    scores: RunScores,
    *,
    device: torch.device,
) -> RunRecord:
    return RunRecord(
        finished=True,
        config_name=run.config_name,
        seed=run.seed,
        fold=split.fold,
        command=run.command,
        recipe=run.recipe,
        config=to_mapping(run.config) | {"front_end": to_mapping(corpus.front_end)},
        versions=versions(),
        device=str(device),
        precision=str(training_precision(device)).removeprefix("torch."),
        threads=torch.get_num_threads(),
        identity=run.identity(corpus, split),
        data_hash=corpus.data_hash,
        split_hash=split.hash,
        n_parameters=count_parameters(trained.network),
        best_epoch=trained.best_epoch,
        n_epochs=len(trained.history),
        metrics=measure(scores),
        calibration=judge_calibration_of(scores),
        plugins={plugin.name: plugin.sha256 for plugin in active_plugins()},
    )
