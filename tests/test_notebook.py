"""The notebook in git: executed, with its pictures, small, and without traces of a machine."""

import ast
import base64
import inspect
import io
import re
from functools import cached_property
from pathlib import Path

import nbformat
import pytest
import soundfile
from IPython.core.inputtransformer2 import TransformerManager
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from genre.evaluation import plots
from genre.tour import Tour

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK, TOUR = ROOT / "pipeline.ipynb", ROOT / "genre" / "tour"
MAX_BYTES = 4_000_000
MAX_PLAYER_BYTES = 500_000
MAX_PLAYER_SECONDS = 6.1  # an MP3 is a whole number of frames of 26 ms, and a little padding
TRACES = {
    "a path from the root": r"(?<![\w.<:/])/(?:home|root|work|tmp|usr|opt|mnt|Users|private|var)/",
    "a path on Windows": r"\b[A-Z]:\\\\?\w",
    "an installed package's path": r"site-packages|\.venv/",
    "an address": r"\w://",
    "a package index": r"(?i)pypi|pythonhosted|index-url",
}
PLAYER = re.compile(r"data:audio/(\w+);base64,([A-Za-z0-9+/=]+)")


@pytest.fixture
def notebook() -> NotebookNode:
    found: NotebookNode = nbformat.read(NOTEBOOK, as_version=4)
    return found


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def texts(notebook: NotebookNode) -> list[str]:
    """Give every text a reader sees, without pictures and sound."""
    found = [cell.source for cell in notebook.cells]
    for output in outputs(notebook):
        found.append(output.get("text", ""))
        found += [value for kind, value in output.get("data", {}).items() if kind[:5] == "text/"]
    return [PLAYER.sub("", text) for text in found]


def players(notebook: NotebookNode) -> list[bytes]:
    html = [output.get("data", {}).get("text/html", "") for output in outputs(notebook)]
    return [base64.b64decode(sound) for text in html for _, sound in PLAYER.findall(text)]


def test_is_a_valid_notebook_of_the_usual_kernel(notebook: NotebookNode) -> None:
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"


def test_was_executed_once_from_top_to_bottom(notebook: NotebookNode) -> None:
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_has_no_errors_and_no_warnings(notebook: NotebookNode) -> None:
    kinds = {(output.output_type, output.get("name", "")) for output in outputs(notebook)}
    assert not {kind for kind in kinds if "error" in kind or "stderr" in kind}


def test_has_at_least_ten_pictures(notebook: NotebookNode) -> None:
    pictures = [output for output in outputs(notebook) if "image/png" in output.get("data", {})]
    assert len(pictures) >= 10
    for picture in pictures:
        assert base64.b64decode(picture.data["image/png"]).startswith(b"\x89PNG")


def test_shows_the_demo_on_the_sample_dataset(notebook: NotebookNode) -> None:
    first = code_cells(notebook)[0].source
    assert 'DATA = Path("data/sample")' in first
    assert 'EXPERIMENT = Path("results/demo")' in first
    printed = "".join(output.get("text", "") for output in outputs(notebook))
    assert "shown: results/demo/" in printed  # the short grid of its own would say results/notebook


def test_defines_no_functions(notebook: NotebookNode) -> None:
    forbidden = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    for cell in code_cells(notebook):
        found = [node for node in ast.walk(parsed(cell)) if isinstance(node, forbidden)]
        assert not found, cell.source


@pytest.mark.parametrize("trace", TRACES)
def test_bears_no_trace_of_a_machine(notebook: NotebookNode, trace: str) -> None:
    for text in texts(notebook):
        found = re.search(TRACES[trace], text)
        assert found is None, f"{trace}: {text[max(0, found.start() - 40) : found.end() + 40]}"


def test_is_small() -> None:
    assert NOTEBOOK.stat().st_size <= MAX_BYTES


def test_the_players_are_short_and_small(notebook: NotebookNode) -> None:
    sounds = players(notebook)
    assert len(sounds) == 7  # one track to look at, the three best and the three worst
    assert sum(map(len, sounds)) <= MAX_PLAYER_BYTES
    for sound in sounds:
        assert soundfile.info(io.BytesIO(sound)).duration <= MAX_PLAYER_SECONDS


def parsed(cell: NotebookNode) -> ast.Module:
    return ast.parse(TransformerManager().transform_cell(cell.source))


def steps_of(cell: NotebookNode) -> list[str]:
    """List the steps of the tour that a cell takes."""
    return re.findall(r"tour\.(\w+\.\w+)\(\)", cell.source)


def test_every_step_is_taken_once() -> None:
    source = nbformat.read(NOTEBOOK, as_version=4)
    taken = [step for cell in code_cells(source) for step in steps_of(cell)]
    rooms = {
        name: room.func.__annotations__["return"]
        for name, room in vars(Tour).items()
        if isinstance(room, cached_property)
    }
    offered = {
        f"{name}.{step}"
        for name, room in rooms.items()
        for step, method in vars(room).items()
        if inspect.isfunction(method) and step[0] != "_"
    }
    assert sorted(taken) == sorted(offered)


def test_what_a_picture_shows_here_stands_below_it(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        if not steps_of(cell):
            continue
        *shown, last = [output.get("data", {}) for output in cell.outputs]
        assert "text/markdown" in last, cell.source
        words = "".join(last["text/markdown"])
        assert words.strip()
        assert not any("image/png" in data for data in shown) or words.endswith((".", ")"))


def test_it_uses_the_front_door(notebook: NotebookNode) -> None:
    source = "\n".join(cell.source for cell in code_cells(notebook))
    imported = re.findall(r"^(?:from|import) (genre[\w.]*)", source, flags=re.MULTILINE)
    assert imported == ["genre", "genre.sample"]
    assert len([line for line in source.splitlines() if line.strip()]) <= 60


def test_shows_every_kind_of_picture() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in TOUR.glob("*.py"))
    shown = set(re.findall(r"plots\.(plot_\w+)\(", source))
    # What thresholds could gain is the report's to say.
    assert shown == {name for name in plots.__all__ if name[:5] == "plot_"} - {"plot_coverage"}


def test_the_page_needs_no_network_and_no_scripts(notebook: NotebookNode) -> None:
    exporter = HTMLExporter(
        template_name="notebook_page",
        extra_template_basedirs=[str(NOTEBOOK.parent / "scripts")],
    )
    page, _ = exporter.from_notebook_node(notebook)
    assert "<script" not in page
    sources = re.findall(r"<(?:img|link|source|audio|iframe)[^>]*?(?:src|href)=\"([^\"]{5})", page)
    assert len(sources) >= 26
    assert set(sources) == {"data:"}
    assert not re.search(r"@import|url\([\"']?http", page)
