"""Promises that every entry of a registry keeps."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy_with_logits

from genre.config import to_mapping
from genre.errors import ConfigError, GenreError
from genre.evaluation.metrics import METRICS, Metric
from genre.models.registry import MODELS, build_network
from genre.training.losses import LOSSES, MultiLabelLoss, build_loss

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

    def test_is_finite_and_nearly_the_same_under_autocast(self, name: str) -> None:
        network = self.network(name).eval()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            narrow = network(self.mel())
        assert torch.isfinite(narrow).all()
        # bfloat16 has 8 bits: a few percent through a dozen layers
        torch.testing.assert_close(narrow.float(), network(self.mel()), atol=0.1, rtol=0.1)

    def test_silence_and_extremes_stay_finite(self, name: str) -> None:
        network = self.network(name)
        for level in (0.0, -30.0, 30.0):
            logits = network(torch.full((4, 1, 96, 200), level))
            logits.sum().backward()
            assert torch.isfinite(logits).all()
        assert all(torch.isfinite(p.grad).all() for p in network.parameters() if p.grad is not None)

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
    with pytest.raises(
        ConfigError, match="model='vgg' must be one of: spectrogram_cnn, short_chunk_cnn"
    ):
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

    @pytest.mark.parametrize("autocast", [False, True])
    def test_is_finite_at_the_extremes_with_soft_targets_too(
        self, name: str, autocast: bool
    ) -> None:
        loss = build_loss(name, torch.eye(2))
        inputs = torch.tensor([[-50.0], [50.0]], requires_grad=True)
        for target in (0.0, 0.3, 1.0):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
                logits = torch.nn.functional.linear(inputs, torch.ones(2, 1))
                value = loss(logits, torch.full((2, 2), target))
            (gradient,) = torch.autograd.grad(value, inputs)
            assert value.dtype == torch.float32
            assert torch.isfinite(value)
            assert torch.isfinite(gradient).all()

    def test_neutral_parameters_make_it_binary_cross_entropy(self, name: str) -> None:
        generator = torch.Generator().manual_seed(0)
        logits = 5 * torch.randn(20, 4, generator=generator)
        targets = torch.rand(20, 4, generator=generator)
        neutral = replace(LOSSES[name], gamma_positive=0.0, gamma_negative=0.0, margin=0.0)
        weights = torch.tensor([0.5, 1.0, 2.0, 9.0])
        theirs = binary_cross_entropy_with_logits(
            logits, targets, pos_weight=weights if neutral.class_weights else None
        )
        torch.testing.assert_close(MultiLabelLoss(neutral, weights)(logits, targets), theirs)

    def test_gradients_agree_with_finite_differences_at_soft_targets(self, name: str) -> None:
        loss = build_loss(name, torch.eye(2)).double()
        logits = torch.tensor([[-2.0, 0.3], [1.5, 3.0]], dtype=torch.float64, requires_grad=True)
        targets = torch.tensor([[0.9, 0.2], [0.0, 1.0]], dtype=torch.float64)
        assert torch.autograd.gradcheck(lambda x: loss(x, targets), logits)


def measured(metric: Metric, y_true: NDArray[np.bool_], y_score: NDArray[np.float64]) -> float:
    """Compute a metric of scores, or of the decisions that 0.5 makes of them."""
    return metric.function(y_true, y_score if metric.needs == "scores" else y_score >= 0.5)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
class TestMetrics:
    def test_has_a_title_of_its_own(self, metric: Metric) -> None:
        assert metric.title.strip()
        assert [one.title for one in METRICS.values()].count(metric.title) == 1

    @pytest.mark.parametrize("n_labels", [2, 5])
    def test_perfect_scores_give_the_best_value(self, metric: Metric, n_labels: int) -> None:
        y_true = np.arange(20)[:, np.newaxis] % n_labels == np.arange(n_labels)
        y_true[0] = True
        perfect = measured(metric, y_true, y_true.astype(np.float64))
        assert perfect == pytest.approx(1 if metric.higher_is_better else 0)

    def test_wrong_scores_give_a_worse_one(self, metric: Metric) -> None:
        y_true = np.eye(4, dtype=np.bool_)
        right, wrong = (measured(metric, y_true, one.astype(float)) for one in (y_true, ~y_true))
        assert right > wrong if metric.higher_is_better else right < wrong

    @pytest.mark.parametrize("seed", range(5))
    def test_stays_in_bounds_whatever_the_order_of_rows_and_labels(
        self, metric: Metric, seed: int
    ) -> None:
        rng = np.random.default_rng(seed)
        y_true = rng.random((6, 3)) < 0.4
        # No two are equal: equal scores with different truth may fall into other bins of a
        # calibration error, and of equal labels the first is the top one.
        y_score = rng.permutation(18).reshape(6, 3) / 17
        value = measured(metric, y_true, y_score)
        assert isinstance(value, float)
        assert np.isnan(value) or 0 <= value <= 1
        for rows, labels in ((rng.permutation(6), [0, 1, 2]), (np.arange(6), [2, 0, 1])):
            again = measured(metric, y_true[rows][:, labels], y_score[rows][:, labels])
            # the same sums in another order
            assert again == pytest.approx(value, abs=1e-12, nan_ok=True)

    @pytest.mark.parametrize("value", [False, True])
    @pytest.mark.parametrize("shape", [(1, 1), (4, 1), (1, 3)])
    @pytest.mark.filterwarnings("error")
    def test_truth_of_one_kind_has_a_value_or_none(
        self, metric: Metric, shape: tuple[int, int], value: bool
    ) -> None:
        found = measured(metric, np.full(shape, value), np.full(shape, 0.7))
        assert np.isnan(found) or 0 <= found <= 1

    @pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
    def test_nothing_at_all_is_refused(self, metric: Metric, shape: tuple[int, int]) -> None:
        with pytest.raises(GenreError, match="at least one row and one label"):
            measured(metric, np.zeros(shape, dtype=np.bool_), np.zeros(shape))

    def test_other_shapes_are_refused(self, metric: Metric) -> None:
        with pytest.raises(GenreError, match=r"shape \(4, 2\) must have the shape of y_true"):
            measured(metric, np.eye(4, dtype=np.bool_), np.zeros((4, 2)))
