"""A run on a frozen pre-trained network: its head learned, then both as one network."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from genre.addresses import Place
from genre.audio.frontend import extract
from genre.audio.rows import FrontEnd
from genre.config import to_mapping
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.splits import Split
from genre.errors import BundleError
from genre.experiment.run import Run
from genre.inference.bundle import Bundle, load_backbone
from genre.inference.network import EMBEDDING, LOGITS, open_session
from genre.inference.score_rule import ScoreRule
from genre.inference.scoring import WindowLogits, window_logits
from genre.models.exporting import difference_of
from genre.models.frozen import FrozenConfig, Head, head_network, whole_network
from genre.models.registry import count_parameters
from genre.remote.sound import at_hand
from genre.training.heads import HeadConfig, fit_head
from genre.training.history import Epoch
from genre.training.losses import build_loss

_CHECKED_TRACKS = 4

Listen = Callable[[LabelledTracks], WindowLogits]


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a training comes to, before anything is known of its scores.

    Parameters
    ----------
    bundle : Bundle
        With the network as it will be used.
    network : Module or None
        The same for torch, where torch has a form of it.
    listen : callable of LabelledTracks
        Scores the windows of tracks by that network.
    corpus : Corpus
        What `listen` is given parts of.
    difference : float
        Largest difference of a logit between the network that will be used and the trained one.
    best_epoch, n_epochs : int
        Which epoch was kept, of how many.
    """

    bundle: Bundle
    network: nn.Module | None
    listen: Listen
    corpus: Corpus
    difference: float
    best_epoch: int
    n_epochs: int


def learn_head(
    run: Run,
    training: HeadConfig,
    corpus: Corpus,
    split: Split,
    *,
    on_epoch: Callable[[tuple[Epoch, ...]], None],
) -> Learned:
    """Train the head of a frozen network on the processor, and put it on that.

    Windows are scored by the head alone in onnxruntime, from the embeddings that are there; the
    whole network is checked on validation tracks, from the sound on, against torch's head.

    Parameters
    ----------
    run : Run
        With the folder of its backbone.
    training : HeadConfig
        How its head is trained.
    corpus : Corpus
        With the embeddings that the run's configuration names.
    split : Split
        Which tracks are for training and validation.
    on_epoch : callable of tuple of Epoch
        Called once, with a fit for each weight decay that was tried: all take seconds.

    Raises
    ------
    BundleError
        Where the backbone is gone or another by now, or the whole gives other logits.
    """
    config, folder = run.config.model, run.backbone
    if not isinstance(config, FrozenConfig) or folder is None:
        raise TypeError(f"run={run} must name its frozen network")
    backbone = load_backbone(folder)
    if backbone.network_sha256 != config.network_sha256:
        raise BundleError(f"{folder} must hold the network that this run is to stand on")
    embedded = corpus.embedded(config.features)
    train, val = embedded.part(split.train), embedded.part(split.val)
    loss = build_loss(run.config.loss, torch.from_numpy(train.y_true))
    task = run.config.task
    trained = fit_head(train, val, loss, config=training, seed=run.seed, task=task)
    on_epoch(trained.history)
    bundle = _whole(backbone, trained.head, run, corpus)
    return Learned(
        bundle=bundle,
        network=None,
        listen=_listener(trained.head),
        corpus=embedded,
        difference=_check(bundle, trained.head, embedded, split),
        best_epoch=trained.best_epoch,
        n_epochs=len(trained.history),
    )


def _whole(backbone: Bundle, head: Head, run: Run, corpus: Corpus) -> Bundle:
    genres = corpus.vocabulary.genres
    return replace(
        backbone,
        network_onnx=whole_network(backbone.network_onnx or b"", head),
        model_name=run.config.architecture,
        model_config=to_mapping(run.config.model),
        n_parameters=backbone.n_parameters + count_parameters(head),
        genres=genres,
        rule=ScoreRule(parents=corpus.vocabulary.parents),
        thresholds=(0.5,) * len(genres),
        display_names=corpus.display_names,
        provenance={},
    )


def _listener(head: Head) -> Listen:
    """Let the head alone score embeddings, in onnxruntime."""
    shapes: dict[str, tuple[int | None, ...]] = {
        EMBEDDING: (len(head.mean),),
        LOGITS: (len(head.linear[-1].bias),),
    }
    session = open_session(head_network(head), shapes)

    def _listen(tracks: LabelledTracks) -> WindowLogits:
        logits = [session.run([LOGITS], {EMBEDDING: rows})[0] for rows in tracks.mels()]
        lengths = tracks.features.lengths
        return WindowLogits(np.concatenate(logits), np.repeat(np.arange(len(lengths)), lengths))

    return _listen


@torch.no_grad()
def _check(bundle: Bundle, head: Head, embedded: Corpus, split: Split) -> float:
    """Compare the whole network, from the sound on, with the head on what the store kept."""
    paths = {track.track_id: track.path for track in embedded.tracks}
    lengths = embedded.part(split.val).features.lengths
    # The shortest: each is listened to once more.
    chosen = [split.val[row] for row in np.argsort(lengths, kind="stable")[:_CHECKED_TRACKS]]
    mels = (_hear(paths[track_id], bundle.front_end) for track_id in chosen)
    ours = window_logits(bundle.network(n_threads=1), mels, bundle.windowing).logits
    rows = np.concatenate(list(embedded.part(chosen).mels()))
    theirs: NDArray[np.float32] = head(torch.from_numpy(rows)).numpy()
    if ours.shape != theirs.shape:
        raise BundleError("validation tracks must have the windows that their embeddings are of")
    return difference_of(ours, theirs)


def _hear(source: Place, front_end: FrontEnd) -> NDArray[np.floating]:
    with at_hand(source, max_bytes=front_end.max_bytes) as sound:
        return extract(sound.path, front_end).mel
