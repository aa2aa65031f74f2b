"""Modules whose tests stand in another file than the one of their name."""

TESTED_ELSEWHERE: dict[str, str] = {
    "genre/cli/train.py": "tests/cli/test_options.py",
    "genre/execution/cores.py": "tests/execution/test_execution.py",
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
    "genre/sample/arrangement.py": "tests/sample/test_music.py",
    "genre/sample/artists.py": "tests/sample/test_sample.py",
    "genre/sample/genres.py": "tests/sample/test_sample.py",
    "genre/sample/harmony.py": "tests/sample/test_music.py",
    "genre/sample/instruments.py": "tests/sample/test_music.py",
    "genre/sample/mixing.py": "tests/sample/test_music.py",
    "genre/sample/parts.py": "tests/sample/test_music.py",
    "genre/sample/percussion.py": "tests/sample/test_music.py",
    "genre/sample/planning.py": "tests/sample/test_sample.py",
    "genre/sample/rendering.py": "tests/sample/test_sample.py",
    "genre/sample/voices.py": "tests/sample/test_music.py",
    "genre/training/config.py": "tests/training/test_trainer.py",
    "genre/training/history.py": "tests/training/test_trainer.py",
}

# Tested through others only, so far; each gets a file of its own.
UNNAMED: tuple[str, ...] = (
    "genre/execution/pool.py",
    "genre/execution/units.py",
    "genre/execution/worker.py",
    "genre/grid/rehearsal.py",
    "genre/pages/templates.py",
    "genre/provenance.py",
    "genre/sample/making.py",
    "genre/sample/style.py",
    "genre/sample/writing.py",
    "genre/tag_errors.py",
)
