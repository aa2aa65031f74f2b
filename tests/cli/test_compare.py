"""`genre compare`: what it writes, and what it says of words that do not fit."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from genre.cli import compare, main
from tests.report_examples import ALIKE
from tests.score_tables import edit, write_tables
from tests.synthetic_experiment import write_experiment

WORDS = ["--n-replicates", "200", "--n-reference-replicates", "100"]
FAULTS = [
    ("good.csv", "track 004,", "track 003,", "line 6, column track: 'track 003' must stand once"),
    ("good.csv", "track 004,", "track xxx,", "1 missing, such as 'track 004'; 1 unknown"),
    ("good.csv", "track 004,", ",", "line 6, column track: must not be empty"),
    ("good.csv", "jazz", "polka", "every genre column of .*1 missing, such as 'jazz'"),
    ("good.csv", "jazz", "blues", "line 1: column 'blues' must stand once"),
    ("good.csv", "jazz", "", "line 1: column 4 must have a name"),
    ("good.csv", "track,", "song,", "must have a column 'track'"),
    ("truth.csv", "artist 0,1.0,", "artist 0,0.5,", "line 2, column blues: '0.5' must be 0 or 1"),
    ("truth.csv", "artist 0,", ",", "line 2, column artist: must not be empty"),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), FAULTS)
def test_faults_are_one_line_that_names_the_place(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    old: str,
    new: str,
    message: str,
) -> None:
    paths = write_tables(tmp_path)
    edit(tmp_path / name, old, new)
    status = main(["compare", "--truth", str(tmp_path / "truth.csv"), *map(str, paths)])
    error = capsys.readouterr().err
    assert status == 1
    assert error.count("\n") == 1
    assert error.startswith(f"error: {tmp_path / name}")
    assert pd.Series([error]).str.contains(message).all(), error


def test_the_command_writes_what_an_experiment_gets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(path) for path in write_tables(tmp_path, n_seeds=2)]
    out = tmp_path / "out"
    words = ["compare", "--truth", str(tmp_path / "truth.csv"), *paths, "--threshold", "0.4"]
    status = main([*words, "--out", str(out), "--json", str(tmp_path / "c.json"), *WORDS])
    said = capsys.readouterr()
    assert status == 0, said.err
    names = {path.name for path in out.iterdir()}
    assert {"REPORT.md", "comparison.csv", "comparison.json", "scores.csv", "pictures"} <= names
    assert (tmp_path / "c.json").read_bytes() == (out / "comparison.json").read_bytes()
    assert "2 seeds, 24 test artists" in said.out
    assert "good did better than poor" in said.out
    assert "One fixed threshold for all" in said.out
    shown = {path.name for path in (out / "pictures").iterdir()}
    assert {"forest_pairs.png", "confusion.png"} <= shown
    report = (out / "REPORT.md").read_text()
    assert all(f"pictures/{name}" in report for name in shown)


def test_the_command_without_thresholds_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [str(path) for path in write_tables(tmp_path, with_artists=False)]
    assert main(["compare", "--truth", "truth.csv", *paths, *WORDS]) == 0
    said = capsys.readouterr().out
    assert "No thresholds were given" in said
    assert "No artists are known" in said
    assert (tmp_path / "results" / "compared" / "REPORT.md").is_file()


def test_the_number_of_threads_changes_no_byte(tmp_path: Path) -> None:
    paths = [str(path) for path in write_tables(tmp_path)]
    written = []
    for threads in ("1", "2"):
        out = tmp_path / threads
        words = ["--truth", str(tmp_path / "truth.csv"), *paths, "--threshold", "0.5", *WORDS]
        code = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
        subprocess.run(
            [sys.executable, "-c", code, "compare", *words, "--out", str(out)],
            env=os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            check=True,
            capture_output=True,
        )
        names = ("comparison.csv", "comparison.json", "scores.csv", "per_class.csv")
        written.append([(out / name).read_bytes() for name in names])
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a", "b"], "experiment must be one folder"),
        (["a", "--threshold", "0.5"], "threshold must come with truth"),
    ],
)
def test_words_for_tables_need_a_truth(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *words]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_the_newest_experiment_is_compared_where_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compare", *WORDS]) == 1
    assert "must be an experiment; there is none: train one first" in capsys.readouterr().err
    for name, time in (("new", 2000), ("old", 1000)):
        folder = write_experiment(tmp_path / "results" / name, skills=ALIKE, n_windows=1)
        os.utime(folder / "experiment.json", (time, time))
    assert main(["compare", *WORDS, "--json", "found.json", "--out", "elsewhere"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"comparing the newest experiment: {Path('results/new')}\n")
    assert said.endswith("report: elsewhere/report.html and elsewhere/REPORT.md\n")
    assert Path("found.json").read_bytes() == Path("elsewhere/comparison.json").read_bytes()
    assert not (tmp_path / "results" / "new" / "REPORT.md").exists()


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        compare.run(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for option in ("--truth", "--threshold", "--validation", "--out", "--json", "--rope"):
        assert option in said
