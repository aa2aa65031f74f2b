"""What the options start from: genre.grid.recipes."""

import pytest

from genre.audio.windows import window_frames
from genre.config import to_mapping
from genre.grid import GridConfig, configure
from genre.grid.recipes import RECIPES, Recipe
from genre.grid.rehearsal import rehearse
from genre.grid.runs import expand
from genre.models.registry import build_network, count_parameters
from tests.synthetic import corpus, split_of

SPEECH = ["speech_commands", "speech_commands_reference"]


def test_recipes_start_from_other_options_and_are_recorded() -> None:
    config = configure(recipe="reference")
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
    assert configure() == default


@pytest.mark.parametrize("name", SPEECH)
def test_recipes_of_spoken_words_settle_question_sound_and_windows(name: str) -> None:
    config, recipe = configure(recipe=name), RECIPES[name]
    assert config.task == "exclusive"
    assert config.front_end.mel.sample_rate == 16000
    assert (config.windows, config.split, config.configs) == (
        *(recipe.windows, recipe.split),
        recipe.configs,
    )
    clip = int(1.0 * config.front_end.mel.frames_per_second) + 1
    assert window_frames(config.windows, config.front_end.mel) == clip  # of a second, unpadded
    rehearse(config)  # the network takes the windows, and can be used once trained
    run = config.run_config(*config.configs)
    assert run.windows == recipe.windows
    assert run.training == recipe.training


def test_the_reference_of_spoken_words_is_its_design() -> None:
    config = configure(recipe="speech_commands_reference")
    run = config.run_config(*config.configs)
    assert (config.front_end.mel.n_mels, window_frames(run.windows, config.front_end.mel)) == (
        *(64, 32),
    )
    network = build_network(run.architecture, to_mapping(run.model), n_labels=4)
    assert count_parameters(network) == 286_084


def test_what_is_said_prevails_over_the_recipe() -> None:
    config = configure(
        recipe="speech_commands",
        configs=("attnFalse_losscross_entropy",),
        window_seconds=2.0,
        fractions=(0.5, 0.25, 0.25),
        epochs=3,
    )
    assert config.configs == ("attnFalse_losscross_entropy",)
    assert (config.windows.window_seconds, config.split.train) == (2.0, 0.5)
    assert config.training.epochs == 3
    assert config.training.augment == RECIPES["speech_commands"].training.augment
