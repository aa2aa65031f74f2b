"""What the options start from.

`default` is what did best on validation parts (results/LOG.md); `reference` is the plain network
and training of the reference design, to compare with. `speech_commands` and its reference are the
same two for spoken words of a second.
"""

from dataclasses import dataclass, field
from typing import Any

from genre.audio.decode import DecodeConfig
from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.dataset.splits import SplitConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.plugins import Registry
from genre.tasks import Task
from genre.training.augment import AugmentConfig
from genre.training.config import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A network, what it hears, and the way to train it.

    Parameters
    ----------
    model : SpectrogramCNNConfig
        Attention comes from the configuration's name.
    training : TrainingConfig
        How to train it.
    task : multilabel or exclusive
        Which question is asked.
    configs : tuple of str
        What is trained where nothing is named; none is the standard of the task.
    front_end : FrontEndConfig
        From file to spectrogram.
    windows : WindowConfig
        How tracks are cut.
    split : SplitConfig
        How they are divided.
    """

    model: SpectrogramCNNConfig = field(default_factory=SpectrogramCNNConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    task: Task = "multilabel"
    configs: tuple[str, ...] = ()
    front_end: FrontEndConfig = field(default_factory=FrontEndConfig)
    windows: WindowConfig = field(default_factory=WindowConfig)
    split: SplitConfig = field(default_factory=SplitConfig)

    @property
    def named(self) -> dict[str, Any]:
        """Question and configurations, where they are of its own."""
        return {"task": self.task, "configs": self.configs} if self.configs else {}


def _speech(*, n_fft: int, hop_length: int) -> FrontEndConfig:
    """Hear speech as sets of spoken words hold it: up to 8 kHz."""
    mel = MelConfig(sample_rate=16000, n_fft=n_fft, hop_length=hop_length, n_mels=64, f_max=8000.0)
    return FrontEndConfig(decode=DecodeConfig(sample_rate=mel.sample_rate), mel=mel)


# To the frame what a clip of a second has, whose first frame is centred on its beginning: 63 of 16
# ms, and 32 of 32 ms.
SECOND = WindowConfig(window_seconds=1.008, step_seconds=0.504, min_tail_seconds=0.252)
SECOND_OF_32 = WindowConfig(window_seconds=1.024, step_seconds=0.512, min_tail_seconds=0.256)
FOUR_FIFTHS = SplitConfig(train=0.7, val=0.1, test=0.2)
NOT_AUGMENTED = AugmentConfig(
    random_starts=False, gain_db=0.0, mix_share=0.0, shift_mels=0, mask_mels=0, mask_frames=0
)

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
        "speech_commands": Recipe(
            training=TrainingConfig(
                epochs=60,
                batch_size=32,
                learning_rate=4e-3,
                weight_decay=1e-2,
                label_smoothing=0.1,
                augment=AugmentConfig(
                    random_starts=False,
                    mix_share=0.5,
                    shift_mels=2,
                    mask_mels=8,
                    mask_frames=9,
                    shift_frames=6,
                    tempo=0.15,
                ),
            ),
            task="exclusive",
            configs=("tc_resnet_losscross_entropy",),
            front_end=_speech(n_fft=1024, hop_length=256),
            windows=SECOND,
            split=FOUR_FIFTHS,
        ),
        "speech_commands_reference": Recipe(
            training=TrainingConfig(
                epochs=3,
                batch_size=32,
                optimizer="adam",
                learning_rate=1e-3,
                weight_decay=1e-4,
                schedule="plateau",
                averaging=0.0,
                label_smoothing=0.0,
                windows_per_track=0,
                augment=NOT_AUGMENTED,
            ),
            task="exclusive",
            configs=("small_cnn_losscross_entropy",),
            front_end=_speech(n_fft=1024, hop_length=512),
            windows=SECOND_OF_32,
            split=FOUR_FIFTHS,
        ),
    },
)
