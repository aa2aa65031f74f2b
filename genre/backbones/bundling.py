"""A pre-trained network as a bundle of our own form: what all of them have in common."""

from genre.audio.rows import FrontEnd, RowFrontEnd
from genre.audio.windows import WindowConfig
from genre.backbones.graph import count_weights
from genre.inference.bundle import Bundle
from genre.inference.pretrained import Pretrained
from genre.inference.score_rule import ScoreRule
from genre.inference.windowing import Standardisation


def bundle_of(
    network: bytes,
    origin: Pretrained,
    *,
    classes: tuple[str, ...],
    front_end: FrontEnd,
    windows: WindowConfig,
    standardisation: Standardisation | None = None,
) -> Bundle:
    """Make a bundle of a network that somebody else has trained.

    Parameters
    ----------
    network : bytes
        As ONNX, with inputs and outputs as `genre.inference.network` names them.
    origin : Pretrained
        Whose it is.
    classes : tuple of str
        What its logits stand for, spelled as they are; none where it has embeddings alone.
    front_end : FrontEndConfig or RowFrontEnd
        How it was trained to hear.
    windows : WindowConfig
        Likewise.
    standardisation : Standardisation, optional
        Likewise; bands as they are if None.
    """
    n_mels = 1 if isinstance(front_end, RowFrontEnd) else front_end.mel.n_mels
    as_they_are = Standardisation(mean=(0.0,) * n_mels, deviation=(1.0,) * n_mels)
    return Bundle(
        network_onnx=network,
        model_name=origin.name,
        model_config={},
        n_parameters=count_weights(network),
        genres=classes,
        front_end=front_end,
        windows=windows,
        standardisation=standardisation or as_they_are,
        rule=ScoreRule(),
        thresholds=(0.5,) * len(classes),
        display_names={name: name for name in classes},
        backbones=(origin,),
    )
