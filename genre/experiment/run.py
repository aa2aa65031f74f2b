"""What a run is, and how its folder tells whether it is finished."""

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from genre.audio.windows import WindowConfig, window_starts
from genre.config import fingerprint, later
from genre.dataset.corpus import Corpus
from genre.dataset.splits import Split
from genre.errors import GenreError
from genre.evaluation.inputs import RunFolder, RunRecord
from genre.evaluation.scores import load_scores
from genre.inference.bundle import load_bundle
from genre.inference.score_rule import AGGREGATIONS
from genre.models.registry import MODELS
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.tasks import Task
from genre.training.config import TrainingConfig
from genre.training.heads import HeadConfig
from genre.training.losses import LOSSES

AUTO = "auto"
"""Mean score, unless another aggregation is clearly better on validation tracks."""


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """What is trained, apart from data, split and seed.

    Parameters
    ----------
    architecture : str
        A key of `genre.models.registry.MODELS`; or frozen.
    model : dataclass
        Options of that architecture; of frozen, a `genre.models.frozen.FrozenConfig`.
    loss : str
        A key of `genre.training.losses.LOSSES`.
    training : TrainingConfig or HeadConfig
        How it is trained.
    windows : WindowConfig
        How tracks are cut.
    aggregation : str
        How windows become a track: a key of `genre.inference.score_rule.AGGREGATIONS`, or auto.
    task : multilabel or exclusive
        Whether a track may have several genres, or has exactly one; that of the loss.
    kept_windows : int
        How many windows of a longer track there are to train, validate and test on; 0 for all.
    """

    architecture: str = "spectrogram_cnn"
    model: object = field(default_factory=SpectrogramCNNConfig)
    loss: str = "bce"
    training: TrainingConfig | HeadConfig = field(default_factory=TrainingConfig)
    windows: WindowConfig = field(default_factory=WindowConfig)
    aggregation: str = AUTO
    task: Task = later("multilabel")
    kept_windows: int = later(0)

    @property
    def heard(self) -> WindowConfig:
        """How what is kept of tracks is cut: sampled windows just as they were sampled."""
        if not self.kept_windows:
            return self.windows
        return replace(self.windows, step_seconds=self.windows.window_seconds)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One cell of a grid.

    Parameters
    ----------
    config_name : str
        What the configuration is called.
    config : RunConfig
        What is trained.
    seed : int
        Of everything that is drawn.
    folder : Path
        Where its results are.
    command : str
        What the user called, for the record.
    recipe : str
        Where the configuration started from, for the record.
    backbone : Path or None
        The folder of the frozen pre-trained network; None where all is trained.
    """

    config_name: str
    config: RunConfig
    seed: int
    folder: Path
    command: str = ""
    recipe: str = "default"
    backbone: Path | None = None

    def identity(self, corpus: Corpus, split: Split) -> str:
        """Fingerprint everything that the result depends on.

        Parameters
        ----------
        corpus : Corpus
            The tracks and their front end.
        split : Split
            How they are divided.
        """
        parts = (
            fingerprint(_in_effect(self.config, corpus)),
            corpus.front_end.features_fingerprint,
            corpus.data_hash,
            split.hash,
            str(self.seed),
            # Only where there is a tree, so that all other runs keep the names they have had.
            *([repr(corpus.vocabulary.parents)] if corpus.vocabulary.parents else []),
            *_plugin_hashes(self.config),
        )
        return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]

    @property
    def files(self) -> RunFolder:
        """Where each of its results is."""
        return RunFolder(self.folder)

    def record(self) -> RunRecord | None:
        """Read the record of a finished run; None where any part of it is absent or broken."""
        try:
            record = self.files.read_record()
            load_scores(self.files.scores)
            load_bundle(self.files.bundle)
        except (OSError, ValueError, GenreError):
            return None
        return record if record is not None and record.finished and record.identity else None


def _in_effect(config: RunConfig, corpus: Corpus) -> RunConfig:
    """Leave out a limit that no track reaches: with it a run ends as it does without."""
    training, lengths = config.training, corpus.features.lengths
    if not isinstance(training, TrainingConfig) or not len(lengths):
        return config
    longest = window_starts(int(lengths.max()), config.heard, corpus.front_end.mel)
    if len(longest) > training.windows_per_track:
        return config
    return replace(config, training=replace(training, windows_per_track=0))


def _plugin_hashes(config: RunConfig) -> list[str]:
    """List the contents of the plug-ins that a run's parts come from; none where all are ours."""
    chosen = list(AGGREGATIONS) if config.aggregation == AUTO else [config.aggregation]
    origins = [
        MODELS.origin(config.architecture),
        LOSSES.origin(config.loss),
        *(AGGREGATIONS.origin(name) for name in chosen),
    ]
    return [origin.sha256 for origin in origins if origin is not None]
