"""README and docs: every block of code runs, or is at least understood; links and sizes hold."""

import csv
import io
import json
import re
from importlib import import_module
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from draw_front import draw, first_test_track
from genre.cli import COMMANDS
from genre.evaluation.inputs import RunRecord
from genre.evaluation.scores import PART_FIELDS, load_scores
from tests.browser import chromium
from tests.documentation import (
    PAGES,
    PROJECT,
    ROOT,
    check_command,
    commands_of,
    document,
    languages,
    own_folder,
    understands,
)
from write_tutorial import PAGE as TUTORIAL
from write_tutorial import told

__all__ = ["own_folder"]  # a fixture

README = ROOT / "README.md"
DOCS = ROOT / "docs"
LANGUAGES = {"bash", "json", "python", "text", "toml", "yaml"}
DIRECTIVES = {"{toctree}", "{grid}", "{grid-item-card}"}
SLOW = [page for page in PAGES if "<!-- slow: " in page.read_text(encoding="utf-8")]
# The steps of the one need each other, and run below; the other runs as the site is built.
ONE_BY_ONE = [page for page in PAGES if page not in (TUTORIAL, DOCS / "gallery.md")]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", ONE_BY_ONE, ids=name_of)
def test_the_blocks_of_a_page_run(page: Path, own_folder: Path) -> None:
    for example in document(page, slow=False).examples():
        example.evaluate()
    assert own_folder == Path.cwd()


@pytest.mark.slow
@pytest.mark.parametrize("page", SLOW, ids=name_of)
def test_the_slow_blocks_of_a_page_run_too(page: Path, own_folder: Path) -> None:
    for example in document(page, slow=True).examples():
        example.evaluate()
    assert own_folder == Path.cwd()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_has_no_block_that_is_not_looked_at(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = {info.split()[0] if info else "" for info in languages(text)}
    assert found <= LANGUAGES | DIRECTIVES
    bare = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"\n\n {4}\S", bare), "an indented block has no language"


def test_words_that_no_command_understands_are_found() -> None:
    assert understands(["tag", "model", "song.mp3", "--top", "2"])
    assert not understands(["tag", "model", "song.mp3", "--tops", "2"])
    assert not understands(["tags", "model", "song.mp3"])
    for wrong in ("make tea", "rm -r x", "pip install '.[nothing]'", "python scripts/gone.py"):
        with pytest.raises(AssertionError):
            check_command(*commands_of(wrong))
    assert list(commands_of("genre tag \\\n  a b > c  # why\n# no\npart=3\n")) == [
        ["genre", "tag", "a", "b"]
    ]
    assert list(languages("```bash\na\n```\n\n    b\n\n```\nc\n```\n")) == ["bash", ""]


@pytest.mark.slow
def test_the_tutorial_prints_what_it_says(tmp_path: Path) -> None:
    page = TUTORIAL.read_text(encoding="utf-8")
    assert page.count("```text\n") >= 6
    assert shape(told(page, tmp_path)) == shape(page)


def shape(page: str) -> list[str]:
    """Leave out what depends on the machine: numbers, what is best, what is told of a track."""
    page = re.sub(r"(?ms)^(Chosen on validation).*?\n\n", r"\1\n\n", page)
    lines = [" ".join(re.sub(r"\d+(\.\d+)?", "0", line).split()) for line in page.splitlines()]
    for varies, told_of_all in (
        (r"^(…/)?(music|new)/\w+/.*", r"\1\2/a track"),
        (r"^(model: \S+, from) .*", r"\1"),
        (r"^.* [+-]?0 to [+-]?0\b.*", "a row of figures"),
    ):
        lines = [re.sub(varies, told_of_all, line) for line in lines]
    return [line for line, _ in groupby(line for line in lines if line != "…")]


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    assert len(text.split()) <= 1000
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)|(?:src|href)=\"([^\"#]+)", text)
    targets = [one or other for one, other in links]
    near = [target for target in targets if "://" not in target]
    assert len(near) > 5
    assert [target for target in near if not (ROOT / target).exists()] == []
    pictures = [ROOT / name for name in near if name.endswith((".png", ".webp", ".jpg"))]
    assert len(pictures) >= 2
    assert sum(path.stat().st_size for path in pictures) <= 300_000
    assert PROJECT["project"]["readme"] == "README.md"


def test_every_page_is_in_the_site() -> None:
    indices = [page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md")]
    trees = re.findall(r"```\{toctree\}\n(.*?)```", "\n".join(indices), flags=re.DOTALL)
    lines = [line for tree in trees for line in tree.splitlines() if line[:1] != ":"]
    named = {Path(line.rpartition("<")[2].strip(">")).name for line in lines}
    assert {page.stem for page in DOCS.rglob("*.md")} - named - {"index"} == set()


def columns(page: str) -> set[str]:
    """List what a page's tables explain in their first column."""
    text = (DOCS / page).read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([^|]+) \|", text, flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_the_pages_of_formats_name_what_files_hold(
    experiment_folder: Path, own_folder: Path
) -> None:
    fields = set(RunRecord.__dataclass_fields__) - {"other"}  # what later versions wrote
    assert fields <= columns("reference/record.md")
    (scores, *_) = sorted(experiment_folder.rglob("scores.npz"))
    load_scores(scores)
    names = set(np.load(scores).files)
    plain = {name.removeprefix("val_").removeprefix("test_") for name in names}
    assert plain - {"uncalibrated"} <= columns("reference/scores.md")
    assert set(PART_FIELDS) <= columns("reference/scores.md")
    model = json.loads((own_folder / "results/tracks/best/model.json").read_text("utf-8"))
    assert set(model) <= columns("reference/bundle.md")


def test_the_page_of_labels_has_a_table_that_can_be_read() -> None:
    text = (DOCS / "reference/labels_csv.md").read_text(encoding="utf-8")
    table = text.partition("```text\n")[2].partition("```")[0]
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == 2
    assert set(rows[0]) == columns("reference/labels_csv.md") & set(rows[0])


def test_the_reference_has_every_command_and_option() -> None:
    from command_reference import EVERYWHERE
    from generated import filled

    page = filled((DOCS / "reference/commands.md").read_text(encoding="utf-8"))
    _, *sections = re.split(r"^## genre (\w+)$", page, flags=re.MULTILINE)
    assert sections[::2] == list(COMMANDS)
    for name, section in zip(sections[::2], sections[1::2], strict=True):
        heads = " ".join(re.findall(r"^````\{option\} (.*)$", section, flags=re.MULTILINE))
        parser = import_module(f"genre.cli.{name}").make_parser()
        found = {*re.findall(r"--[\w.-]+", heads)}
        assert {*parser.shown_options} - EVERYWHERE - found == set(), name
    requests = filled((DOCS / "reference/rest.md").read_text(encoding="utf-8"))
    assert "\n## POST /predict\n" in requests
    assert "[Prediction](#object-prediction)" in requests
    assert "\n### Prediction\n" in requests
    room = filled((DOCS / "reference/api/genre.md").read_text(encoding="utf-8"))
    assert ".. autofunction:: open_folder" in room


@pytest.mark.slow
def test_the_pictures_of_the_readme_can_be_drawn(own_folder: Path, tmp_path: Path) -> None:
    with chromium():  # or it is skipped
        pass
    experiment = own_folder / "results/tracks"
    (experiment / "report.html").write_text("<h1>The answer</h1>")
    (experiment / "split.json").write_text('{"test": ["a.wav", "song.mp3"]}')
    track = first_test_track(experiment, own_folder)
    assert track == own_folder / "song.mp3"
    page, report = draw(experiment, track, tmp_path / "pictures")
    assert imread(page).shape == imread(report).shape == (760, 1000, 3)
    assert len(np.unique(imread(page)[..., 0])) > len(np.unique(imread(report)[..., 0])) > 1


def test_a_picture_is_what_the_code_above_it_drew(tmp_path: Path) -> None:
    from gallery import drawn

    block = (
        "```python\nfrom matplotlib.figure import Figure\nfigure = Figure(figsize=({}, 1))\n```\n"
    )
    page = (
        f"{block.format(1)}\n<!-- picture: small -->\n\n{block.format(2)}\n<!-- picture: wide -->\n"
    )
    made = drawn(page, "page", folder=tmp_path / "build", sources=tmp_path)
    assert "\n![small](build/page-1.png)\n" in made
    assert "\n![wide](build/page-2.png)\n" in made
    assert made.count("```python") == 2
    small, wide = (imread(tmp_path / f"build/page-{n}.png").shape for n in (1, 2))
    assert wide[1] == 2 * small[1]
