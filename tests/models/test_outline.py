"""A network stage by stage: genre.models.outline."""

from genre.models.outline import outline
from genre.models.spectrogram_cnn import SpectrogramCNN, SpectrogramCNNConfig

N_MELS, N_FRAMES = 32, 48


def test_the_outline_of_the_default_network() -> None:
    model = SpectrogramCNN(SpectrogramCNNConfig(channels=(4, 6), hidden=8), n_labels=3).eval()
    stages = outline(model, n_mels=N_MELS, n_frames=N_FRAMES)
    assert [stage.name for stage in stages] == ["window", "block 1", "block 2", "pooling", "head"]
    assert [stage.shape for stage in stages] == [
        (1, N_MELS, N_FRAMES),
        (4, 8, 12),
        (6, 4, 6),
        (6 * 3 * 6,),
        (3,),
    ]
    assert stages[1].layers == (
        "conv 5×5 step 2×2, norm, ReLU",
        "conv 3×3, norm",
        "max pool, ReLU",
        "channel attention",
        "spatial attention",
    )
    assert stages[2].layers[:3] == ("conv 3×3, norm, ReLU", "conv 3×3, norm", "max pool, ReLU")
    assert stages[4].layers == ("linear", "ReLU", "dropout", "linear")
