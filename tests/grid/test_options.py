"""From options by their names to a grid: genre.grid.options."""

import pytest

from genre.errors import ConfigError
from genre.grid import configure


def test_exclusive_genres_have_configurations_and_losses_of_their_own() -> None:
    config = configure(task="exclusive")
    assert config.configs == ("attnTrue_losscross_entropy", "attnFalse_losscross_entropy")
    assert config.run_config(config.configs[0]).task == "exclusive"
    with pytest.raises(ConfigError, match="'attnTrue_lossbce' must end in a loss for task=excl"):
        configure(task="exclusive", configs=("attnTrue_lossbce",))
    with pytest.raises(ConfigError, match=r"cross_entropy' must end in .*: bce, focal, asl"):
        configure(configs=("attnTrue_losscross_entropy",))
    with pytest.raises(ConfigError, match="task='which' must be one of: multilabel, exclusive"):
        configure(task="which")


def test_options_find_the_part_that_they_are_of() -> None:
    config = configure(
        epochs=3, min_tracks=7, step_seconds=1.5, hidden=8, fractions=(0.5, 0.2, 0.3)
    )
    assert (config.training.epochs, config.selection.min_tracks) == (3, 7)
    assert (config.windows.step_seconds, config.model.hidden) == (1.5, 8)
    assert (config.split.train, config.split.val, config.split.test) == (0.5, 0.2, 0.3)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"option='epoch' must be .* lists; did you mean epochs"):
        configure(epoch=3)


def test_an_artist_at_a_time_is_no_division_by_track() -> None:
    assert configure(folds="artists").folds == "artists"
    with pytest.raises(ConfigError, match="'artists' must be none or all with split_by='track'"):
        configure(folds="artists", split_by="track")
    with pytest.raises(ConfigError, match="folds='artist' must be one of: none, all, artists"):
        configure(folds="artist")
