"""The layouts that are known, by name, and the choice among them.

To add one: ``LAYOUTS["cue-sheets"] = Layout(name="cue-sheets", option="cue", …)``. The option
``--labels``, its help, the check of a configuration and the doctor's page follow from the entry.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

from genre.dataset.layouts.entries import Layout
from genre.dataset.layouts.folders import FOLDER_PER_GENRE
from genre.dataset.layouts.labels_csv import LABELS_CSV
from genre.dataset.layouts.manifest import MANIFEST
from genre.dataset.layouts.published import PUBLISHED
from genre.dataset.layouts.tags import EMBEDDED_TAGS
from genre.errors import ConfigError
from genre.plugins import Registry
from genre.suggestions import not_among

AUTO = "auto"

# In the order in which `auto` asks them.
LAYOUTS: Registry[Layout] = Registry(
    "layout",
    {layout.name: layout for layout in (LABELS_CSV, FOLDER_PER_GENRE, EMBEDDED_TAGS, *PUBLISHED)},
)
# What `auto` takes where no layout applies.
FALL_BACK = FOLDER_PER_GENRE.name


def label_options() -> tuple[str, ...]:
    """List what ``--labels`` may be: ``auto``, then the option of every layout.

    Returns
    -------
    tuple of str
        In the order of `LAYOUTS`, as it is now.
    """
    return (AUTO, *(layout.option for layout in LAYOUTS.values()))


def describe_options() -> str:
    """Write what the choices of ``--labels`` mean, for its help.

    Returns
    -------
    str
        A sentence.
    """
    known = ", ".join(f"{layout.option} ({layout.source})" for layout in LAYOUTS.values())
    more = ", ".join(_forms(layout) for layout in LAYOUTS.values() if layout.choices)
    return (
        f"Where the genres come from: {known}, or {AUTO}, the first of them that suits the folder, "
        f"else {LAYOUTS[FALL_BACK].option}. In full: {more}, each part behind a colon optional."
    )


def _forms(layout: Layout) -> str:
    return ":".join([layout.option, *("|".join(words) for words in layout.choices.values())])


def layout_named(name: str) -> Layout:
    """Find a layout by what files and messages call it, that of a manifest too.

    Parameters
    ----------
    name : str
        As `Layout.name`.
    """
    return MANIFEST if name == MANIFEST.name else LAYOUTS[name]


def check_labels(labels: str) -> None:
    """Refuse an option that no layout has.

    Parameters
    ----------
    labels : str
        As in ``--labels``.

    Raises
    ------
    ConfigError
        With the list of the legal ones.
    """
    if labels != AUTO:
        _named(labels)


def choose_layout(root: Path, labels: str = AUTO) -> Layout:
    """Choose how a folder is read.

    Parameters
    ----------
    root : Path
        The data folder.
    labels : str
        One of `label_options`, and behind colons what its layout lets one choose, as in
        ``fma:small:all``. ``auto`` takes the first layout that applies to the folder, in the
        order of `LAYOUTS`: labels.csv where there is one; else a folder per genre.

    Returns
    -------
    Layout
        With something chosen, a layout of its own: its option is all of ``labels``.

    Raises
    ------
    ConfigError
        As `check_labels`.
    """
    if labels == AUTO:
        applying = (layout for layout in LAYOUTS.values() if layout.applies(root))
        return next(applying, LAYOUTS[FALL_BACK])
    return _named(labels)


def _named(labels: str) -> Layout:
    option, *words = labels.split(":")
    layout = next((entry for entry in LAYOUTS.values() if entry.option == option), None)
    if layout is None:
        raise ConfigError(not_among("labels", labels, label_options()))
    if not words:
        return layout
    chosen = {
        keyword: word
        for word in words
        for keyword, legal in layout.choices.items()
        if word in legal
    }
    if len(chosen) < len(words):  # an unknown word, or two for the same
        raise ConfigError(f"labels={labels!r} must be of the form {_forms(layout)}")
    return replace(layout, option=labels, find=partial(layout.find, **chosen))
