"""Promises that every entry of a registry keeps."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy_with_logits

from genre.config import to_mapping
from genre.dataset.layouts import LAYOUTS, choose_layout, describe_options, label_options, scan
from genre.errors import ConfigError, DatasetError, GenreError
from genre.evaluation.metrics import METRICS, Metric
from genre.inference.score_rule import AGGREGATIONS, track_logits
from genre.models.registry import MODELS, build_network
from genre.training.losses import LOSSES, LossConfig, MultiLabelLoss, build_loss
from tests.dataset_examples import genres_of, write_labels, write_sound

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
        preset = LOSSES[name]
        if not isinstance(preset, LossConfig):
            pytest.skip("no member of the family")
        generator = torch.Generator().manual_seed(0)
        logits = 5 * torch.randn(20, 4, generator=generator)
        targets = torch.rand(20, 4, generator=generator)
        neutral = replace(preset, gamma_positive=0.0, gamma_negative=0.0, margin=0.0)
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


@pytest.mark.parametrize("name", list(LAYOUTS))
class TestLayouts:
    def test_is_found_by_its_name_and_by_its_option(self, name: str, tmp_path: Path) -> None:
        layout = LAYOUTS[name]
        assert layout.name == name
        assert [other.option for other in LAYOUTS.values()].count(layout.option) == 1
        assert layout.option in label_options()[1:]  # "auto" is none of them
        assert choose_layout(tmp_path, layout.option) is layout

    def test_has_words_for_people(self, name: str) -> None:
        layout = LAYOUTS[name]
        assert layout.source.strip()
        assert layout.advice.strip()
        assert f"{layout.option} ({layout.source})" in describe_options()

    def test_every_word_chooses_something(self, name: str, tmp_path: Path) -> None:
        layout = LAYOUTS[name]
        words = [word for legal in layout.choices.values() for word in legal]
        assert len(words) == len(set(words))
        for word in words:
            assert choose_layout(tmp_path, f"{layout.option}:{word}").find.keywords  # type: ignore[attr-defined]
            assert word in describe_options()
        with pytest.raises(ConfigError, match=f"labels='{layout.option}:x' must be of the form"):
            choose_layout(tmp_path, f"{layout.option}:x")

    def test_finds_a_track_whatever_says_its_genre(self, name: str, tmp_path: Path) -> None:
        if LAYOUTS[name].citation:
            return  # a published collection has files of its own
        write_sound(tmp_path / "jazz" / "a.flac", genre="Jazz")
        write_labels(tmp_path, "path,genres\njazz/a.flac,jazz\n")
        found = scan(tmp_path, labels=LAYOUTS[name].option)
        assert found.layout == name
        assert genres_of(found) == {"jazz/a.flac": ("jazz",)}
        assert [entry.path for entry in LAYOUTS[name].find(tmp_path).entries] == [
            tmp_path / "jazz" / "a.flac"
        ]

    def test_says_what_to_do_where_there_is_nothing(self, name: str, tmp_path: Path) -> None:
        write_labels(tmp_path, "path,genres\n")
        with pytest.raises(DatasetError, match=r"No tracks found|must hold") as caught:
            scan(tmp_path, labels=LAYOUTS[name].option)
        if "must hold" in str(caught.value):
            assert "\n" not in str(caught.value)
            return
        assert f"({name})" in str(caught.value)
        assert str(caught.value).endswith(LAYOUTS[name].advice_for(tmp_path))

    def test_errors_name_its_option(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="labels='nonsense' must be one of") as caught:
            scan(tmp_path, labels="nonsense")
        assert LAYOUTS[name].option in str(caught.value).split("one of: ")[1].split(", ")


@pytest.mark.parametrize("name", list(AGGREGATIONS))
class TestAggregations:
    # 1 to 11 windows a track; 5 and 6 keep one and two for the best fifth
    track = np.repeat(np.arange(6), [1, 2, 5, 6, 11, 3])
    logits = np.random.default_rng(0).normal(0, 3, (28, N_LABELS))

    def test_a_single_window_is_its_track(self, name: str) -> None:
        found = track_logits(self.logits, np.arange(28), name)
        np.testing.assert_allclose(found, self.logits, rtol=1e-12)

    def test_the_order_of_windows_does_not_matter(self, name: str) -> None:
        found = track_logits(self.logits, self.track, name)
        order = np.lexsort((np.random.default_rng(1).random(28), self.track))
        assert not np.array_equal(order, np.arange(28))
        # sums in another order
        np.testing.assert_allclose(
            track_logits(self.logits[order], self.track, name), found, rtol=1e-9
        )

    def test_a_window_that_rises_never_lowers_its_track(self, name: str) -> None:
        before = track_logits(self.logits, self.track, name)
        for window in range(28):
            for rise in (0.1, 20.0):
                raised = self.logits.copy()
                raised[window] += rise
                after = track_logits(raised, self.track, name)
                assert (after >= before - 1e-12).all()
                others = np.delete(np.arange(6), self.track[window])
                np.testing.assert_array_equal(after[others], before[others])

    def test_its_onnx_gives_the_same(self, name: str) -> None:
        aggregation = AGGREGATIONS[name]
        if aggregation.onnx is None:
            pytest.skip("cannot be exported")
        onnxruntime = pytest.importorskip("onnxruntime")
        parser = pytest.importorskip("onnx.parser")
        from genre.tagging.onnx_export.scores import TextNodes

        nodes = TextNodes()
        result = aggregation.onnx(nodes)
        model = parser.parse_model(
            f"""<ir_version: 10, opset_import: ["" : 20]>
            track (float[n, {N_LABELS}] x) => (float[{N_LABELS}] result)
            {{
                zero = Constant <value_ints = [0]> ()
                n_windows = Shape <start = 0, end = 1> (x)
                {" ".join(nodes.lines)}
                result = Identity ({result})
            }}"""
        )
        session = onnxruntime.InferenceSession(model.SerializeToString())
        expected = track_logits(self.logits, self.track, name)
        for row in range(6):
            windows = self.logits[self.track == row].astype(np.float32)
            found = session.run(None, {"x": windows})[0]
            # float32, through a logarithm and an exponential
            np.testing.assert_allclose(found, expected[row], rtol=1e-4, atol=1e-5)


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
        assert np.isnan(value) or value >= 0
        assert not value > 1 or not metric.higher_is_better
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
        assert np.isnan(found) or found >= 0
        assert not found > 1 or not metric.higher_is_better

    @pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
    def test_nothing_at_all_is_refused(self, metric: Metric, shape: tuple[int, int]) -> None:
        with pytest.raises(GenreError, match="at least one row and one label"):
            measured(metric, np.zeros(shape, dtype=np.bool_), np.zeros(shape))

    def test_other_shapes_are_refused(self, metric: Metric) -> None:
        with pytest.raises(GenreError, match=r"shape \(4, 2\) must have the shape of y_true"):
            measured(metric, np.eye(4, dtype=np.bool_), np.zeros((4, 2)))
