"""genre.backbones.hf.adding: what is added computes what `transformers` does of the same folder."""

import json
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from genre.audio.decode import load_waveform
from genre.audio.decoder import DecodeConfig
from genre.audio.frontend import extract
from genre.audio.rows import RowFrontEnd
from genre.audio.windows import WindowConfig
from genre.backbones.hf import adding
from genre.backbones.hf.adding import TOLERANCE, add_model
from genre.backbones.hf.folder import FAMILIES, SPECTROGRAM, read_folder
from genre.errors import BundleError, ConfigError
from genre.evaluation.scores import load_scores
from genre.execution import ExecutionConfig
from genre.grid import run_grid
from genre.inference import Bundle, load_backbone
from genre.inference.writing import write_bundle
from genre.loading import load_tagger
from tests.audio.test_rows import write_steps
from tests.backbones.hf.small_models import RATE, change, save_model
from tests.pretrained_examples import small_backbone
from tests.tiny_grid import tiny

Floats = NDArray[np.float32]
SECONDS = 0.5


def added(folder: Path, **options: Any) -> Bundle:  # noqa: ANN401
    """Add a model beside its folder, and read what was written."""
    shelf = folder.parent / "shelf"
    bundle = add_model(read_folder(folder), shelf / "own", name="own", **options)
    assert load_backbone(shelf / "own") == bundle
    return bundle


def sounds(bundle: Bundle) -> Floats:
    """Make tones of three pitches in noise, of shape (3, n_samples)."""
    n_samples = bundle.front_end.mel.n_mels
    noise = np.random.default_rng(5).normal(0.02, 0.05, (3, n_samples))
    pitches = np.array([[200.0], [700.0], [1900.0]])
    tones = 0.3 * np.sin(2 * np.pi * pitches * np.arange(n_samples) / RATE)
    return (tones + noise).astype(np.float32)


def outputs(folder: Path, waveforms: Floats, kind: str) -> Any:  # noqa: ANN401 - of transformers
    """Compute what `transformers` does of a folder that it reads itself."""
    extractor = transformers.AutoFeatureExtractor.from_pretrained(folder)
    model = getattr(transformers, kind).from_pretrained(folder).eval()
    inputs = extractor(list(waveforms), sampling_rate=RATE, return_tensors="pt")
    with torch.no_grad():
        return model(**inputs)


def close(found: NDArray[np.floating], wanted: Any) -> None:  # noqa: ANN401
    expected = np.asarray(wanted)
    assert np.abs(expected - expected[:1]).max() > 1e-3  # the sounds are told apart
    np.testing.assert_allclose(found, expected, atol=TOLERANCE * np.abs(expected).max())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_gives_the_embedding_of_transformers(family: str, tmp_path: Path) -> None:
    folder = save_model(tmp_path / family, family)
    of_spectrogram = family == SPECTROGRAM
    bundle = added(folder, window_seconds=None if of_spectrogram else SECONDS)
    waveforms = sounds(bundle)
    (found,) = bundle.network(n_threads=1).embeddings([waveforms[:, None]])
    seen = outputs(folder, waveforms, "AutoModel")
    close(found, seen.pooler_output if of_spectrogram else seen.last_hidden_state.mean(1))
    assert bundle.genres == ()
    seconds = 0.6 if of_spectrogram else SECONDS
    assert bundle.windows == WindowConfig(
        window_seconds=seconds, step_seconds=seconds / 2, min_tail_seconds=seconds / 4
    )
    assert bundle.model_config["model_type"] == family
    assert 0 < bundle.model_config["largest_difference"] <= TOLERANCE


def test_without_a_word_a_waveform_is_heard_for_five_seconds(tmp_path: Path) -> None:
    bundle = added(save_model(tmp_path / "w", "wav2vec2"))
    assert isinstance(bundle.front_end, RowFrontEnd)
    assert bundle.front_end.shapes == ((1, 5 * RATE),)
    assert bundle.front_end.decode.sample_rate == RATE


NAMES = {0: "loud", 1: "quiet", 2: "in between"}


def test_classes_that_exclude_each_other_have_the_scores_of_the_softmax(tmp_path: Path) -> None:
    kind = "HubertForSequenceClassification"
    folder = save_model(
        tmp_path / "h", "hubert", kind=kind, id2label=NAMES, use_weighted_layer_sum=True
    )
    bundle = added(folder, window_seconds=SECONDS)
    assert bundle.genres == ("loud", "quiet", "in between")
    assert bundle.model_config["architecture"] == kind
    waveforms = sounds(bundle)
    network = bundle.network(n_threads=1)
    (logits,) = network.over([waveforms[:, None]])
    seen = outputs(folder, waveforms, kind)
    scores = 1 / (1 + np.exp(-logits))
    close(scores, torch.softmax(seen.logits, dim=1))
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
    # The embedding is what the classifier takes.
    (embedding,) = network.embeddings([waveforms[:, None]])
    model = getattr(transformers, kind).from_pretrained(folder)
    close(
        embedding @ model.classifier.weight.detach().numpy().T,
        seen.logits - model.classifier.bias.detach(),
    )


@pytest.mark.parametrize(
    ("family", "kind", "problem"),
    [
        (SPECTROGRAM, "ASTForAudioClassification", None),
        ("wavlm", "WavLMForSequenceClassification", "multi_label_classification"),
    ],
)
def test_classes_each_for_itself_keep_their_logits(
    family: str, kind: str, problem: str | None, tmp_path: Path
) -> None:
    folder = save_model(tmp_path / "c", family, kind=kind, id2label=NAMES, problem_type=problem)
    bundle = added(folder, window_seconds=SECONDS)
    waveforms = sounds(bundle)
    (logits,) = bundle.network(n_threads=1).over([waveforms[:, None]])
    close(logits, outputs(folder, waveforms, kind).logits)


@pytest.mark.parametrize("family", [SPECTROGRAM, "hubert"])
def test_what_is_not_normalised_stays_so(family: str, tmp_path: Path) -> None:
    folder = save_model(tmp_path / "n", family, normalise=False)
    bundle = added(folder, window_seconds=SECONDS)
    waveforms = sounds(bundle)
    (found,) = bundle.network(n_threads=1).embeddings([waveforms[:, None]])
    seen = outputs(folder, waveforms, "AutoModel")
    close(found, seen.pooler_output if family == SPECTROGRAM else seen.last_hidden_state.mean(1))


def test_a_head_for_another_task_is_left_out(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "c", "wav2vec2", kind="Wav2Vec2ForCTC", vocab_size=7)
    bundle = added(folder, window_seconds=SECONDS)
    assert bundle.genres == ()
    waveforms = sounds(bundle)
    (found,) = bundle.network(n_threads=1).embeddings([waveforms[:, None]])
    close(found, outputs(folder, waveforms, "AutoModel").last_hidden_state.mean(1))


def test_a_mert_is_a_hubert(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "m", "hubert")
    plain = added(folder, window_seconds=SECONDS)
    change(
        folder / "config.json",
        model_type="mert_model",
        architectures=["MERTModel"],
        auto_map={"AutoModel": "modeling_MERT.MERTModel"},
        feature_extractor_cqt=False,
        attention_relax=-1.0,
        deepnorm=False,
    )
    assert added(folder, window_seconds=SECONDS).network_onnx == plain.network_onnx


def test_nothing_is_run_and_nobody_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> socket.socket:
        raise AssertionError("a connection is opened")

    folder = save_model(tmp_path / "w", "wav2vec2")
    (folder / "modeling.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')\n")
    code = {"AutoConfig": "modeling.C", "AutoModel": "modeling.M"}
    change(
        folder / "config.json",
        auto_map=code,
        transformers_weights="../elsewhere.safetensors",
        quantization_config={"quant_method": "gptq", "bits": 4},
    )
    change(folder / "preprocessor_config.json", auto_map={"AutoFeatureExtractor": "modeling.F"})
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    added(folder, window_seconds=SECONDS)
    assert not (tmp_path / "run").exists()
    assert "modeling" not in sys.modules


def test_what_differs_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = save_model(tmp_path / "w", "wav2vec2")
    monkeypatch.setattr(adding, "TOLERANCE", 0.0)
    with pytest.raises(BundleError, match=r"to within 0; here it differs by \S+, and is not kept"):
        add_model(
            read_folder(folder), tmp_path / "shelf" / "own", name="own", window_seconds=SECONDS
        )
    assert not (tmp_path / "shelf").exists()


def test_numbers_that_are_none_are_not_kept(tmp_path: Path) -> None:
    kind = "HubertForSequenceClassification"
    folder = save_model(tmp_path / "h", "hubert", kind=kind, id2label=NAMES)
    tensors = load_file(folder / "model.safetensors")
    tensors["classifier.bias"][1] = np.nan  # the embedding is as it was
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BundleError, match="here it differs by nan, and is not kept"):
        add_model(read_folder(folder), tmp_path / "own", name="own", window_seconds=SECONDS)


@pytest.mark.parametrize(
    ("family", "seconds", "message"),
    [
        (SPECTROGRAM, 0.61, "window_seconds=0.61 must be at most 0.6, all that .* hears at a time"),
        (SPECTROGRAM, 0.02, "must hear windows of 160 samples: .*Kernel size"),
        ("wavlm", 0.002, "must hear windows of 16 samples: .*Kernel size"),
        ("wavlm", 0.0, "window_seconds=0.0 must be above 0 s"),
        ("wavlm", float("nan"), "window_seconds=nan must be above 0 s"),
        ("wavlm", 251.0, "must leave at most 2,000,000 numbers to a row; it has 2,008,000"),
    ],
)
def test_a_window_must_suit_the_model(
    family: str, seconds: float, message: str, tmp_path: Path
) -> None:
    folder = save_model(tmp_path / "m", family)
    with pytest.raises((BundleError, ConfigError), match=message) as caught:
        add_model(
            read_folder(folder), tmp_path / "shelf" / "own", name="own", window_seconds=seconds
        )
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "shelf").exists()


def test_a_file_is_heard_as_its_windows_are(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "w", "wavlm")
    bundle = added(folder, window_seconds=SECONDS)
    path = write_steps(tmp_path / "a.wav")
    found = bundle.network(n_threads=1).embed(extract(path, bundle.front_end).mel)
    samples = load_waveform(path, DecodeConfig(sample_rate=RATE)).samples
    starts = bundle.starts_seconds(extract(path, bundle.front_end))
    windows = np.stack([samples[round(s * RATE) :][: round(SECONDS * RATE)] for s in starts])
    close(found, outputs(folder, windows, "AutoModel").last_hidden_state.mean(1))


@pytest.mark.slow
def test_a_head_is_trained_on_it_alone_and_beside_another(sample_cut: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "backbones"
    folder = save_model(tmp_path / "model", "hubert")
    add_model(read_folder(folder), shelf / "own", name="own", window_seconds=1.0)
    write_bundle(small_backbone(), shelf / "ears")
    names = ("frozen_own_lossbce", "frozen_ears+own_lossbce")
    config = replace(
        tiny(sample_cut, tmp_path / "results"),
        configs=names,
        seeds=1,
        backbones=shelf,
        execution=ExecutionConfig(n_workers=1),
    )
    assert run_grid(config, progress=False).n_trained == len(names)
    for name in names:
        run = config.folder / name / "seed0"
        scores, tagger = load_scores(run / "scores.npz"), load_tagger(run / "bundle")
        for track_id, row in zip(scores.test.track_id, scores.test.y_score, strict=True):
            tagged = tagger.tag(config.data / str(track_id)).scores
            np.testing.assert_allclose([tagged[name] for name in scores.genres], row, atol=1e-4)
        note = json.loads((run / "bundle" / "model.json").read_text())["licence_note"]
        assert "Pre-trained network own (model): licence unknown; converted to ONNX." in note
