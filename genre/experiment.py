"""One run: train a configuration with a seed on a split, score it, leave a record and a bundle.

A run's folder holds `bundle/`, `history.csv`, `curves.png`, `scores.npz`,
`classification_report.txt` and, written last, `record.json`: a run is finished when its record says
so. The test part is read once, after the training and the thresholds are done.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from genre.atomic import atomic_file, write_text
from genre.audio.windows import WindowConfig
from genre.config import fingerprint, to_mapping
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.splits import Split
from genre.errors import GenreError
from genre.evaluation.comparison.measures import WINDOW_THRESHOLD
from genre.evaluation.metrics import evaluate, report_text
from genre.evaluation.plots import plot_training_curves
from genre.evaluation.scores import PartScores, RunScores, load_scores, save_scores
from genre.evaluation.thresholds import decide, fit_thresholds
from genre.models.bundle import Bundle, load_bundle, save_bundle
from genre.models.devices import training_precision
from genre.models.registry import MODELS, count_parameters
from genre.models.scoring import Windowing, track_scores, window_logits
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.provenance import current_commit, versions
from genre.training.batches import standardisation_of
from genre.training.config import TrainingConfig
from genre.training.history import Epoch
from genre.training.losses import build_loss
from genre.training.state import remove_states
from genre.training.trainer import Trained, Trainer

RECORD_NAME = "record.json"
STATE_NAME = "state.safetensors"


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """What is trained, apart from data, split and seed.

    Parameters
    ----------
    architecture : str
        A key of `genre.models.registry.MODELS`.
    model : dataclass
        Options of that architecture.
    loss : str
        A key of `genre.training.losses.LOSSES`.
    training : TrainingConfig
    windows : WindowConfig
    """

    architecture: str = "spectrogram_cnn"
    model: object = field(default_factory=SpectrogramCNNConfig)
    loss: str = "bce"
    training: TrainingConfig = field(default_factory=TrainingConfig)
    windows: WindowConfig = field(default_factory=WindowConfig)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One cell of a grid.

    Parameters
    ----------
    config_name : str
    config : RunConfig
    seed : int
    folder : Path
        Where its results are.
    command : str
        What the user called, for the record.
    recipe : str
        Where the configuration started from, for the record.
    """

    config_name: str
    config: RunConfig
    seed: int
    folder: Path
    command: str = ""
    recipe: str = "default"

    def identity(self, corpus: Corpus, split: Split) -> str:
        """Fingerprint everything that the result depends on."""
        parts = (
            fingerprint(self.config),
            corpus.front_end.features_fingerprint,
            corpus.data_hash,
            split.hash,
            str(self.seed),
        )
        return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]

    def record(self) -> dict[str, Any] | None:
        """Read the record of a finished run; None where any part of it is absent or broken."""
        try:
            record = json.loads((self.folder / RECORD_NAME).read_text(encoding="utf-8"))
            load_scores(self.folder / "scores.npz")
            load_bundle(self.folder / "bundle")
        except (OSError, ValueError, GenreError):
            return None
        whole = isinstance(record, dict) and record.get("finished") is True
        return record if whole and "identity" in record else None


def train_run(
    run: Run, corpus: Corpus, split: Split, *, device: torch.device, progress: bool = True
) -> dict[str, Any]:
    """Train, score and record one run; an interrupted one goes on from its last epoch.

    Parameters
    ----------
    run : Run
    corpus : Corpus
    split : Split
    device : torch.device
    progress : bool
        Whether to draw a bar on the terminal.

    Returns
    -------
    dict
        The record, as written to `record.json`.
    """
    began = time.perf_counter()
    run.folder.mkdir(parents=True, exist_ok=True)
    train, val = corpus.part(split.train), corpus.part(split.val)
    windowing = Windowing(
        mel=corpus.front_end.mel,
        windows=run.config.windows,
        standardisation=standardisation_of(train),
    )
    trained = _fit(
        run, train, val, windowing, corpus=corpus, split=split, device=device, progress=progress
    )
    scores = _score(trained, corpus, split, windowing, device)
    save_scores(run.folder / "scores.npz", scores)
    record = _record(run, corpus, split, trained, scores) | {
        "device": str(device),
        "precision": str(training_precision(device)).removeprefix("torch."),
        "wall_seconds": time.perf_counter() - began,
    }
    save_bundle(
        Bundle(
            network=trained.network,
            model_name=run.config.architecture,
            model_config=to_mapping(run.config.model),
            genres=corpus.vocabulary.genres,
            front_end=corpus.front_end,
            windows=run.config.windows,
            standardisation=windowing.standardisation,
            thresholds=tuple(float(value) for value in scores.thresholds),
            provenance=record,
        ),
        run.folder / "bundle",
    )
    write_text(run.folder / "classification_report.txt", _classification_report(scores))
    write_text(run.folder / RECORD_NAME, json.dumps(record, indent=2) + "\n")
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
    progress: bool,
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
    with tqdm(
        total=config.training.epochs, desc=_name(run, split), unit="epoch", disable=not progress
    ) as bar:

        def _report(history: tuple[Epoch, ...]) -> None:
            bar.update(len(history) - bar.n)
            bar.set_postfix_str(history[-1].in_short)
            _write_history(run, history)

        return trainer.run(
            on_epoch=_report,
            state_path=run.folder / STATE_NAME,
            fingerprint=run.identity(corpus, split),
        )


def _name(run: Run, split: Split) -> str:
    return "/".join(run.folder.parts[-3 if split.fold is not None else -2 :])


def _write_history(run: Run, history: tuple[Epoch, ...]) -> None:
    table = pd.DataFrame([asdict(epoch) for epoch in history])
    write_text(run.folder / "history.csv", table.to_csv(index=False))
    figure = plot_training_curves(table, title=f"{run.config_name}, seed {run.seed}")
    with atomic_file(run.folder / "curves.png") as file:
        figure.savefig(file, format="png")


def _score(
    trained: Trained, corpus: Corpus, split: Split, windowing: Windowing, device: torch.device
) -> RunScores:
    def _part(track_ids: Sequence[str]) -> PartScores:
        tracks = corpus.part(track_ids)
        windows = window_logits(trained.network, tracks.mels(), windowing, device=device)
        return PartScores(
            track_id=np.array(track_ids),
            artist=corpus.artists(track_ids),
            y_true=tracks.y_true,
            y_score=track_scores(windows.scores, windows.track.tolist()),
            window_score=windows.scores,
            window_track=windows.track,
        )

    val = _part(split.val)
    thresholds = fit_thresholds(val.y_true, val.y_score).values
    return RunScores(
        genres=corpus.vocabulary.genres,
        thresholds=thresholds,
        train_prior=corpus.part(split.train).y_true.mean(axis=0),
        val=val,
        test=_part(split.test),
    )


def _record(
    run: Run, corpus: Corpus, split: Split, trained: Trained, scores: RunScores
) -> dict[str, Any]:
    metrics = {
        name: evaluate(part.y_true, part.y_score, decide(part.y_score, scores.thresholds))
        for name, part in (("val", scores.val), ("test", scores.test))
    }
    window_true = scores.test.y_true[scores.test.window_track]
    window_score = scores.test.window_score
    metrics["test_window"] = evaluate(window_true, window_score, window_score >= WINDOW_THRESHOLD)
    return {
        "finished": True,
        "config_name": run.config_name,
        "seed": run.seed,
        "fold": split.fold,
        "commit": current_commit(),
        "command": run.command,
        "recipe": run.recipe,
        "config": to_mapping(run.config),
        "versions": versions(),
        "identity": run.identity(corpus, split),
        "data_hash": corpus.data_hash,
        "split_hash": split.hash,
        "n_parameters": count_parameters(trained.network),
        "best_epoch": trained.best_epoch,
        "n_epochs": len(trained.history),
        "metrics": _json_numbers(metrics),
    }


def _classification_report(scores: RunScores) -> str:
    test, genres = scores.test, scores.genres
    tracks = report_text(test.y_true, decide(test.y_score, scores.thresholds), genres)
    windows = report_text(
        test.y_true[test.window_track], test.window_score >= WINDOW_THRESHOLD, genres
    )
    return (
        f"Test tracks, thresholds from validation\n\n{tracks}\n"
        f"Test windows, threshold {WINDOW_THRESHOLD}\n\n{windows}"
    )


def _json_numbers(metrics: dict[str, dict[str, float]]) -> dict[str, dict[str, float | None]]:
    """Write what is undefined as null: JSON has no NaN."""
    return {
        part: {name: None if np.isnan(value) else float(value) for name, value in values.items()}
        for part, values in metrics.items()
    }
