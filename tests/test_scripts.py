"""Every script as a user calls it, on tiny input."""

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genre.inference.writing import write_bundle as write_pretrained
from tests.bundles import small_bundle, write_bundle
from tests.pretrained_examples import small_backbone

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
TINY = [
    "--epochs",
    "1",
    "--channels",
    "4",
    "8",
    "--hidden",
    "8",
    "--n-workers",
    "1",
    "--device",
    "cpu",
]


def call(name: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPTS / name), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """Run a script in this process, which has loaded its libraries; it answers with the status."""

    def _run(name: str, *words: str) -> int:
        monkeypatch.setattr(sys, "argv", [str(SCRIPTS / name), *words])
        monkeypatch.syspath_prepend(SCRIPTS)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPTS / name), run_name="__main__")
        return int(ended.value.code or 0)

    return _run


@pytest.mark.parametrize("name", sorted(path.name for path in SCRIPTS.glob("*.py")))
def test_help_explains_and_an_unknown_option_is_one_line(
    name: str, here: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert here(name, "--help") == 0
    told = capsys.readouterr().out
    assert told.startswith("usage: ")
    assert "\n  -" in told or "--help-all` explains" in told
    assert here(name, "--no-such-option", "1") == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("error: ")
    assert "known options: --" in complaint or "--help-all\n" in complaint
    assert complaint.count("\n") == 1


def test_make_train_compare(tmp_path: Path) -> None:
    made = call(
        "make_sample_data.py",
        *["--genres", "jazz", "rock", "--n-artists-per-genre", "3", "--n-tracks-per-artist", "1"],
        *["--min-seconds", "4", "--max-seconds", "5"],
        folder=tmp_path,
    )
    assert made.returncode == 0, made.stderr
    assert "data/sample" in made.stdout.splitlines()[-1]
    checked = call("doctor.py", "data/sample", "--n-workers", "1", folder=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "6 files, 6 usable" in checked.stdout
    assert checked.stdout.endswith("page: results/sample/doctor.html\n")
    assert (tmp_path / "results/sample/doctor.csv").read_text().count("\n") == 7
    words = ["--data", "data/sample", "--seeds", "1", *TINY]
    trained = call("train_grid.py", *words, folder=tmp_path)
    assert trained.returncode == 0, trained.stderr
    report = "report: results/sample/report.html and results/sample/REPORT.md"
    assert trained.stdout.splitlines()[-1] == report
    page = (tmp_path / "results/sample/report.html").read_text()
    assert "attnTrue_lossbce/seed0/curves.png" in page
    assert "data:image/png;base64," in page
    records = list((tmp_path / "results/sample").glob("*/seed0/record.json"))
    assert len(records) == 4
    assert json.loads(records[0].read_text())["command"].startswith("genre train --data")
    compared = call("bootstrap_compare.py", "--n-replicates", "100", folder=tmp_path)
    assert compared.returncode == 0, compared.stderr
    assert "results/sample" in compared.stdout.splitlines()[0]
    assert compared.stdout.splitlines()[-1] == report
    assert "--n-replicates 100" in (tmp_path / "results/sample/report.html").read_text()
    words = ["--run", "results/sample/attnFalse_lossbce/seed0", "--json", "figures.json"]
    explained = call("check_explanations.py", *words, folder=tmp_path)
    assert explained.returncode == 0, explained.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["n_genres_of_tracks"] >= 2
    assert figures["logit_change_highest"] <= figures["logit_change_lowest"]


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "results" / "old").mkdir(parents=True)
    (tmp_path / "results" / "old" / "experiment.json").write_text("{}")
    with subprocess.Popen(
        [sys.executable, "-u", str(SCRIPTS / "bootstrap_compare.py")],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as started:
        assert started.stdout is not None
        started.stdout.close()
        _, complaint = started.communicate()
    assert complaint == b""


@pytest.mark.slow
def test_the_intake_is_measured(tmp_path: Path) -> None:
    figures_path = tmp_path / "intake.json"
    words = ["--seconds", "3", "--rounds", "1", "--json", str(figures_path)]
    answer = call("bench_intake.py", *words, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert f"figures in {figures_path}" in answer.stdout
    figures = json.loads(figures_path.read_text())
    # short files say nothing of speed, but three hours need no more memory than this
    assert 50 < figures["worker_peak_rss_mb"] < 250
    stages = [figures[f"{name}_ms"] for name in ("decode", "downmix", "resample", "mel", "write")]
    assert all(np.isfinite(stages))
    for part in (figures, figures["wav"], figures["flac"]):
        assert part["ratio_vs_librosa"] > 0
        assert part["ratio_vs_torchaudio"] > 0
        assert part["time_over_bare_decode"] > 1


def test_the_bootstrap_benchmark_agrees_with_scikit_learn(tmp_path: Path) -> None:
    words = ["--scale", "0.02", "--n-timed", "2", "--json", "figures.json"]
    answer = call("bench_bootstrap.py", *words, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    for prefix in ("", "ap_", "auc_"):
        assert figures[f"{prefix}max_abs_difference"] <= 1e-12
        assert figures[f"{prefix}ratio_vs_sklearn"] > 1
    assert figures["large_peak_gb"] < 4


@pytest.mark.slow
def test_training_is_measured(tmp_path: Path) -> None:
    words = ["--seconds", "0.05", "--rounds", "1", "--device", "cpu", "--json", "figures.json"]
    answer = call("bench_training.py", *words, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["device"] == "cpu"
    # so short a measurement says little; that nothing is computed on the fly shows all the same
    assert figures["ratio_vs_on_the_fly"] > 1
    assert 0 < figures["fraction_of_gemm_peak"] < 1
    assert figures["startup_seconds"] > 0


@pytest.mark.slow
def test_mapped_features_take_little_memory(tmp_path: Path) -> None:
    words = ["--tracks", "2000", "--seconds", "0.1", "--rounds", "1", "--json", "figures.json"]
    answer = call("bench_mapped.py", *words, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["features_gb"] == 0.58
    assert 100 < figures["rss_anon_mb"] < 1500
    assert figures["time_over_memory"] > 0


@pytest.mark.slow
def test_tagging_is_measured(tmp_path: Path) -> None:
    words = ["--seconds", "4", "--files", "3", "--rounds", "1", "--json", "figures.json"]
    answer = call("bench_tagging.py", *words, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["threads"] == 1
    assert figures["x_realtime"] > 1
    assert figures["small_window_ms"] > 0
    assert figures["default_ratio_to_plain_torch_of_16"] > 0
    assert figures["first_tag_seconds"] > figures["of_it_starting_python_and_numpy_seconds"] > 0
    if sys.platform == "linux":
        # what a process of Python with numpy and onnxruntime takes at least
        assert 30 < figures["first_tag_of_a_long_track_mb"] < 1000


@pytest.mark.slow
def test_pretrained_networks_are_measured(tmp_path: Path) -> None:
    words = ["--seconds", "4", "--rounds", "1", "--backbones", "shelf", "--json", "figures.json"]
    answer = call("bench_backbones.py", *words, folder=tmp_path)
    assert answer.returncode == 2
    assert "backbones=shelf must hold one: genre backbone add" in answer.stderr
    write_pretrained(small_backbone(), tmp_path / "shelf" / "ears")
    answer = call("bench_backbones.py", *words, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["threads"] == 1
    assert figures["ears"]["x_realtime"] > 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, on Linux only")
def test_the_server_is_loaded(tmp_path: Path) -> None:
    write_bundle(small_bundle(), tmp_path / "bundle")
    words = ["bundle", "--requests", "16", "--rounds", "1", "--soak", "80"]
    words += ["--overload-seconds", "2", "--json", "f.json"]
    answer = call("bench_serving.py", *words, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    figures = json.loads((tmp_path / "f.json").read_text())
    assert [entry["n_failed"] for entry in figures["clients"].values()] == [0, 0, 0]
    assert figures["ratio_to_offline"] > 0
    assert figures["server_cpu_ms_per_request"] > 0
    assert figures["overload"]["n_other_or_late"] == 0
    assert set(figures["overload"]["answers"]) <= {"200", "503"}
    assert (figures["soak"]["n_requests"], figures["soak"]["n_failed"]) == (80, 0)
    assert abs(figures["soak"]["growth"]) < 0.5
