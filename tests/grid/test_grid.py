"""A grid: what it expands to, that finished runs are kept, broken ones redone, the best chosen."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre.config import to_mapping
from genre.errors import ConfigError
from genre.evaluation.calibration import Scaling, fit_scaling, logit
from genre.evaluation.inputs import RecordedRun, RunFolder, RunPlace, RunRecord
from genre.grid import GridConfig, configuration_names, run_grid, runs
from genre.grid.baselines import baseline_scores, svm_scores
from genre.grid.configurations import DEFAULT_CONFIGS
from genre.grid.recipes import RECIPES, Recipe
from genre.grid.runs import expand
from genre.models.registry import MODELS
from genre.models.short_chunk_cnn import ShortChunkCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.training.config import TrainingConfig
from genre.training.losses import LOSSES
from tests.synthetic import GENRES, corpus, split_of


def test_the_four_names_differ_in_attention_and_loss_only() -> None:
    config = GridConfig()
    plain = to_mapping(config.run_config("attnFalse_lossbce"))
    wanted = {
        f"attn{on}_loss{loss}": (on, loss) for on in (True, False) for loss in ("bce", "focal")
    }
    assert set(DEFAULT_CONFIGS) == set(wanted)
    for name, (attention, loss) in wanted.items():
        mapping = to_mapping(config.run_config(name))
        assert mapping.pop("loss") == loss
        assert mapping["model"].pop("channel_attention") is attention
        assert mapping["model"].pop("spatial_attention") is attention
        assert mapping["training"] == plain["training"]
        assert mapping["model"] == {
            key: value for key, value in plain["model"].items() if not key.endswith("attention")
        }


def test_expands_seed_by_seed_with_folders_of_their_own() -> None:
    config = GridConfig(out=Path("r"), configs=("attnTrue_lossbce", "attnFalse_lossbce"), seeds=2)
    data = corpus(n_artists=4)
    split = split_of(data)
    folders = [run.folder.as_posix() for run, _ in expand(config, data, [split])]
    assert folders == [
        "r/attnTrue_lossbce/seed0",
        "r/attnFalse_lossbce/seed0",
        "r/attnTrue_lossbce/seed1",
        "r/attnFalse_lossbce/seed1",
    ]
    folds = [replace(split, fold=fold) for fold in (1, 2)]
    folders = [run.folder.as_posix() for run, _ in expand(config, data, folds)]
    assert folders[:2] == ["r/attnTrue_lossbce/seed0/fold1", "r/attnTrue_lossbce/seed0/fold2"]
    assert len(set(folders)) == 8


def test_a_seed_cuts_training_and_validation_anew_alike_for_all_configurations() -> None:
    config = GridConfig(configs=("attnTrue_lossbce", "attnFalse_lossbce"), seeds=3)
    data = corpus(n_artists=8)
    split = split_of(data)
    cuts = [cut for _, cut in expand(config, data, [split])]
    assert cuts[0] == split
    for first, second in zip(cuts[::2], cuts[1::2], strict=True):
        assert first == second
    assert {cut.test for cut in cuts} == {split.test}
    assert len({cut.hash for cut in cuts}) == 3


def test_recipes_start_from_other_options_and_are_recorded() -> None:
    config = GridConfig(recipe="reference", **vars(RECIPES["reference"]))
    mapping = to_mapping(config.run_config("attnTrue_lossbce"))
    assert mapping["model"]["channels"] == [16, 32, 64]
    assert mapping["model"]["pooling"] == "mean"
    assert mapping["training"]["schedule"] == "plateau"
    data = corpus(n_artists=4)
    (run, _), *_ = expand(config, data, [split_of(data)])
    assert run.recipe == "reference"
    assert RECIPES["default"] == Recipe()
    default = GridConfig()
    assert (default.model, default.training) == (Recipe().model, Recipe().training)


def test_every_registered_architecture_can_be_trained() -> None:
    for architecture in MODELS:
        named = [
            name
            for name in configuration_names()
            if GridConfig().run_config(name).architecture == architecture
        ]
        assert named
        for name in named:
            short = TrainingConfig(epochs=7)
            config = GridConfig(configs=(name,), training=short).run_config(name)
            assert config.training == short
            assert isinstance(config.model, MODELS[architecture].config_class)
            assert name.endswith(f"_loss{config.loss}")


def test_every_loss_trains_on_every_variant() -> None:
    names = configuration_names()
    assert len(names) == 3 * len(LOSSES)
    assert {"attnTrue_lossasl", "attnFalse_lossasl", "short_chunk_cnn_lossasl"} <= set(names)
    run = GridConfig(configs=("attnTrue_lossasl",)).run_config("attnTrue_lossasl")
    assert (run.architecture, run.loss) == ("spectrogram_cnn", "asl")


def test_an_option_holds_for_every_architecture_that_has_it() -> None:
    config = GridConfig(
        configs=("attnTrue_lossbce", "short_chunk_cnn_lossbce"),
        model=SpectrogramCNNConfig(hidden=48),
    )
    models = [config.run_config(name).model for name in config.configs]
    assert models == [
        SpectrogramCNNConfig(hidden=48),
        ShortChunkCNNConfig(hidden=48),  # its other options are its own
    ]


def test_an_option_that_an_architecture_would_not_read_is_refused() -> None:
    model = SpectrogramCNNConfig(bands=3)
    config = GridConfig(configs=("attnTrue_lossbce",), model=model)
    # of runs that lie in the folder, what they can read counts
    assert config.run_config("short_chunk_cnn_lossbce").model == ShortChunkCNNConfig()
    with pytest.raises(
        ConfigError, match=r"bands=3 must be an option of every .*; short_chunk_cnn has only: chan"
    ):
        replace(config, configs=("attnTrue_lossbce", "short_chunk_cnn_lossbce"))


def test_results_are_named_after_the_data() -> None:
    assert GridConfig(data=Path("music/mine")).folder == Path("results/mine")
    assert GridConfig(data=Path("music/mine"), out=Path("x")).folder == Path("x")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"configs": ("attnTrue",)}, "configs='attnTrue' must be among: attnTrue_lossbce, "),
        ({"recipe": "best"}, "recipe='best' must be one of: default, reference"),
        ({"aggregation": "median"}, "aggregation='median' must be one of: auto, mean, mean_logit"),
        ({"seeds": 0}, "seeds=0 must be at least 1"),
        ({"max_bad_fraction": 2.0}, r"max_bad_fraction=2.0 must lie in \[0, 1\]"),
    ],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        GridConfig(**options)


def measured(name: str, macro_ap: float | None, *, test: float = 1.0) -> RecordedRun:
    configuration, _, seed = name.partition("/seed")
    record = RunRecord(metrics={"val": {"macro_ap": macro_ap}, "test": {"macro_ap": test}})
    place = RunPlace(configuration=configuration, seed=int(seed))
    return RecordedRun(place=place, folder=RunFolder(Path(name)), record=record)


def test_the_best_is_chosen_on_validation_alone() -> None:
    records = [
        measured("a/seed0", 0.2, test=5.0),
        measured("b/seed0", 0.9),
        measured("c/seed0", None),
    ]
    assert runs._choose(records) is records[1]


def test_one_lucky_cut_does_not_choose_a_configuration() -> None:
    lucky = [measured(f"a/seed{seed}", value) for seed, value in enumerate((1.0, 0.4, 0.5))]
    steady = [measured(f"b/seed{seed}", value) for seed, value in enumerate((0.8, 0.9, 0.7))]
    assert runs._choose([*lucky, *steady]) is steady[1]


def test_where_nothing_can_be_measured_one_is_chosen_all_the_same() -> None:
    only = measured("a/seed0", None)
    assert runs._choose([only]) is only


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"model": SpectrogramCNNConfig(channels=(4,) * 7)},
            r"must be able to take batch_size=16 windows of 96 × 200",
        ),
        (
            {
                "configs": ("short_chunk_cnn_lossbce",),
                "training": TrainingConfig(batch_size=1),
            },
            "batch_size=1 ",
        ),
    ],
)
def test_what_no_network_can_take_is_said_before_anything_is_decoded(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        run_grid(GridConfig(data=tmp_path, out=tmp_path / "r", **options), progress=False)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("name", ["attnTrue_lossbce", "short_chunk_cnn_lossbce"])
def test_the_aggregation_reaches_every_run(name: str) -> None:
    assert GridConfig().run_config(name).aggregation == "auto"
    assert GridConfig(aggregation="max").run_config(name).aggregation == "max"


def test_the_baseline_learns_and_is_scored_on_the_same_split() -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    scores = baseline_scores(data, split)
    assert scores.genres == GENRES
    assert tuple(scores.test.track_id.tolist()) == split.test
    assert scores.train_prior.sum() == pytest.approx(1.0)
    # Calibrated as networks are, on validation.
    assert scores.test_uncalibrated is not None
    assert scores.bias is not None
    scaling = Scaling(temperature=scores.temperature, bias=scores.bias)
    expected = scaling.scores(logit(scores.test_uncalibrated))
    np.testing.assert_array_equal(scores.test.y_score, expected)
    fitted = fit_scaling(scores.val.y_true, logit(scores.val.window_score))
    assert (fitted.temperature, *fitted.bias) == (scores.temperature, *scores.bias)
    # The genres of the synthetic corpus differ in the level of every eighth band.
    top = scores.test.y_score.argmax(axis=1)
    assert (scores.test.y_true[range(len(top)), top]).mean() > 0.9


def test_the_support_vector_machine_sees_the_summaries_of_its_own_tracks() -> None:
    data = corpus(n_artists=4)
    split = split_of(data)
    # The genre itself is the summary: whoever mixes tracks up cannot be right.
    scores = svm_scores(data, split, data.y_true.astype(float))
    assert tuple(scores.test.track_id.tolist()) == split.test
    np.testing.assert_array_equal(scores.test.y_score >= 0.5, scores.test.y_true)
    np.testing.assert_array_equal(scores.val.y_score >= 0.5, scores.val.y_true)
