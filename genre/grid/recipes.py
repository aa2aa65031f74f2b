"""What the options of model and training start from.

`default` is what did best on validation parts (results/LOG.md); `reference` is the plain network
and training of the reference design, to compare with.
"""

from dataclasses import dataclass, field

from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.plugins import Registry
from genre.training.augment import AugmentConfig
from genre.training.config import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A network and the way to train it.

    Parameters
    ----------
    model : SpectrogramCNNConfig
        Attention comes from the configuration's name.
    training : TrainingConfig
        How to train it.
    """

    model: SpectrogramCNNConfig = field(default_factory=SpectrogramCNNConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)


RECIPES: Registry[Recipe] = Registry(
    "recipe",
    {
        "default": Recipe(),
        "reference": Recipe(
            model=SpectrogramCNNConfig(
                channels=(16, 32, 64),
                convolutions=1,
                first_kernel=3,
                stride_mels=1,
                stride_frames=1,
                pooling="mean",
                hidden=64,
                block_dropout=0.1,
                head_dropout=0.3,
            ),
            training=TrainingConfig(
                epochs=60,
                schedule="plateau",
                stop_patience=12,
                windows_per_track=0,
                averaging=0.0,
                label_smoothing=0.0,
                augment=AugmentConfig(random_starts=False, mix_share=0.0, shift_mels=0),
            ),
        ),
    },
)
