"""Configurations on a frozen pre-trained network: ``frozen_<network>_loss<loss>``.

Several networks hear as one: ``frozen_musicnn+aisfx_lossbce``.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch

from genre.addresses import Place
from genre.backbones.shelf import folder_on, missing_on, names_on
from genre.dataset.features import RowStore
from genre.errors import BundleError, ConfigError
from genre.evaluation.inputs.records import FROZEN
from genre.experiment import RunConfig
from genre.inference.bundle import load_backbone
from genre.inference.embedding import EmbeddingSource, embedding_source
from genre.inference.network import OnnxNetwork
from genre.models.exporting import difference_of
from genre.models.frozen import FrozenConfig, Head, whole_network
from genre.tasks import Task
from genre.training.heads import HeadConfig
from genre.training.losses import LOSSES

_FROZEN, _LOSS = f"{FROZEN}_", "_loss"


def backbone_of(name: str) -> str:
    """Read the pre-trained network out of a configuration's name; empty where it names none.

    Parameters
    ----------
    name : str
        Such as ``frozen_musicnn_lossbce``.
    """
    variant, _, loss = name.rpartition(_LOSS)
    return variant.removeprefix(_FROZEN) if name.startswith(_FROZEN) and loss in LOSSES else ""


def folder_of(name: str, backbones: Path) -> Path | None:
    """Locate the network that a configuration stands on; None for one that is trained whole.

    Parameters
    ----------
    name : str
        Of the configuration.
    backbones : Path
        Folder of all pre-trained networks.

    Raises
    ------
    BundleError, ConfigError
        As `genre.backbones.shelf.folder_on`.
    """
    backbone = backbone_of(name)
    return folder_on(backbones, backbone) if backbone else None


def is_known(name: str, backbones: Path) -> bool:
    """Whether a configuration stands on networks that are there.

    Parameters
    ----------
    name : str
        Of the configuration.
    backbones : Path
        Folder of all pre-trained networks.
    """
    backbone = backbone_of(name)
    return bool(backbone) and not missing_on(backbones, backbone)


def check_backbone(name: str, backbones: Path) -> None:
    """Make sure that the networks of a configuration are there.

    Parameters
    ----------
    name : str
        Of the configuration.
    backbones : Path
        Folder of all pre-trained networks.

    Raises
    ------
    ConfigError
        With what is there, and how to add one.
    """
    missing = missing_on(backbones, backbone_of(name))
    if missing:
        there = ", ".join(names_on(backbones)) or "none"
        raise ConfigError(
            f"configs={name!r} must stand on networks that are there: {backbones} has {there}; "
            f"genre backbone add {missing[0]}"
        )


def invitation(backbones: Path, *, task: Task = "multilabel") -> str:
    """Write which pre-trained networks are there, and how to include them; empty for none.

    Parameters
    ----------
    backbones : Path
        Folder of all pre-trained networks.
    task : multilabel or exclusive
        Which question the grid asks.
    """
    there = ", ".join(names_on(backbones))
    names = " ".join(frozen_names(backbones, task=task))
    return f"{backbones} has {there}: --configs all includes {names}, in seconds" if there else ""


def frozen_names(backbones: Path, *, task: Task = "multilabel") -> tuple[str, ...]:
    """List a configuration for each pre-trained network that is there.

    Parameters
    ----------
    backbones : Path
        Folder of all pre-trained networks.
    task : multilabel or exclusive
        Which question their heads are to answer.
    """
    loss = "bce" if task == "multilabel" else "cross_entropy"
    return tuple(f"{_FROZEN}{name}{_LOSS}{loss}" for name in names_on(backbones))


def frozen_run(
    name: str, backbones: Path, *, head: HeadConfig, aggregation: str, task: Task
) -> RunConfig:
    """Describe the training that the name of a configuration stands for.

    Parameters
    ----------
    name : str
        Of a configuration with a frozen network that is there.
    backbones : Path
        Folder of all pre-trained networks.
    head : HeadConfig
        How its head is trained.
    aggregation : str
        How windows become a track.
    task : multilabel or exclusive
        Which question it is to answer.

    Raises
    ------
    BundleError
        Where the network cannot be used.
    """
    source = embedding_source(folder_on(backbones, backbone_of(name)))
    return RunConfig(
        architecture=FROZEN,
        model=FrozenConfig(
            backbone=backbone_of(name),
            network_sha256=source.network_sha256,
            features=source.features_fingerprint,
            hidden=head.frozen_hidden,
        ),
        loss=name.rpartition(_LOSS)[2],
        training=head,
        windows=source.windows,
        aggregation=aggregation,
        task=task,
    )


def embedding_stores(configs: Iterable[str], *, backbones: Path, cache: Place) -> list[RowStore]:
    """List where the embeddings of configurations are kept, each network once.

    Parameters
    ----------
    configs : iterable of str
        Names of configurations, of any kind.
    backbones : Path
        Folder of all pre-trained networks.
    cache : Path or Address
        Folder of all features.
    """
    folders = dict.fromkeys(folder_of(name, backbones) for name in configs)
    sources = [embedding_source(folder) for folder in folders if folder is not None]
    return [RowStore(cache, source) for source in sources]


def rehearse_frozen(name: str, config: FrozenConfig, backbones: Path) -> None:
    """Put a head on a frozen network and compare the whole with its parts.

    Parameters
    ----------
    name : str
        Of the configuration.
    config : FrozenConfig
        What it is built of.
    backbones : Path
        Folder of all pre-trained networks.

    Raises
    ------
    ConfigError
        Where the two would be of no use once trained.
    """
    try:
        _try_to_use(config, embedding_source(folder_on(backbones, config.backbone)))
    except BundleError as error:
        raise ConfigError(f"configs={name!r} must be of use once trained: {error}") from error


@torch.no_grad()
def _try_to_use(config: FrozenConfig, source: EmbeddingSource) -> None:
    backbone = load_backbone(source.folder)
    windowing, mel = backbone.windowing, backbone.front_end.mel
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((2, windowing.n_frames, mel.n_mels), dtype=np.float32)
    (embeddings,) = backbone.network(n_threads=1).embeddings([noise])
    n_embedding = source.n_columns
    head = Head(torch.zeros(n_embedding), torch.ones(n_embedding), n_labels=2, hidden=config.hidden)
    whole = whole_network(backbone.network_onnx or b"", head)
    (logits,) = OnnxNetwork(whole, windowing, n_labels=2, n_threads=1).over([noise])
    difference_of(logits, head(torch.from_numpy(embeddings)).numpy())
