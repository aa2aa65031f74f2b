"""What the options start from: genre.grid.recipes."""

from genre.config import to_mapping
from genre.grid import GridConfig
from genre.grid.recipes import RECIPES, Recipe
from genre.grid.runs import expand
from tests.synthetic import corpus, split_of


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
