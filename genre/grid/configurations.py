"""What a grid trains, and its options."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from genre.audio.frontend import FrontEndConfig
from genre.dataset.labels import SelectionConfig
from genre.dataset.layouts import check_labels
from genre.dataset.splits import SplitConfig
from genre.errors import ConfigError
from genre.execution import ExecutionConfig
from genre.experiment import AUTO, RunConfig
from genre.grid.recipes import RECIPES
from genre.models.registry import MODELS
from genre.models.score_rule import AGGREGATIONS
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.config import TrainingConfig
from genre.training.losses import LOSSES

# Name → (attention, loss): SpectrogramCNN with these the only differences.
CONFIGURATIONS: dict[str, tuple[bool, str]] = {
    "attnTrue_lossbce": (True, "bce"),
    "attnTrue_lossfocal": (True, "focal"),
    "attnFalse_lossbce": (False, "bce"),
    "attnFalse_lossfocal": (False, "focal"),
}
# Name → (architecture, loss), with the architecture's own default options.
OTHERS: dict[str, tuple[str, str]] = {
    f"{architecture}_loss{loss}": (architecture, loss)
    for architecture in MODELS
    if architecture != "spectrogram_cnn"
    for loss in LOSSES
}
NAMES = (*CONFIGURATIONS, *OTHERS)


@dataclass(frozen=True, kw_only=True)
class GridConfig:
    """Options of a grid.

    Parameters
    ----------
    data : Path
        Folder of tracks: a folder per genre, or any folder with a labels.csv.
    out : Path or None
        Folder of the results; by default results/<name of the data folder>.
    labels : str
        Where the genres come from: csv (labels.csv), folders (their names), tags (of the files), or
        auto, which takes labels.csv where there is one, else the folders.
    recipe : str
        What the options of model and training start from: default, or reference for three plain
        blocks trained without the newer means.
    configs : tuple of str
        Names of the configurations to train: attn{True,False}_loss{bce,focal}, or another
        architecture as short_chunk_cnn_lossbce.
    seeds : int
        Trainings of each configuration, with seeds 0 to seeds - 1.
    folds : none or all
        all tests on every track in turn: the folds of labels.csv, else five made by artist.
    cache : Path
        Folder of the computed spectrograms; can be shared and deleted.
    parallel_runs : int
        Runs trained at a time, each on its share of the cores; 0 takes one per core, and one at a
        time on a GPU. Only runs on as many threads end with equal weights.
    features : auto, memory or mmap
        mmap keeps the spectrograms of all tracks in one file of the cache and maps it into memory,
        for collections that are larger than the memory; auto does so where several runs are
        trained at a time on the processor, which then share it.
    aggregation : str
        How the windows of a track become its scores: mean (of their scores), mean_logit, max (the
        best window), top_fifth (the mean of the best fifth), or auto, the mean unless another is
        clearly better on validation tracks.
    device : str
        auto, cpu, cuda, cuda:1, mps.
    max_bad_fraction : float, in [0, 1]
        The run stops when more than 20 files and more than this share are bad.
    selection : SelectionConfig
        Which genres are kept.
    split : SplitConfig
        How tracks are divided.
    model : SpectrogramCNNConfig
        Widths, pooling and dropout; attention comes from the configuration's name.
    training : TrainingConfig
    front_end : FrontEndConfig
    execution : ExecutionConfig
        Workers that decode the files.
    """

    data: Path = Path("data/tracks")
    out: Path | None = None
    labels: str = "auto"
    recipe: str = "default"
    configs: tuple[str, ...] = tuple(CONFIGURATIONS)
    seeds: int = 3
    folds: Literal["none", "all"] = "none"
    cache: Path = Path("data/cache")
    parallel_runs: int = 0
    features: Literal["auto", "memory", "mmap"] = "auto"
    aggregation: str = AUTO
    device: str = "auto"
    max_bad_fraction: float = 0.05
    selection: SelectionConfig = field(default_factory=SelectionConfig)
    split: SplitConfig = field(default_factory=SplitConfig)
    model: SpectrogramCNNConfig = field(default_factory=SpectrogramCNNConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    front_end: FrontEndConfig = field(default_factory=FrontEndConfig)
    execution: ExecutionConfig = field(default_factory=ExecutionConfig)

    def __post_init__(self) -> None:
        check_labels(self.labels)
        for name in self.configs:
            if name not in NAMES:
                raise ConfigError(f"configs={name!r} must be among: {', '.join(NAMES)}")
        if self.recipe not in RECIPES:
            raise ConfigError(f"recipe={self.recipe!r} must be one of: {', '.join(RECIPES)}")
        if self.aggregation not in (AUTO, *AGGREGATIONS):
            known = ", ".join((AUTO, *AGGREGATIONS))
            raise ConfigError(f"aggregation={self.aggregation!r} must be one of: {known}")
        if self.seeds < 1:
            raise ConfigError(f"seeds={self.seeds} must be at least 1")
        if self.parallel_runs < 0:
            raise ConfigError(
                f"parallel_runs={self.parallel_runs} must be 0 (one per core) or a number of runs"
            )
        if not 0 <= self.max_bad_fraction <= 1:
            raise ConfigError(f"max_bad_fraction={self.max_bad_fraction} must lie in [0, 1]")

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.out or Path("results") / self.data.resolve().name

    def run_config(self, name: str) -> RunConfig:
        """Give what one configuration's name stands for."""
        if name in OTHERS:
            architecture, loss = OTHERS[name]
            own = MODELS[architecture].config_class()
            return RunConfig(
                architecture=architecture,
                model=own,
                loss=loss,
                training=self.training,
                aggregation=self.aggregation,
            )
        attention, loss = CONFIGURATIONS[name]
        model = replace(self.model, channel_attention=attention, spatial_attention=attention)
        return RunConfig(
            model=model, loss=loss, training=self.training, aggregation=self.aggregation
        )
