"""The notebook in git: executed, with its pictures, small, and without traces of a machine."""

import ast
import base64
import io
import re
from pathlib import Path

import nbformat
import pytest
import soundfile
from IPython.core.inputtransformer2 import TransformerManager
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from genre.evaluation import plots

NOTEBOOK = Path(__file__).resolve().parents[1] / "pipeline.ipynb"
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
    assert "results/demo/attn" in printed  # the short grid of its own would say results/notebook


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


def test_only_files_that_this_project_made_are_heard(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        players_here = [node for node in ast.walk(parsed(cell)) if is_call(node, "Audio")]
        guarded = [
            node
            for test in ast.walk(parsed(cell))
            if isinstance(test, ast.If) and ast.unparse(test.test).endswith(".sha256 in made_here")
            for node in ast.walk(test)
            if is_call(node, "Audio")
        ]
        assert len(players_here) == len(guarded)


def parsed(cell: NotebookNode) -> ast.Module:
    return ast.parse(TransformerManager().transform_cell(cell.source))


def is_call(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def test_every_picture_comes_from_a_public_function(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        pictures = [one for one in cell.outputs if "image/png" in one.get("data", {})]
        assert len(pictures) == len(set(re.findall(r"plots\.(plot_\w+)\(", cell.source)))
        assert not re.search(r"matplotlib\.|Figure\(|pyplot", cell.source)


def test_shows_every_kind_of_picture(notebook: NotebookNode) -> None:
    source = "".join(cell.source for cell in code_cells(notebook))
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
