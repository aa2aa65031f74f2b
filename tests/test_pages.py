"""Pages on one shell: nothing that is filled in can act, and nothing is forgotten."""

from pathlib import Path

import jinja2
import pytest

from genre.pages import page_templates, tagging_page

PAGE = """{% extends "shell.html" %}
{% block title %}{{ name }}{% endblock %}
{% block content %}
<p>{{ name }}</p>
{% if n %}<p>{{ n }}</p>{% endif %}
{% endblock %}
"""


@pytest.fixture
def templates(tmp_path: Path) -> jinja2.Environment:
    """Load one page that extends the shell."""
    (tmp_path / "page.html").write_text(PAGE)
    return page_templates(tmp_path)


def test_a_page_stands_in_the_shell(templates: jinja2.Environment) -> None:
    html = templates.get_template("page.html").render(name="jazz", n=3)
    assert html.startswith("<!DOCTYPE html>")
    assert "<title>jazz</title>" in html
    assert "<main>\n<p>jazz</p>\n<p>3</p>" in html
    assert "default-src 'none'" in html  # no scripts, nothing from the network


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("<script>", "&lt;script&gt;"),
        ("a & b", "a &amp; b"),
        ("two\nlines", "two\\nlines"),
        ("\u202eright to left", "\\u202eright to left"),
    ],
)
def test_names_cannot_act(templates: jinja2.Environment, name: str, written: str) -> None:
    html = templates.get_template("page.html").render(name=name, n=0)
    assert f"<p>{written}</p>" in html


def test_what_is_html_already_stays(templates: jinja2.Environment) -> None:
    bold = templates.from_string("{% set bold %}<b>jazz</b>\n{% endset %}").make_module()
    html = templates.get_template("page.html").render(name=getattr(bold, "bold"), n=0)  # noqa: B009 - a template's variable
    assert "<p><b>jazz</b>\n</p>" in html


def test_what_is_not_filled_in_is_an_error(templates: jinja2.Environment) -> None:
    with pytest.raises(jinja2.UndefinedError, match="'n' is undefined"):
        templates.get_template("page.html").render(name="jazz")


def test_a_page_of_another_folder_is_not_found(templates: jinja2.Environment) -> None:
    with pytest.raises(jinja2.TemplateNotFound, match=r"other\.html"):
        templates.get_template("other.html")


def test_a_page_that_takes_music_has_shared_files_and_its_own(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '{% extends "tagging/index.html" %}{% block limits %}WAV only{% endblock %}'
    )
    (tmp_path / "source.js").write_text("export const AT_ONCE = 1;")
    html, files = tagging_page(tmp_path)
    assert '<p class="limits" id="limits">WAV only</p>' in html
    assert files["source.js"] == tmp_path / "source.js"
    assert files["app.js"].parent.name == "tagging"
    assert not [name for name in files if name.endswith(".html")]
