"""What logistic regression sees of a window: genre.models.logistic."""

import numpy as np
import pytest
import torch

from genre.errors import ConfigError
from genre.inference.network_file import check_network
from genre.models.exporting import export_network
from genre.models.logistic import Logistic, LogisticConfig, summarised
from genre.models.registry import FITTED, LOGISTIC, MODELS, build_network, count_parameters

N_MELS, N_FRAMES = 4, 10


def test_it_sees_the_mean_and_the_deviation_of_each_band() -> None:
    mel = np.random.default_rng(0).normal(size=(3, 1, N_MELS, N_FRAMES)).astype(np.float32)
    seen = summarised(torch.from_numpy(mel)).numpy()
    expected = np.concatenate([mel[:, 0].mean(axis=-1), mel[:, 0].std(axis=-1)], axis=1)
    # Sums of ten float32 values.
    np.testing.assert_allclose(seen, expected, atol=1e-6)


def test_it_is_one_linear_layer() -> None:
    network = Logistic(LogisticConfig(n_mels=N_MELS), n_labels=2)
    assert count_parameters(network) == 2 * N_MELS * 2 + 2
    with pytest.raises(ConfigError, match="n_mels=0 must be above 0"):
        LogisticConfig(n_mels=0)


def test_as_onnx_it_is_kilobytes_of_standard_operators() -> None:
    network = Logistic(LogisticConfig(n_mels=N_MELS), n_labels=2).eval()
    model = export_network(network, n_mels=N_MELS, n_frames=N_FRAMES)
    check_network(model)
    assert len(model) < 10_000


def test_bundles_know_it_and_no_configuration_is_named_after_it() -> None:
    assert isinstance(build_network(LOGISTIC, {"n_mels": N_MELS}, n_labels=2), Logistic)
    assert set(FITTED).isdisjoint(MODELS)
