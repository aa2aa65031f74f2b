"""What the contenders of a measurement of training work on."""

from dataclasses import dataclass
from pathlib import Path

import torch

from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.features import FeatureStore
from genre.dataset.labels import Vocabulary
from genre.dataset.layouts import scan
from genre.dataset.packing import pack
from genre.execution import ExecutionConfig
from genre.inference.windowing import Windowing
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig
from genre.sample import SampleConfig, make_sample_dataset
from genre.training.batches import standardisation_of
from genre.training.config import TrainingConfig
from genre.training.losses import build_loss
from genre.training.trainer import Trainer

MODEL, TRAINING = SpectrogramCNNConfig(), TrainingConfig()
FRONT_END, WINDOWS = FrontEndConfig(), WindowConfig()
GENRES = ("classical", "jazz", "rock", "electronic")


@dataclass(frozen=True)
class Data:
    """Tracks made for the benchmark."""

    corpus: Corpus
    part: LabelledTracks
    windowing: Windowing
    device: torch.device

    def trainer(self, model: SpectrogramCNNConfig = MODEL) -> Trainer:
        """Make what `genre train` makes for a run."""
        n_labels = self.part.y_true.shape[1]
        return Trainer(
            lambda: SpectrogramCNN(model, n_labels=n_labels),
            build_loss("bce", torch.from_numpy(self.part.y_true)),
            train=self.part,
            val=self.part,
            windowing=self.windowing,
            config=TRAINING,
            seed=0,
            device=self.device,
        )


def make_data(folder: Path, device: torch.device) -> Data:
    """Play a few artists with the sample synthesiser and compute their features."""
    config = SampleConfig(
        genres=GENRES,
        n_artists_per_genre=3,
        n_tracks_per_artist=2,
        min_seconds=30.0,
        max_seconds=30.0,
    )
    make_sample_dataset(folder / "music", config)
    tracks = scan(folder / "music").tracks
    store = FeatureStore(folder / "cache", FRONT_END)
    store.fill(tracks, execution=ExecutionConfig(n_workers=0))
    corpus = Corpus(
        tracks=tracks,
        vocabulary=Vocabulary(GENRES),
        # As a grid does: shared by runs on the processor, held by a graphics card.
        features=pack(tracks, store, folder=folder / "packed" if device.type == "cpu" else None),
        front_end=FRONT_END,
    )
    part = corpus.part([track.track_id for track in tracks])
    windowing = Windowing(
        mel=FRONT_END.mel, windows=WINDOWS, standardisation=standardisation_of(part)
    )
    return Data(corpus, part, windowing, device)
