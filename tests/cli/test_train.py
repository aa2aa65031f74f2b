"""The words of `genre train`: genre.cli.train."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.cli.train import parse_grid_config
from genre.dataset.layouts import LAYOUTS
from genre.errors import ConfigError
from genre.grid.recipes import RECIPES


def test_the_grids_options_reach_its_parts() -> None:
    words = (
        "--data d --out o --labels tags --configs attnTrue_lossbce --seeds 5 --folds all "
        "--cache c --device cpu --max-bad-fraction 0.5 --min-tracks 4 --min-artists 5 "
        "--max-genres 6 --split-by track --fractions 0.5 0.2 0.3 --split-seed 7 "
        "--channels 4 8 --hidden 9 --block-dropout 0.4 --head-dropout 0.2 --epochs 10 "
        "--convolutions 3 --first-kernel 7 --stride-mels 4 --stride-frames 1 --pooling mean "
        "--bands 2 --schedule plateau --warm-up 0.5 --averaging 0.6 --label-smoothing 0.7 "
        "--augment.random-starts false --augment.mix-share 0.8 --augment.mix-alpha 0.9 "
        "--augment.shift-mels 1 "
        "--batch-size 11 --learning-rate 0.1 --weight-decay 0.2 --plateau-patience 12 "
        "--stop-patience 13 --windows-per-genre 14 --augment.gain-db 1 --augment.mask-mels 2 "
        "--augment.mask-frames 3 --n-workers 1 --timeout-seconds 9 --memory-mb 999"
    )
    config = parse_grid_config(words.split())
    assert (config.data, config.out, config.cache) == (Path("d"), Path("o"), Path("c"))
    assert (config.labels, config.folds, config.device) == ("tags", "all", "cpu")
    assert (config.configs, config.seeds) == (("attnTrue_lossbce",), 5)
    assert config.max_bad_fraction == 0.5
    selection, split, model = config.selection, config.split, config.model
    assert (selection.min_tracks, selection.min_artists, selection.max_genres) == (4, 5, 6)
    assert (split.by, split.train, split.val, split.test, split.seed) == (
        "track", 0.5, 0.2, 0.3, 7,
    )  # fmt: skip
    assert (model.channels, model.hidden, model.block_dropout) == ((4, 8), 9, 0.4)
    assert (model.convolutions, model.first_kernel, model.bands) == (3, 7, 2)
    assert (model.stride_mels, model.stride_frames, model.pooling) == (4, 1, "mean")
    training = config.training
    assert (training.schedule, training.warm_up, training.averaging) == ("plateau", 0.5, 0.6)
    assert training.label_smoothing == 0.7
    assert training.augment.random_starts is False
    assert (training.augment.mix_share, training.augment.mix_alpha) == (0.8, 0.9)
    assert training.augment.shift_mels == 1
    assert (training.epochs, training.batch_size, training.windows_per_genre) == (10, 11, 14)
    assert (training.learning_rate, training.weight_decay) == (0.1, 0.2)
    assert (training.plateau_patience, training.stop_patience) == (12, 13)
    assert (training.augment.gain_db, training.augment.mask_mels) == (1.0, 2)
    assert training.augment.mask_frames == 3
    assert config.execution.n_workers == 1


def test_a_recipe_is_what_the_options_start_from(tmp_path: Path) -> None:
    plain = parse_grid_config(
        ["--recipe", "reference", "--channels", "8", "--augment.gain-db", "1"]
    )
    reference = RECIPES["reference"]
    assert plain.recipe == "reference"
    assert plain.model == replace(reference.model, channels=(8,))
    assert plain.training == replace(
        reference.training, augment=replace(reference.training.augment, gain_db=1.0)
    )
    (tmp_path / "o.toml").write_text('recipe = "reference"\n')
    assert parse_grid_config(["--config", str(tmp_path / "o.toml")]).model == reference.model
    assert parse_grid_config([]).model == RECIPES["default"].model
    known = "default, reference, speech_commands, speech_commands_reference"
    with pytest.raises(ConfigError, match=f"recipe='best' must be one of: {known}"):
        parse_grid_config(["--recipe", "best"])


def test_the_grids_values_are_checked() -> None:
    with pytest.raises(ConfigError, match="must add up to 1"):
        parse_grid_config(["--fractions", "0.5", "0.2", "0.2"])
    with pytest.raises(ConfigError, match="configs='best' must be one of: attnTrue_lossbce"):
        parse_grid_config(["--configs", "best"])
    with pytest.raises(ConfigError, match="epochs=0 must be above 0"):
        parse_grid_config(["--epochs", "0"])


def test_a_layout_and_labels_are_one_option() -> None:
    for name in ("--labels", "--layout"):
        assert parse_grid_config([name, "fma:small"]).labels == "fma:small"
    with pytest.raises(ConfigError, match="labels='fma:big' must be of the form fma:small"):
        parse_grid_config(["--layout", "fma:big"])


def test_the_help_lists_what_is_registered(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_grid_config(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    known = "attnTrue, attnFalse, short_chunk_cnn, small_cnn, tc_resnet"
    assert f"one of {known}, then _loss and one of bce, focal," in told
    for layout in LAYOUTS.values():
        assert f"{layout.option} ({layout.source})" in told
