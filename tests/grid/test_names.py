"""What configurations are called: genre.grid.names."""

from genre.grid import GridConfig
from genre.grid.names import configuration_names, variants
from genre.models.registry import MODELS
from genre.training.losses import LOSSES


def test_every_loss_trains_on_every_variant() -> None:
    names = configuration_names()
    assert len(names) == len(variants()) * len(LOSSES)
    assert {"attnTrue_lossasl", "attnFalse_lossasl", "short_chunk_cnn_lossasl"} <= set(names)
    assert set(variants()) == {"attnTrue", "attnFalse", *MODELS} - {"spectrogram_cnn"}
    run = GridConfig(configs=("attnTrue_lossasl",)).run_config("attnTrue_lossasl")
    assert (run.architecture, run.loss) == ("spectrogram_cnn", "asl")
