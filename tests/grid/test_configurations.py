"""What a grid can train, and its options: genre.grid.configurations."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig
from genre.config import to_mapping
from genre.errors import ConfigError
from genre.grid import GridConfig, configuration_names
from genre.grid.names import DEFAULT_CONFIGS
from genre.models.registry import MODELS
from genre.models.short_chunk_cnn import ShortChunkCNNConfig
from genre.models.small_cnn import SmallCNNConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.models.tc_resnet import TCResNetConfig
from genre.training.config import TrainingConfig
from genre.training.losses import task_of


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
            task = task_of(name.rpartition("_loss")[2])
            config = GridConfig(configs=(name,), training=short, task=task).run_config(name)
            assert config.task == task
            assert config.training == short
            assert isinstance(config.model, MODELS[architecture].config_class)
            assert name.endswith(f"_loss{config.loss}")


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
        ({"configs": ("attnTrue",)}, "configs='attnTrue' must be one of: attnTrue_lossbce, "),
        ({"recipe": "best"}, "recipe='best' must be one of: default, reference"),
        ({"aggregation": "median"}, "aggregation='median' must be one of: auto, mean, mean_logit"),
        ({"seeds": 0}, "seeds=0 must be at least 1"),
        ({"shard": "4/4"}, "shard=4/4 must be I/N with I from 0 to N - 1"),
        ({"shard": "0/4", "hours": 1.0}, "hours=1 must come without shard=0/4"),
        ({"max_bad_fraction": 2.0}, r"max_bad_fraction=2.0 must lie in \[0, 1\]"),
    ],
)
def test_refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        GridConfig(**options)


@pytest.mark.parametrize("name", ["attnTrue_lossbce", "short_chunk_cnn_lossbce"])
def test_the_aggregation_reaches_every_run(name: str) -> None:
    assert GridConfig().run_config(name).aggregation == "auto"
    assert GridConfig(aggregation="max").run_config(name).aggregation == "max"


def test_architectures_that_need_it_are_told_the_size_of_a_window() -> None:
    mel = MelConfig(n_mels=40)
    config = GridConfig(
        front_end=FrontEndConfig(mel=mel),
        windows=WindowConfig(window_seconds=2.0, step_seconds=1.0),
    )
    assert config.run_config("tc_resnet_lossbce").model == TCResNetConfig(n_mels=40)
    small = config.run_config("small_cnn_lossbce").model
    assert small == SmallCNNConfig(n_mels=40, n_frames=100)
