"""Fixtures that several test files share."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.synthetic_experiment import write_experiment

# The same examples at every run, however slow the machine; `--hypothesis-profile explore` draws
# new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("repeatable")

# Those that use onnxruntime themselves tell nobody either; it is read as that is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end anyway: ten thousand tests and all libraries."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def seeded_torch() -> None:
    """Draw the same initial weights whatever tests ran before."""
    if "torch" in sys.modules:
        # `torch.manual_seed` also writes down, at length, what to seed should CUDA be used one day.
        sys.modules["torch"].default_generator.manual_seed(0)


@pytest.fixture
def audible_interrupts() -> Iterator[None]:
    """Let SIGINT be heard here and by what is started, though a shell may have us ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def live_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw bars though the standard error is caught, as on a terminal."""
    monkeypatch.setattr("genre.execution.bars.is_live", lambda _: True)


@pytest.fixture
def sketched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a dot of each picture of a report whose words are looked at: to lay out takes long."""
    from matplotlib.image import imsave

    def _sketch(_: object, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        imsave(path, [[0.0]])
        return path

    monkeypatch.setattr("genre.evaluation.report.pictures.save_figure", _sketch)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real audio beside the checkout; skip where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no real audio: {SHARED_DATA} does not exist")
    return SHARED_DATA


@pytest.fixture
def experiment_folder(tmp_path: Path) -> Path:
    """Give an experiment as training leaves it: 4 configurations, 2 seeds, 7 genres, 63 tracks."""
    return write_experiment(tmp_path / "demo")


@pytest.fixture(scope="session")
def sample_cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small cut of the sample dataset: 18 tracks of 10 s, 9 artists, 3 genres."""
    from genre.sample import SampleConfig, make_sample_dataset

    root = tmp_path_factory.mktemp("sample_cut")
    config = SampleConfig(
        genres=("classical", "rock", "electronic"),
        n_artists_per_genre=3,
        n_tracks_per_artist=2,
        min_seconds=10.0,
        max_seconds=10.0,
    )
    make_sample_dataset(root, config)
    return root
