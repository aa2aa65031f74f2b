"""What a grid trains, and its options."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from genre.addresses import Address
from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig, window_frames
from genre.backbones.shelf import DEFAULT_SHELF
from genre.config import check_choices
from genre.dataset.labels import SelectionConfig
from genre.dataset.layouts import check_labels
from genre.dataset.places import local_folder, title_of
from genre.dataset.sampled import KeptFrames, kept_of
from genre.dataset.splits import SplitConfig
from genre.errors import ConfigError
from genre.execution import ExecutionConfig
from genre.execution.shards import Shard
from genre.experiment import AUTO, RunConfig
from genre.grid.frozen import backbone_of, check_backbone, frozen_run
from genre.grid.names import (
    DEFAULT_CONFIGS,
    LOSS_MARK,
    configuration_names,
    variants,
)
from genre.grid.recipes import RECIPES
from genre.grid.tracking import TrackerName
from genre.inference.score_rule import AGGREGATIONS
from genre.models.registry import MODELS
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.suggestions import not_among
from genre.tasks import Task
from genre.training.config import TrainingConfig
from genre.training.heads import HeadConfig
from genre.training.losses import LOSSES, task_of


@dataclass(frozen=True, kw_only=True)
class GridConfig:
    """Options of a grid.

    Parameters
    ----------
    data : Path or Address
        Folder of tracks: a folder per genre, any folder with a labels.csv, or a manifest.
    out : Path, Address or None
        Folder of the results; by default results/<name of the data folder>.
    labels : str
        Where the genres come from: csv (labels.csv), folders (their names), tags (of the files), a
        published collection such as fma:small, or auto, which takes labels.csv where there is one,
        else a collection that it knows, else the folders.
    genres : str
        A file that says which genres are kinds of which, and how they are written: TOML, or the
        genres.csv of the Free Music Archive. auto takes genres.toml in the data folder where there
        is one, none takes no file.
    folders_are_genres : bool
        Learn what the folders are called even where they do not look like genres: numbers, train
        and test, one folder too high or too deep. Otherwise training stops there and says so.
    recipe : str
        What the other options start from: default; reference for three plain blocks trained
        without the newer means; speech_commands for spoken words of a second, or
        speech_commands_reference for a plain network of them.
    configs : tuple of str
        Names of the configurations to train: attnTrue, attnFalse or another architecture such as
        short_chunk_cnn, or `frozen_` and the name of a pre-trained network, then _loss and the
        loss: bce, focal or asl. all is the standard four and every pre-trained network with bce.
    seeds : int
        Trainings of each configuration, with seeds 0 to seeds - 1.
    folds : none, all or artists
        all tests on every track in turn: the folds of labels.csv, else five made by artist.
        artists tests every artist in turn, each on its own: at most 50 artists, a training each.
    cache : Path or Address
        Folder of the computed spectrograms and embeddings; can be shared and deleted.
    backbones : Path
        Folder of the pre-trained networks that frozen configurations stand on, where genre backbone
        add puts them.
    hours : float, in hours
        How long training may take, of all runs together: as many epochs as that allows on this
        machine, up to those of the recipe or of --epochs. 0 takes as long as they take.
    shard : str
        I/N trains the I-th of N parts of the runs, from 0, as jobs of a batch system count theirs;
        whichever ends last, or a call without it, compares them. The same folders for all.
    parallel_runs : int
        Runs trained at a time, each on its share of the cores; 0 takes one per core, and one at a
        time on a GPU. Only runs on as many threads end with equal weights.
    features : auto, memory or mmap
        mmap keeps the spectrograms of all tracks in one file of the cache and maps it into memory,
        for collections that are larger than the memory; auto does so where several runs are
        trained at a time on the processor, which then share it.
    kept_windows : int
        Train, validate and test on so many windows of every longer track, evenly spread, for
        collections of which whole spectrograms would be too many; genre features computes them
        with --windows-per-track. Windows then do not overlap, nor start at random, and tracks that
        sound the same are not looked for. 0 keeps whole tracks.
    aggregation : str
        How the windows of a track become its scores: mean (of their scores), mean_logit, max (the
        best window), top_fifth (the mean of the best fifth), or auto, the mean unless another is
        clearly better on validation tracks.
    tracker : none, tensorboard, mlflow or wandb
        Where curves are drawn while runs are trained, by a program that its extra installs:
        '.[tensorboard]', '.[mlflow]' or '.[wandb]'. What it reads is written into the folder of the
        results, and nothing is sent anywhere unless the program's own settings name a server.
    device : str
        auto, cpu, cuda, cuda:1, mps.
    max_bad_fraction : float, in [0, 1]
        The run stops when more than 20 files and more than this share are bad.
    task : multilabel or exclusive
        multilabel asks of every genre whether a track is of it, so that it may have several or
        none; exclusive asks which one it is, where every track has exactly one.
    selection : SelectionConfig
        Which genres are kept.
    split : SplitConfig
        How tracks are divided.
    model : SpectrogramCNNConfig
        Widths, pooling and dropout; attention comes from the configuration's name. What differs
        from the recipe holds for every architecture, which must have such an option.
    training : TrainingConfig
        How the networks are trained.
    windows : WindowConfig
        How tracks are cut for them.
    head : HeadConfig
        How heads of frozen networks are trained; the options of model and training are not theirs.
    front_end : FrontEndConfig
        From file to spectrogram.
    execution : ExecutionConfig
        Workers that decode the files.
    """

    data: Path | Address = Path("data/tracks")
    out: Path | Address | None = None
    labels: str = "auto"
    genres: str = "auto"
    folders_are_genres: bool = False
    recipe: str = "default"
    configs: tuple[str, ...] = DEFAULT_CONFIGS
    seeds: int = 3
    folds: Literal["none", "all", "artists"] = "none"
    cache: Path | Address = Path("data/cache")
    backbones: Path = DEFAULT_SHELF
    hours: float = 0.0
    shard: str = "0/1"
    parallel_runs: int = 0
    features: Literal["auto", "memory", "mmap"] = "auto"
    kept_windows: int = 0
    aggregation: str = AUTO
    tracker: TrackerName = "none"
    device: str = "auto"
    max_bad_fraction: float = 0.05
    task: Task = "multilabel"
    selection: SelectionConfig = field(default_factory=SelectionConfig)
    split: SplitConfig = field(default_factory=SplitConfig)
    model: SpectrogramCNNConfig = field(default_factory=SpectrogramCNNConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    windows: WindowConfig = field(default_factory=WindowConfig)
    head: HeadConfig = field(default_factory=HeadConfig)
    front_end: FrontEndConfig = field(default_factory=FrontEndConfig)
    execution: ExecutionConfig = field(default_factory=ExecutionConfig)

    def __post_init__(self) -> None:
        check_labels(self.labels)
        RECIPES.find(self.recipe)
        check_choices(self)
        self._check_names()
        self._check_together()
        if self.aggregation not in (AUTO, *AGGREGATIONS):
            known = (AUTO, *AGGREGATIONS)
            raise ConfigError(not_among("aggregation", self.aggregation, known))
        if not 0 <= self.hours < float("inf"):
            raise ConfigError(f"hours={self.hours} must be 0 (no limit) or a number of hours")
        if self.seeds < 1:
            raise ConfigError(f"seeds={self.seeds} must be at least 1")
        if self.parallel_runs < 0:
            raise ConfigError(
                f"parallel_runs={self.parallel_runs} must be 0 (one per core) or a number of runs"
            )
        if not 0 <= self.max_bad_fraction <= 1:
            raise ConfigError(f"max_bad_fraction={self.max_bad_fraction} must lie in [0, 1]")

    def _check_names(self) -> None:
        names = configuration_names()
        for name in self.configs:
            self._check_loss(name)
            if backbone_of(name):
                check_backbone(name, self.backbones)
                continue
            if name not in names:
                raise ConfigError(not_among("configs", name, names))
            self._check_options(name)

    def _check_together(self) -> None:
        """Refuse options that make no sense of each other."""
        if Shard.parse(self.shard).count > 1 and self.hours:
            raise ConfigError(
                f"hours={self.hours:g} must come without shard={self.shard}: every machine would "
                "allow other epochs; give --epochs"
            )
        if self.folds == "artists" and self.split.by != "artist":
            raise ConfigError("folds='artists' must be none or all with split_by='track'")
        if self.kept_windows < 0:
            raise ConfigError(
                f"kept_windows={self.kept_windows} must be 0 (all) or a number of windows"
            )
        own = RECIPES[self.recipe].windows.step_seconds
        step = self.windows.step_seconds
        if self.kept_windows and step not in (own, self.windows.window_seconds):
            raise ConfigError(
                f"step_seconds={step:g} must come without kept_windows={self.kept_windows}: "
                "windows that are kept do not overlap; leave one of them out"
            )

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return Path("results") / title_of(self.data) if self.out is None else local_folder(self.out)

    @property
    def kept(self) -> KeptFrames:
        """What computes the spectrograms, and what of them is kept."""
        return kept_of(self.front_end, self.windows, self.kept_windows)

    def run_config(self, name: str) -> RunConfig:
        """Describe the training that a configuration's name stands for.

        Parameters
        ----------
        name : str
            One of `configuration_names`, or of a frozen network that is there.
        """
        if backbone_of(name):
            return frozen_run(
                name, self.backbones, head=self.head, aggregation=self.aggregation, task=self.task
            )
        variant, _, loss = name.rpartition(LOSS_MARK)
        architecture, settled = variants()[variant]
        return RunConfig(
            architecture=architecture,
            model=self._model(architecture, settled),
            loss=loss,
            training=self._training(),
            windows=self.windows,
            aggregation=self.aggregation,
            task=self.task,
            kept_windows=self.kept_windows,
        )

    def _training(self) -> TrainingConfig:
        """Start no window at random where that would be between two that were kept."""
        if not self.kept_windows:
            return self.training
        augment = replace(self.training.augment, random_starts=False)
        return replace(self.training, augment=augment)

    def _check_loss(self, name: str) -> None:
        """Refuse a loss that teaches the answer to another question."""
        loss = name.rpartition(LOSS_MARK)[2]
        if loss in LOSSES and task_of(loss) != self.task:
            known = ", ".join(each for each in LOSSES if task_of(each) == self.task)
            raise ConfigError(
                f"configs={name!r} must end in a loss for task={self.task}: {known}; "
                f"{loss} is for task={task_of(loss)}"
            )

    def _model(self, architecture: str, settled: Mapping[str, Any]) -> object:
        config_class = MODELS[architecture].config_class
        if isinstance(self.model, config_class):
            return replace(self.model, **settled)
        known = {field.name for field in fields(config_class)}
        mel = self.front_end.mel
        window = {"n_mels": mel.n_mels, "n_frames": window_frames(self.windows, mel)}
        told = window | self._given()
        given = {name: value for name, value in told.items() if name in known}
        return config_class(**given, **settled)

    def _given(self) -> dict[str, Any]:
        """Return the options of the network in which it differs from its recipe."""
        start = RECIPES[self.recipe].model
        values = {field.name: getattr(self.model, field.name) for field in fields(start)}
        return {name: value for name, value in values.items() if value != getattr(start, name)}

    def _check_options(self, name: str) -> None:
        """Refuse an option that one of the architectures would not read."""
        architecture = self.run_config(name).architecture
        known = {field.name for field in fields(MODELS[architecture].config_class)}
        for option, value in self._given().items():
            if option not in known:
                raise ConfigError(
                    f"{option}={value} must be an option of every architecture in configs; "
                    f"{architecture} has only: {', '.join(sorted(known))}"
                )
