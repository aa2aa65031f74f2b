"""Promises that every entry of a registry keeps."""

import json

import pytest
import torch

from genre.config import to_mapping
from genre.errors import ConfigError
from genre.models.registry import MODELS, build_network
from genre.training.losses import LOSSES, build_loss

N_LABELS = 5


@pytest.mark.parametrize("name", list(MODELS))
class TestModels:
    def network(self, name: str) -> torch.nn.Module:
        torch.manual_seed(0)
        return MODELS[name].build(MODELS[name].config_class(), n_labels=N_LABELS)

    def mel(self, n: int = 3) -> torch.Tensor:
        return torch.randn(n, 1, 96, 200, generator=torch.Generator().manual_seed(1))

    def test_gives_a_logit_per_genre(self, name: str) -> None:
        logits = self.network(name)(self.mel())
        assert logits.shape == (3, N_LABELS)
        assert torch.isfinite(logits).all()

    def test_every_parameter_learns(self, name: str) -> None:
        network = self.network(name)
        network(self.mel(8)).square().sum().backward()
        still = [key for key, p in network.named_parameters() if p.grad is None or not p.grad.any()]
        assert still == []

    def test_windows_do_not_see_each_other_in_evaluation(self, name: str) -> None:
        network = self.network(name).eval()
        mel = self.mel()
        together = network(mel)
        alone = torch.cat([network(window[None]) for window in mel])
        # float32 sums in another order for another batch size
        torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-5)

    def test_is_rebuilt_from_plain_values(self, name: str) -> None:
        network = self.network(name)
        options = json.loads(json.dumps(to_mapping(MODELS[name].config_class())))
        again = build_network(name, options, n_labels=N_LABELS)
        again.load_state_dict(network.state_dict())
        torch.testing.assert_close(again.eval()(self.mel()), network.eval()(self.mel()))

    def test_unknown_options_are_errors(self, name: str) -> None:
        with pytest.raises(ConfigError, match="no key 'chanels'"):
            build_network(name, {"chanels": [3]}, n_labels=N_LABELS)


def test_unknown_models_are_errors() -> None:
    with pytest.raises(ConfigError, match="model='vgg' must be one of: spectrogram_cnn, short_chunk_cnn"):
        build_network("vgg", {}, n_labels=N_LABELS)


@pytest.mark.parametrize("name", list(LOSSES))
class TestLosses:
    def test_falls_when_the_logits_get_better(self, name: str) -> None:
        targets = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        loss = build_loss(name, targets)
        values = [float(loss(scale * (2 * targets - 1), targets)) for scale in (-2, 0, 2, 8)]
        assert values == sorted(values, reverse=True)

    def test_is_a_mean_and_so_does_not_grow_with_the_batch(self, name: str) -> None:
        targets = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        loss = build_loss(name, targets)
        logits = torch.tensor([[0.2, -1.0], [2.0, 0.4]])
        torch.testing.assert_close(
            loss(logits.repeat(5, 1), targets.repeat(5, 1)), loss(logits, targets)
        )
