"""JSON from outside ends in a value or a ValueError: genre.json_files; nobody reads past it."""

import ast
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.cli import main
from genre.dataset.content_index import ContentIndex
from genre.dataset.sidecar import read_sidecar
from genre.dataset.splits.parts import load_split
from genre.errors import GenreError
from genre.evaluation.inputs.run_folder import read_json
from genre.inference.bundle import load_bundle
from genre.json_files import MAX_DEPTH, load_json, parse_json
from genre.sample import make_sample_dataset
from genre.tagging.file_tags.journal import RecordedChanges

PACKAGE = Path(__file__).resolve().parents[1] / "genre"
DEEP = "[" * 200_000
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=40)
@given(values)
def test_what_json_can_hold_comes_back(value: object) -> None:
    assert parse_json(json.dumps(value)) == value
    assert (
        parse_json(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) == value
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (DEEP, "deep"),
        ('{"a":' * 100_000, "deep"),
        ("[" * 100_000 + "]" * 100_000, "deep"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), f"at most {MAX_DEPTH} deep"),
        ('{"x": [' * MAX_DEPTH + "]}" * MAX_DEPTH, "deep"),
        ("NaN", "NaN"),
        ("[-Infinity]", "-Infinity"),
        ("1e999", "more than a number can be"),
        ("9" * 5000, "5000 digits"),
        ('{"a": 1, "b": 2, "a": 3}', "'a' twice"),
        ("", "Expecting value"),
        ("{'a': 1}", "Expecting"),
        (b"\xff\xfe[\x00]\x00", "utf-8"),
        (b'"\xe9"', "utf-8"),
        (" " * (2**20 + 1), "at most 1 MB"),
    ],
)
def test_what_would_harm_later_is_one_error(text: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_json(text, max_mb=1)


def test_what_is_deep_enough_for_everybody_is_read() -> None:
    assert parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}  # an editor's byte order mark


def test_a_file_that_never_ends_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b" " * (2**20 + 10))
    with pytest.raises(ValueError, match="at most 1 MB"):
        load_json(path, max_mb=1)
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(ValueError, match="regular file"):
            load_json(tmp_path / name)


def test_every_file_of_json_may_be_deep(tmp_path: Path) -> None:
    """Each ends in the error, or the empty index, that any other damage ends in."""
    for name in ("model.json", "record.json", "split.json", "a.json", "journal", "made.json"):
        (tmp_path / name).write_text(DEEP + "\n")
    readers: dict[str, Callable[[], object]] = {
        "model.json": lambda: load_bundle(tmp_path),
        "record.json": lambda: read_json(tmp_path / "record.json"),
        "split.json": lambda: load_split(tmp_path / "split.json"),
        "a.json": lambda: read_sidecar(tmp_path / "a.npy"),
        "journal": lambda: RecordedChanges(tmp_path / "journal"),
    }
    for read in readers.values():
        with pytest.raises(GenreError):
            read()
    assert ContentIndex(tmp_path / "a.json")._known == {}
    (tmp_path / "sample.json").write_text(DEEP)
    with pytest.raises(GenreError, match="deep"):
        make_sample_dataset(tmp_path)


def test_the_commands_say_it_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "e" / "attnTrue_lossbce" / "seed0"
    run.mkdir(parents=True)
    for name in (run / "record.json", tmp_path / "model.json", tmp_path / "e" / "experiment.json"):
        name.write_text(DEEP)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    (tmp_path / "j.jsonl").write_text(DEEP)
    for words in (
        ["tag", str(tmp_path), str(tmp_path / "a.wav")],
        ["export", str(tmp_path)],
        ["serve", str(tmp_path)],
        ["compare", str(tmp_path / "e")],
        ["untag", str(tmp_path / "j.jsonl")],
    ):
        assert main(words) == 1
        said = capsys.readouterr().err
        assert said.startswith("error: ")
        assert said.count("\n") == 1


def test_nobody_reads_json_past_it() -> None:
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            is_import = isinstance(node, ast.ImportFrom) and node.module == "json"
            if is_import or name.startswith("json.load") or "JSONDecoder" in name:
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found == {"json_files.py"}
