"""One file and one registration: a toy plug-in of each kind, through the command, in a process."""

import csv
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.old_tracks import write_old_tracks

TOYS = Path(__file__).parent / "toy_plugins"
ARCHIVE = Path(__file__).parent / "written_before.zip"
SHORT = "--seeds 1 --epochs 1 --batch-size 4 --device cpu --cache cache --out results/toy"


def genre(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a fresh process."""
    code = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tracks(tmp_path: Path) -> Path:
    """Make ten short tracks of two genres below a folder."""
    write_old_tracks(tmp_path / "tracks")
    return tmp_path


def test_a_layout(tracks: Path) -> None:
    for path in sorted((tracks / "tracks").rglob("*.wav")):
        number = path.stem.split()[1]
        shutil.move(path, tracks / "tracks" / f"Artist{number} x@{path.parent.name}.wav")
    toy = str(TOYS / "layout.py")
    words = ("doctor", "tracks", "--cache", "cache", "--labels", "ending")
    told = genre(tracks, *words, "--plugin", toy)
    assert told.returncode == 0, told.stderr
    with (tracks / "results" / "tracks" / "doctor.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["genres"] for row in rows] == ["high", "low"] * 5
    assert {row["artist"] for row in rows} == {f"Artist{number}" for number in range(5)}
    without = genre(tracks, *words)
    assert without.returncode == 1
    assert "error: labels='ending' must be one of: auto, csv, folders, tags" in without.stderr


@pytest.mark.slow
def test_an_architecture_a_loss_and_an_aggregation_in_processes_of_their_own(tracks: Path) -> None:
    toys = [str(TOYS / f"{kind}.py") for kind in ("architecture", "loss", "aggregation")]
    plugins = [word for toy in toys for word in ("--plugin", toy)]
    names = ("mean_bands_losssquared", "attnTrue_lossasl")
    train = ("train", "--data", "tracks", *SHORT.split(), "--parallel-runs", "2")
    options = ("--configs", *names, "--aggregation", "min")
    done = genre(tracks, *train, *options, *plugins)
    assert done.returncode == 0, done.stderr
    run = tracks / "results" / "toy" / names[0] / "seed0"
    record = json.loads((run / "record.json").read_text(encoding="utf-8"))
    assert (record["config"]["architecture"], record["config"]["loss"]) == ("mean_bands", "squared")
    assert list(record["plugins"]) == ["architecture.py", "loss.py", "aggregation.py"]
    bundle = json.loads((run / "bundle" / "model.json").read_text(encoding="utf-8"))
    assert bundle["plugins"] == ["aggregation.py", "architecture.py"]  # a loss is not needed to tag
    assert bundle["rule"]["aggregation"] == "min"
    again = genre(tracks, *train, *options, *plugins)
    assert "0 runs trained, 2 finished before" in again.stdout
    tag = ("tag", str(run / "bundle"), "tracks")
    without = genre(tracks, *tag)
    assert without.returncode == 1
    assert "must be used with the plug-in it was made with: --plugin aggregation.py" in (
        without.stderr
    )
    assert genre(tracks, *tag, *plugins).returncode == 0
    export = genre(tracks, "export", str(run / "bundle"), *plugins)
    assert export.returncode == 1
    assert "aggregation" in export.stderr
    assert "min" in export.stderr


def test_a_metric(tmp_path: Path) -> None:
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    words = ("compare", "experiment", "--n-replicates", "200", "--n-reference-replicates", "100")
    told = genre(tmp_path, *words, "--plugin", str(TOYS / "metric.py"))
    assert told.returncode == 0, told.stderr
    with (tmp_path / "experiment" / "scores.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["metric"] == "one_error"]
    values = {
        row["config"]: float(row["value"])
        for row in rows
        if (row["level"], row["seed"]) == ("track", "0")
    }
    assert set(values) == {"attnTrue_lossbce", "attnFalse_lossfocal"}
    assert all(0 <= value <= 1 for value in values.values())
    assert "one-error" in (tmp_path / "experiment" / "REPORT.md").read_text(encoding="utf-8")
