"""How `make docs` builds the site: Sphinx with MyST, from this folder to build/docs."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

from genre.version import __version__  # noqa: E402 - found by the line above

project = "genre"
author = "the authors of genre"
version = release = __version__
html_title = f"genre {version}"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "generated",  # docs/_ext
]
exclude_patterns = ["_ext", "_static"]

# Links to headings work here as they do on a code host.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# The rooms offer what their `__all__` names; types stand in the docstrings.
default_role = "py:obj"  # `name` in a docstring is a link where there is such a name
autosummary_generate = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
napoleon_preprocess_types = False

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True

smartquotes = False  # two dashes are an option

html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {
    "show_prev_next": True,
    "navigation_depth": 2,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_toc_level": 2,
}
html_context = {"default_mode": "auto"}
html_sidebars: dict[str, list[str]] = {"index": [], "tutorial": [], "peers": [], "gallery": []}
