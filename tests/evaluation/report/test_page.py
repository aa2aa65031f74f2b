"""report.html: what REPORT.md says and shows, on one page that needs nothing else."""

import base64
import re
from pathlib import Path

import pandas as pd
import pytest

from genre.evaluation.plots.style import new_figure, save_figure
from genre.evaluation.report import compare_experiment
from genre.evaluation.report.page import report_page
from genre.evaluation.report.pictures import caption_of
from tests.page_reader import Reader
from tests.report_examples import QUICK
from tests.synthetic_experiment import write_experiment

HOSTILE = ("<script>alert(1)</script>", "a*b*c|d", "![x](pictures/../../secret.png)", "[x](y:z)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a compared experiment whose runs have histories and records."""
    folder = write_experiment(tmp_path_factory.mktemp("page") / "demo")
    for run in folder.glob("attn*/seed*"):
        pd.DataFrame(
            {"epoch": [1, 2], "val_loss": [0.6, 0.5], "val_f1": [0.4, 0.5], "val_macro_ap": [0, 1]}
        ).to_csv(run / "history.csv", index=False)
    compare_experiment(folder, QUICK)
    return folder


def read(folder: Path) -> Reader:
    return Reader((folder / "report.html").read_text(encoding="utf-8"))


def test_the_page_needs_nothing_else(folder: Path) -> None:
    content = (folder / "report.html").read_text(encoding="utf-8")
    reader = read(folder)
    assert not {"script", "link", "iframe", "object"} & set(reader.tags)
    assert not [name for name in reader.attributes if name.startswith("on")]
    assert all(source.startswith("data:image/png;base64,") for source in reader.attributes["src"])
    assert "://" not in content
    assert "default-src 'none'" in content


def test_it_shows_every_picture_and_says_what_the_markdown_says(folder: Path) -> None:
    reader, markdown = read(folder), (folder / "REPORT.md").read_text(encoding="utf-8")
    shown = [base64.b64decode(source.partition(",")[2]) for source in reader.attributes["src"]]
    files = re.findall(r"\]\((pictures/[^)]+)\)", markdown)
    assert shown == [(folder / file).read_bytes() for file in files]
    assert len(files) == 12
    n_rows = sum(line.startswith("| ") for line in markdown.splitlines())
    assert reader.tags["tr"] == n_rows - reader.tags["table"]  # less the line under each header
    for heading in re.findall(r"^## (.+)$", markdown, flags=re.MULTILINE):
        assert reader.text.count(heading) >= 2  # in the contents and above its chapter
    anchors = [target[1:] for target in reader.attributes["href"] if target.startswith("#")]
    assert set(anchors) <= set(reader.attributes["id"])
    assert len(anchors) == reader.tags["h2"]


@pytest.mark.usefixtures("sketched")
def test_runs_are_linked_from_wherever_the_report_lies(folder: Path, tmp_path: Path) -> None:
    assert "attnTrue_lossbce/seed0/record.json" in read(folder).attributes["href"]
    compare_experiment(folder, QUICK, out=tmp_path / "else where")
    links = [one for one in read(tmp_path / "else where").attributes["href"] if "record" in one]
    assert len(links) == 8
    assert all((tmp_path / "else where" / link).resolve().is_file() for link in links)


def test_pictures_grow_with_the_page_and_no_further_than_they_stay_sharp(folder: Path) -> None:
    # A picture is 200 dots per inch, a page 96.
    reader = read(folder)
    styles = [style for style in reader.attributes["style"] if style.startswith("max-width")]
    widths = [int(width) for width in reader.attributes["width"]]
    largest = [int(re.findall(r"\d+", style)[0]) for style in styles]
    assert largest == [round(1.35 * width) for width in widths]


def test_the_answer_stands_beside_the_picture_of_what_was_asked(folder: Path) -> None:
    content = (folder / "report.html").read_text(encoding="utf-8")
    _, front = content.split('<div class="front">')
    front, _ = front.split("</div>\n<h2 ", 1)
    assert front.startswith('\n<h2 id="the-answer">')
    assert front.count("<figure") == 1
    assert caption_of("forest_planned", unit="artist") in front
    markdown = (folder / "REPORT.md").read_text(encoding="utf-8")
    assert markdown.count("pictures/forest_planned.png") == 1
    assert markdown.count("pictures/forest_pairs.png") == 1


def test_pictures_that_follow_each_other_stand_together(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for name in "abc":
        save_figure(new_figure(2, 1), tmp_path / "pictures" / f"{name}.png")
    a, b, c = (f"![{name}](pictures/{name}.png)" for name in "abc")
    page = report_page(f"# T\n\n## A\n\ntext\n\n{a}\n\n{b}\n\n## B\n\n{c}\n\ntext\n", tmp_path)
    groups = re.findall(r'<div class="pictures">(.*?)</div>', page, flags=re.DOTALL)
    assert [group.count("<figure") for group in groups] == [2, 1]


@pytest.mark.usefixtures("sketched")
def test_no_name_can_do_anything(tmp_path: Path) -> None:
    genres = (*HOSTILE, "turned \u202egnp")
    (tmp_path / "secret.png").write_bytes(b"\x89PNG secret")
    write_experiment(tmp_path / "x" / "a_b", genres=genres, skills={"one": 2.0}, seeds=(0,))
    compare_experiment(tmp_path / "x" / "a_b", QUICK)
    reader = read(tmp_path / "x" / "a_b")
    for name in (*HOSTILE, "turned \\u202egnp", "Report of a_b"):
        assert name in reader.text
    assert reader.tags["script"] == reader.tags["em"] == 0
    assert base64.b64encode(b"\x89PNG secret").decode() not in str(reader.attributes["src"])
    assert "y:z" not in reader.attributes["href"]


def test_a_name_that_is_not_escaped_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    text = '# T\n\n[a](http:x) ![b](../b.png) ![c](no.png) <img src="x" onerror="y">\n'
    reader = Reader(report_page(text, tmp_path))
    assert reader.tags["a"] == reader.tags["img"] == 0
    assert '<img src="x" onerror="y">' in reader.text
