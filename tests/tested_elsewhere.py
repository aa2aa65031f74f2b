"""Modules whose tests stand in another file than the one of their name."""

TESTED_ELSEWHERE: dict[str, str] = {
    "genre/cli/train.py": "tests/cli/test_options.py",
    "genre/experiment/judging.py": "tests/experiment/test_experiment.py",
    "genre/experiment/training.py": "tests/experiment/test_experiment.py",
    "genre/grid/baselines.py": "tests/grid/test_grid.py",
    "genre/grid/configurations.py": "tests/grid/test_grid.py",
    "genre/grid/preparation.py": "tests/grid/test_trained.py",
    "genre/grid/recipes.py": "tests/grid/test_grid.py",
    "genre/grid/runs.py": "tests/grid/test_grid.py",
    "genre/grid/train_if_needed.py": "tests/grid/test_needed.py",
    "genre/models/outline.py": "tests/models/test_explain.py",
    "genre/models/registry.py": "tests/models/test_short_chunk_cnn.py",
    "genre/training/config.py": "tests/training/test_trainer.py",
    "genre/training/history.py": "tests/training/test_trainer.py",
}

# Tested through others only, so far; each gets a file of its own.
UNNAMED: tuple[str, ...] = (
    "genre/grid/rehearsal.py",
)
