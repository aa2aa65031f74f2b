"""A head learned and put on its network: genre.experiment.frozen; end to end in tests/grid."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.audio.frontend import extract
from genre.dataset.corpus import Corpus
from genre.dataset.packing import PackedFeatures
from genre.errors import BundleError
from genre.experiment import Run, RunConfig
from genre.experiment.frozen import learn_head
from genre.inference.embedding import embedding_source
from genre.inference.writing import write_bundle
from genre.models.frozen import FrozenConfig
from genre.training.heads import HeadConfig
from genre.training.history import Epoch
from tests import sounds
from tests.networks import level
from tests.pretrained_examples import N_FRAMES, N_MELS, small_backbone
from tests.synthetic import corpus, split_of

N_WINDOWS = 4


def run_and_corpus(folder: Path) -> tuple[Run, Corpus]:
    """Describe a run on tracks of a second whose embeddings are known."""
    write_bundle(small_backbone(), folder / "ears")
    source, data = embedding_source(folder / "ears"), corpus(n_artists=4)
    tone = sounds.write(folder / "tone.wav", sounds.tone(1.0, 8000), 8000)
    rows = (
        small_backbone().network(n_threads=1).embed(extract(tone, small_backbone().front_end).mel)
    )
    assert len(rows) == N_WINDOWS
    counts = np.full(len(data.tracks), N_WINDOWS, dtype=np.int64)
    data = replace(
        data,
        tracks=tuple(replace(track, path=tone) for track in data.tracks),
        embeddings={
            source.features_fingerprint: PackedFeatures(
                mel=np.tile(rows, (len(counts), 1)),
                starts=np.cumsum(counts) - counts,
                lengths=counts,
            )
        },
    )
    config = RunConfig(
        architecture="frozen",
        model=FrozenConfig(
            backbone="ears",
            network_sha256=source.network_sha256,
            features=source.features_fingerprint,
        ),
        training=HeadConfig(),
    )
    run = Run(
        config_name="frozen_ears_lossbce",
        config=config,
        seed=0,
        folder=folder / "run",
        backbone=folder / "ears",
    )
    return run, data


def learn(run: Run, data: Corpus) -> list[int]:
    seen: list[tuple[Epoch, ...]] = []
    learned = learn_head(run, HeadConfig(), data, split_of(data), on_epoch=seen.append)
    assert learned.difference <= 1e-4
    assert learned.network is None
    windows = learned.listen(learned.corpus.part(split_of(data).test))
    assert windows.track.tolist() == np.repeat(np.arange(6), N_WINDOWS).tolist()
    return [len(history) for history in seen]


def test_all_is_told_at_once(tmp_path: Path) -> None:
    assert learn(*run_and_corpus(tmp_path)) == [len(HeadConfig().frozen_weight_decays)]


def test_a_network_that_was_replaced_is_not_taken_for_the_other(tmp_path: Path) -> None:
    run, data = run_and_corpus(tmp_path)
    other = level(n_mels=N_MELS, n_frames=N_FRAMES, n_labels=0)
    write_bundle(replace(small_backbone(()), network_onnx=other), tmp_path / "ears")
    with pytest.raises(BundleError, match="must hold the network that this run is to stand on"):
        learn(run, data)


def test_a_network_that_is_gone_is_named(tmp_path: Path) -> None:
    run, data = run_and_corpus(tmp_path)
    with pytest.raises(BundleError, match=r"bundle=.*none must be a folder with model\.json"):
        learn(replace(run, backbone=tmp_path / "none"), data)


def test_embeddings_of_another_sound_are_noticed(tmp_path: Path) -> None:
    run, data = run_and_corpus(tmp_path)
    rng = np.random.default_rng(0)
    for packed in data.embeddings.values():
        packed.mel[:] = rng.normal(0, 10, packed.mel.shape)
    with pytest.raises(BundleError, match=r"must give torch's logits within 0\.0001"):
        learn(run, data)


def test_embeddings_of_other_windows_are_noticed(tmp_path: Path) -> None:
    run, data = run_and_corpus(tmp_path)
    longer = sounds.write(tmp_path / "long.wav", sounds.tone(2.0, 8000), 8000)
    data = replace(data, tracks=tuple(replace(track, path=longer) for track in data.tracks))
    with pytest.raises(BundleError, match="must have the windows that their embeddings are of"):
        learn(run, data)
