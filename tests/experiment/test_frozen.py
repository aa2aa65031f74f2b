"""A head learned and put on its network: genre.experiment.frozen; end to end in tests/grid."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from genre.audio.frontend import extract
from genre.dataset.corpus import Corpus, LabelledTracks
from genre.dataset.packing import PackedFeatures
from genre.dataset.splits import Split
from genre.errors import BundleError
from genre.experiment import Run, RunConfig
from genre.experiment.frozen import learn_head
from genre.inference.embedding import embedding_source
from genre.inference.writing import write_bundle
from genre.models.frozen import FrozenConfig
from genre.training.heads import HeadConfig, fit_once
from genre.training.history import Epoch
from genre.training.losses import build_loss
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


@pytest.mark.parametrize("is_refitted", [True, False])
def test_validation_is_heard_by_a_head_that_has_not_learned_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_refitted: bool
) -> None:
    monkeypatch.setattr("genre.experiment.frozen._check", lambda *_: 0.0)
    run, data = run_and_corpus(tmp_path)
    (fingerprint, packed), rng = next(iter(data.embeddings.items())), np.random.default_rng(0)
    packed.mel[:] = rng.normal(0, 1, packed.mel.shape)
    split, config = split_of(data), HeadConfig(frozen_refit=is_refitted)
    learned = learn_head(run, config, data, split, on_epoch=lambda _: None)
    embedded = data.embedded(fingerprint)
    train, val = embedded.part(split.train), embedded.part(split.val)
    assert learned.listen_before is not None
    before, after = learned.listen_before(val).logits, learned.listen(val).logits
    decay = config.frozen_weight_decays[learned.best_epoch - 1]
    for heard, logits in (
        (train, before),
        (_both(embedded, split) if is_refitted else train, after),
    ):
        loss = build_loss("bce", torch.from_numpy(heard.y_true))
        head = fit_once(heard, loss, config=config, decay=decay, seed=0)
        expected = head(torch.from_numpy(np.concatenate(list(val.mels())))).detach().numpy()
        np.testing.assert_allclose(logits, expected, atol=1e-3)  # L-BFGS from another start
    assert (np.abs(before - after).max() > 1e-2) == is_refitted


def _both(embedded: Corpus, split: Split) -> LabelledTracks:
    return embedded.part((*split.train, *split.val))
