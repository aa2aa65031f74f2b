"""A bundle where one is wanted: used, trained on the tracks, or trained on the sample dataset."""

from pathlib import Path

import pytest

from genre.addresses import here
from genre.errors import BundleError, DatasetError
from genre.execution import ExecutionConfig
from genre.grid import GridConfig, GridSummary
from genre.grid import train_if_needed as needed
from genre.grid.train_if_needed import train_if_needed
from genre.inference.bundle import load_bundle
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from genre.sample import SampleConfig
from genre.training.config import TrainingConfig
from tests.bundles import small_bundle, write_bundle

TINY_SAMPLE = SampleConfig(
    genres=("jazz", "rock"),
    n_artists_per_genre=3,
    n_tracks_per_artist=1,
    min_seconds=4.0,
    max_seconds=5.0,
)


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replace the training itself, and the making of the sample dataset, by what they leave."""
    called: list[Path] = []

    def _train(config: GridConfig, **_options: object) -> GridSummary:
        called.append(here(config.data))
        write_bundle(small_bundle(), config.folder / "best")
        return GridSummary(folder=config.folder, n_trained=1, n_kept=0, best="x", best_value=None)

    monkeypatch.setattr(needed, "run_grid", _train)
    return called


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_bundle_that_is_there_is_used_as_it_is(tmp_path: Path, trainings: list[Path]) -> None:
    write_bundle(small_bundle(), tmp_path / "best")
    before = files_of(tmp_path / "best")
    found = train_if_needed(tmp_path / "best", GridConfig(data=tmp_path / "tracks"))
    assert found.data is None
    assert str(found) == f"model: {tmp_path / 'best'} (it was there already)"
    assert files_of(tmp_path / "best") == before
    assert trainings == []


def test_a_bundle_that_cannot_be_used_is_never_overwritten(
    tmp_path: Path, trainings: list[Path]
) -> None:
    write_bundle(small_bundle(), tmp_path / "best")
    (tmp_path / "best" / "model.safetensors").write_bytes(b"other")
    with pytest.raises(BundleError, match="not the weights"):
        train_if_needed(tmp_path / "best", GridConfig(data=tmp_path / "tracks"))
    assert (tmp_path / "best" / "model.safetensors").read_bytes() == b"other"
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BundleError, match="must be a folder with"):
        train_if_needed(tmp_path / "file", GridConfig(data=tmp_path / "tracks"))
    assert trainings == []


@pytest.mark.parametrize("is_empty_folder", [False, True])
def test_without_a_bundle_the_tracks_are_learned_from(
    tmp_path: Path, trainings: list[Path], *, is_empty_folder: bool
) -> None:
    tracks = tmp_path / "tracks"
    (tracks / "jazz" / "deep").mkdir(parents=True)
    (tracks / "jazz" / "deep" / "song.mp3").write_bytes(b"any")
    if is_empty_folder:
        (tmp_path / "best").mkdir()
    config = GridConfig(data=tracks, out=tmp_path / "results")
    trained = train_if_needed(tmp_path / "best", config, sample_root=tmp_path / "sample")
    assert trainings == [tracks]
    assert trained.data == tracks
    assert str(trained) == f"model: {tmp_path / 'best'} (trained on {tracks})"
    assert files_of(tmp_path / "best") == files_of(tmp_path / "results" / "best")
    assert not (tmp_path / "sample").exists()
    # and not again
    assert train_if_needed(tmp_path / "best", config).data is None
    assert trainings == [tracks]


def test_a_grid_that_ends_where_the_bundle_is_wanted_is_not_copied(
    tmp_path: Path, trainings: list[Path]
) -> None:
    (tmp_path / "tracks").mkdir()
    (tmp_path / "tracks" / "song.mp3").write_bytes(b"any")
    config = GridConfig(data=tmp_path / "tracks", out=tmp_path / "results")
    trained = train_if_needed(tmp_path / "results" / "best", config)
    assert trainings == [tmp_path / "tracks"]
    assert load_bundle(trained.folder).genres == ("a", "b", "c")


@pytest.mark.parametrize("there", ["nothing", "an empty folder", "no audio"])
def test_without_tracks_the_sample_dataset_is_learned_from(
    tmp_path: Path, trainings: list[Path], there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tracks = tmp_path / "tracks"
    if there != "nothing":
        tracks.mkdir()
    if there == "no audio":
        (tracks / "cover.jpg").write_bytes(b"a picture")
        (tracks / ".hidden.mp3").write_bytes(b"left by a copy")
    trained = train_if_needed(
        tmp_path / "best",
        GridConfig(data=tracks, execution=ExecutionConfig(n_workers=1)),
        sample=TINY_SAMPLE,
        sample_root=tmp_path / "sample",
        progress=False,
    )
    assert trainings == [tmp_path / "sample"]
    assert trained.data == tmp_path / "sample"
    assert len(list((tmp_path / "sample").rglob("* - *"))) == 6
    assert (tmp_path / "results" / "sample" / "best").is_dir()
    assert load_bundle(tmp_path / "best").genres == ("a", "b", "c")


def test_tracks_that_teach_nothing_are_an_error_not_the_sample_dataset(tmp_path: Path) -> None:
    tracks = tmp_path / "tracks"
    (tracks / "jazz").mkdir(parents=True)
    (tracks / "jazz" / "song.mp3").write_bytes(b"")
    config = GridConfig(data=tracks, out=tmp_path / "results", cache=tmp_path / "cache")
    with pytest.raises(DatasetError, match="No tracks found"):
        train_if_needed(tmp_path / "best", config, sample_root=tmp_path / "sample")
    assert not (tmp_path / "best").exists()
    assert not (tmp_path / "sample").exists()


@pytest.mark.slow
def test_a_tiny_model_is_really_trained_on_a_sample_dataset(tmp_path: Path) -> None:
    config = GridConfig(
        data=tmp_path / "tracks",
        out=tmp_path / "results",
        cache=tmp_path / "cache",
        configs=("attnFalse_lossbce",),
        seeds=1,
        device="cpu",
        model=SpectrogramCNNConfig(channels=(4, 8), hidden=8),
        training=TrainingConfig(epochs=1),
        execution=ExecutionConfig(n_workers=1),
    )
    trained = train_if_needed(
        tmp_path / "best", config, sample=TINY_SAMPLE, sample_root=tmp_path / "sample"
    )
    assert trained.data == tmp_path / "sample"
    assert load_bundle(tmp_path / "best").genres == ("jazz", "rock")
