"""`genre serve` as a user sees it: genre.cli.serve."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from genre.cli import main
from genre.describe.card import Absent
from genre.serving.cards import Cards
from genre.serving.config import ServingConfig
from tests.bundles import completed, small_bundle, write_bundle

ROOT = Path(__file__).resolve().parents[2]


def run_serve(
    folder: Path, *words: str, before: str = "pass"
) -> "subprocess.CompletedProcess[str]":
    code = f"import sys; {before}; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", str(folder / "bundle"), *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )


def test_without_its_libraries_it_says_what_to_install(tmp_path: Path) -> None:
    done = run_serve(tmp_path, before="sys.modules['apiflask'] = None")
    assert done.returncode == 1
    assert done.stderr == (
        "error: apiflask must be installed: run `pip install '.[serve]'` in a clone of genre\n"
    )


def test_the_options_reach_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[object, ...]] = []

    def load(folder: Path, **options: object) -> dict[str, object]:
        return {"folder": folder, **options}

    def serve(
        tagger: object,
        folder: Path,
        config: ServingConfig,
        *,
        announce: Callable[[str], None],
        cards: object,
    ) -> None:
        asked.append((tagger, folder, config, cards))
        announce("http://127.0.0.1:8000")

    monkeypatch.setattr("genre.cli.serve.load_tagger", load)
    monkeypatch.setattr("genre.serving.running.serve", serve)
    words = ["--device", "cpu", "--port", "0", "--max-queue", "3", "--token-file", "t"]
    words += ["--min-score", "0.6"]
    best = tmp_path / "best"
    best.mkdir()
    (best / "model.json").touch()
    assert main(["serve", str(tmp_path), *words]) == 0  # an experiment's folder
    config = ServingConfig(port=0, max_queue=3, token_file=Path("t"))
    tagger = {"folder": best, "device": "cpu", "n_threads": 1, "heard": None}
    tagger["min_score"] = 0.6
    assert asked == [(tagger, best, config, None)]
    assert capsys.readouterr().out == "listening on http://127.0.0.1:8000 (Ctrl-C ends)\n"


def test_cards_are_offered_where_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[Cards] = []

    def serve(*_: object, cards: Cards, **__: object) -> None:
        served.append(cards)

    def absent(*_: object, **__: object) -> None:
        raise Absent("not here")

    monkeypatch.setattr("genre.serving.running.serve", serve)
    monkeypatch.setattr("genre.describe.hub.Hub.load", absent)
    monkeypatch.setattr("genre.describe.describer.load_reader", absent)
    write_bundle(completed(small_bundle()), tmp_path / "bundle")
    file = tmp_path / "describe.toml"
    file.write_text('[words]\nurl = "http://localhost:1"\n')
    assert main(["serve", str(tmp_path / "bundle"), "--describe", str(file)]) == 0
    assert served[0].parts == ("genres", "words")
    assert "cards have no part heard: not here" in capsys.readouterr().err
    file.write_text("[word]\n")
    assert main(["serve", str(tmp_path / "bundle"), "--describe", str(file)]) == 1
    assert "did you mean words?" in capsys.readouterr().err


def test_limits_that_make_no_sense_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", str(tmp_path), "--port", "70000"]) == 1
    assert capsys.readouterr().err.startswith("error: port=70000 must be from 0")


def test_its_options_load_nothing_heavy() -> None:
    # without the libraries of the server it can still say what to install
    code = "import sys, genre.cli.serve; print({'torch', 'flask', 'waitress'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"
