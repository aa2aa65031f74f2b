"""genre.backbones.hf.network: only the weights that a configuration asks for make a model."""

from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import transformers

from genre.backbones.hf.adding import add_model
from genre.backbones.hf.folder import SPECTROGRAM, read_folder
from genre.backbones.hf.network import load_model
from genre.errors import BundleError
from tests.backbones.hf.small_models import RATE, change, save_model


def test_the_model_is_that_of_the_folder(tmp_path: Path) -> None:
    model = load_model(read_folder(save_model(tmp_path / "w", "wav2vec2")))
    assert isinstance(model.network, transformers.Wav2Vec2Model)
    assert not model.network.training
    assert (model.sample_rate, model.max_seconds, model.window_seconds) == (RATE, None, 5.0)
    sounds = np.random.default_rng(0).standard_normal((3, RATE)).astype(np.float32)
    embedding, logits = model.compute(sounds)
    assert (embedding.shape, logits) == ((3, 16), None)
    # Each sound is normalised, and computed, on its own.
    np.testing.assert_allclose(model.compute(7 * sounds[1:2])[0], embedding[1:2], atol=1e-4)


def test_spectrograms_end_somewhere(tmp_path: Path) -> None:
    model = load_model(read_folder(save_model(tmp_path / "a", SPECTROGRAM)))
    assert model.max_seconds == model.window_seconds == 0.6


@pytest.mark.parametrize(
    ("name", "value"),
    [("sampling_rate", "x"), ("sampling_rate", 0), ("max_length", 1.5), ("max_length", True)],
)
def test_numbers_must_be_numbers(name: str, value: object, tmp_path: Path) -> None:
    folder = save_model(tmp_path / "a", SPECTROGRAM)
    change(folder / "preprocessor_config.json", **{name: value})
    with pytest.raises(BundleError, match=f"{name}={value} must be a whole number above 0"):
        add_model(read_folder(folder), tmp_path / "shelf" / "own", name="own")
    assert not (tmp_path / "shelf").exists()


@pytest.mark.parametrize("values", [{"std": "x"}, {"num_mel_bins": 0}, {"num_mel_bins": 16}])
def test_what_no_spectrogram_can_be_made_with_is_a_line(
    values: dict[str, object], tmp_path: Path
) -> None:
    folder = save_model(tmp_path / "a", SPECTROGRAM)
    change(folder / "preprocessor_config.json", **values)
    with pytest.raises(BundleError, match=r"must hear windows of 4800 samples: .") as caught:
        add_model(read_folder(folder), tmp_path / "shelf" / "own", name="own")
    assert "\n" not in str(caught.value)


def test_weights_by_the_names_of_earlier_releases_are_the_same(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "h", "hubert")
    sounds = np.random.default_rng(0).standard_normal((1, RATE)).astype(np.float32)
    before, _ = load_model(read_folder(folder)).compute(sounds)
    file = folder / "model.safetensors"
    tensors = safetensors.torch.load_file(file)
    names = {
        f"parametrizations.weight.original{n}": f"weight_{part}" for n, part in enumerate("gv")
    }
    renamed = {key: value for key, value in tensors.items() if "parametrizations" not in key}
    for key, value in tensors.items():
        for new, old in names.items():
            if key.endswith(new):
                renamed[key.removesuffix(new) + old] = value
    assert len(renamed) == len(tensors)
    assert set(renamed) != set(tensors)
    safetensors.torch.save_file(renamed, file, metadata={"format": "pt"})
    after, _ = load_model(read_folder(folder)).compute(sounds)
    np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize(
    ("file", "values", "message"),
    [
        ("config.json", {"num_hidden_layers": 3}, "it has no encoder.layers.2."),
        ("config.json", {"num_hidden_layers": 1}, "it has encoder.layers.1.* too"),
        ("config.json", {"hidden_size": 32}, "must be a model that transformers can make"),
        ("config.json", {"hidden_size": 17}, "must be a model that transformers can make"),
        ("config.json", {"hidden_size": "x"}, "must be a model that transformers can make"),
        ("config.json", {"conv_dim": []}, "must be a model that transformers can make"),
        (
            "config.json",
            {"architectures": ["HubertForSequenceClassification"]},
            "it has no classifier.bias",
        ),
        (
            "preprocessor_config.json",
            {"feature_extractor_type": "WhisperFeatureExtractor"},
            "=WhisperFeatureExtractor must be Wav2Vec2FeatureExtractor",
        ),
    ],
)
def test_what_does_not_fit_is_a_line(
    file: str,
    values: dict[str, object],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = save_model(tmp_path / "h", "hubert")
    change(folder / file, **values)
    capsys.readouterr()
    with pytest.raises(BundleError, match=message) as caught:
        load_model(read_folder(folder))
    assert "\n" not in str(caught.value)
    assert capsys.readouterr() == ("", "")
