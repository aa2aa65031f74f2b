"""The blocks of code in README and docs: what they may hold, and how they are run or read."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import soundfile
import yaml
from sybil import Document, Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from genre.cli import main
from genre.cli.options import OptionParser
from tests.bundles import small_bundle, write_bundle

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MARK = re.compile(r"<!-- (not run|slow): [^>]+ -->\n+\Z")
"""Right before a block: why it is not run here, or not among the fast tests."""
FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})(?P<info>.*)$", flags=re.MULTILINE)
NOT_OURS = {"#!/bin/bash", "source", "curl", "docker", "sbatch", "hf", "mkdir", "tensorboard"}


class _Read(BaseException):
    """A command has read its words."""


def mark_of(example: Example) -> str:
    """Find the mark above a block: `not run`, `slow` or nothing."""
    found = MARK.search(example.document.text[: example.start])
    return found[1] if found else ""


def document(page: Path, *, slow: bool) -> Document:
    """Parse a page; the examples of it do what can be done with them."""
    python = PythonEvaluator()

    def run_python(example: Example) -> None:
        compile(example.parsed, str(page), "exec")
        if is_run(example):
            python(example)

    def run_shell(example: Example) -> None:
        for words in commands_of(example.parsed):
            check_command(words)
            if is_run(example) and words[0] == "genre":
                assert main(words[1:]) == 0, words

    def is_run(example: Example) -> bool:
        mark = mark_of(example)
        return not mark or (slow and mark == "slow")

    parsers = [
        CodeBlockParser("python", run_python),
        CodeBlockParser("bash", run_shell),
        CodeBlockParser("toml", lambda example: _check(tomllib.loads(example.parsed))),
        CodeBlockParser("json", lambda example: _check(json.loads(example.parsed))),
        CodeBlockParser("yaml", lambda example: _check(yaml.safe_load(example.parsed))),
    ]
    return Sybil(parsers).parse(page)


def _check(content: object) -> None:
    assert content


def languages(text: str) -> Iterator[str]:
    """List the words behind the fences that open blocks."""
    inside: list[str] = []
    for found in FENCE.finditer(text):
        fence, info = found["fence"], found["info"].strip()
        if inside and fence == inside[-1] and not info:
            inside.pop()
        elif not inside or inside[-1].startswith(":"):
            inside.append(fence)
            yield info


def commands_of(block: str) -> Iterator[list[str]]:
    """Cut a block into the words of its commands; what is printed elsewhere is left out."""
    for line in block.replace("\\\n", " ").splitlines():
        bare = re.sub(r"\$\w+", "3/16", line)
        if line.startswith("#!") or not (words := shlex.split(bare, comments=True)):
            continue
        if not re.fullmatch(r"\w+=.*", words[0]):
            yield words[: words.index(">")] if ">" in words else words


def check_command(words: list[str]) -> None:
    """Make sure that a command exists and understands its words, without doing anything."""
    name = words[0]
    if name == "genre":
        assert understands(words[1:]), words
    elif name == "python":
        assert (ROOT / words[1]).is_file() or words[1] == "-m", words
    elif name == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert all(f"\n{target}:" in makefile for target in words[1:]), words
    elif name == "pip":
        assert words[1] == "install", words
        for extras in re.findall(r"\.\[(.+)\]", " ".join(words)):
            known = PROJECT["project"]["optional-dependencies"]
            assert set(extras.split(",")) <= set(known), words
    else:
        assert name in NOT_OURS, words


def understands(words: list[str]) -> bool:
    """Whether `genre` can read words; what it would do is not done."""
    read = OptionParser.parse_args

    def _stop(parser: OptionParser, *args: object, **options: object) -> None:
        read(parser, *args, **options)  # type: ignore[arg-type]  # as it was called
        raise _Read

    with mock.patch.object(OptionParser, "parse_args", _stop):
        try:
            main(words)
        except _Read:
            return True
        except SystemExit:
            return False
    return False


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make what pages speak of, a folder of tracks, a model and songs, and go there."""
    rng = np.random.default_rng(0)
    names = [f"data/tracks/{g}/{a} - Song.wav" for g in ("jazz", "rock") for a in ("A", "B", "C")]
    names = [name.replace("/rock/", "/rock/R") for name in names]
    for name in [*names, "folder/one.mp3", "song.mp3", "other.mp3"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0.1 * rng.standard_normal(4 * 22050), 22050)
    for experiment in ("tracks", "demo"):
        write_bundle(small_bundle(), tmp_path / "results" / experiment / "best")
    rows = "".join(f"t{n},A{n // 2},{n % 2},{1 - n % 2}\n" for n in range(24))
    (tmp_path / "truth.csv").write_text(f"track,artist,blues,jazz\n{rows}")
    for name in ("ours", "theirs"):
        values = rng.random((24, 2)).round(3)
        rows = "".join(f"t{n},{one},{other}\n" for n, (one, other) in enumerate(values))
        (tmp_path / f"{name}.csv").write_text(f"track,blues,jazz\n{rows}")
    monkeypatch.chdir(tmp_path)
    return tmp_path
