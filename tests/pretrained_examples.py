"""Pre-trained networks made for the tests: they give the mean level of a window and its double."""

from dataclasses import replace

from genre.audio.decode import DecodeConfig
from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.inference import Bundle, Pretrained, ScoreRule, Standardisation
from tests.networks import level

N_MELS, N_FRAMES = 8, 20
MEL = MelConfig(
    sample_rate=8000,
    n_fft=256,
    hop_length=100,
    n_mels=N_MELS,
    f_max=4000.0,
    mel_scale="htk",
    compression="log10",
    normalise_peak=True,
)
ORIGIN = Pretrained(
    name="ears",
    source="ears-of-somebody",
    version="1.0",
    sha256="0" * 64,
    licence="CC BY 4.0",
    attribution="Somebody (2020)",
)


def small_backbone(genres: tuple[str, ...] = ("loud", "louder")) -> Bundle:
    """Make one that knows the classes named."""
    return Bundle(
        network_onnx=level(n_mels=N_MELS, n_frames=N_FRAMES, n_labels=len(genres)),
        model_name="ears",
        model_config={},
        genres=genres,
        front_end=FrontEndConfig(decode=replace(DecodeConfig(), sample_rate=8000), mel=MEL),
        windows=WindowConfig(window_seconds=0.25, step_seconds=0.25, min_tail_seconds=0.1),
        standardisation=Standardisation(mean=(0.0,) * N_MELS, deviation=(1.0,) * N_MELS),
        rule=ScoreRule(),
        thresholds=(0.5,) * len(genres),
        backbones=(ORIGIN,),
    )
