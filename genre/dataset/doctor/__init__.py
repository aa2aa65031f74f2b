"""What is wrong with a folder of music, and what a set of tracks can carry."""

from importlib import import_module
from typing import TYPE_CHECKING

from genre.dataset.doctor.diagnosis import Diagnosis, diagnose

if TYPE_CHECKING:
    from genre.dataset.doctor.advice import outlook, steps
    from genre.dataset.doctor.examination import Examination, ExaminedFile, examine
    from genre.dataset.doctor.page import page_text
    from genre.dataset.doctor.tables import csv_text, headline, summary_text

__all__ = [
    "Diagnosis",
    "Examination",
    "ExaminedFile",
    "csv_text",
    "diagnose",
    "examine",
    "headline",
    "outlook",
    "page_text",
    "steps",
    "summary_text",
]

# Loaded when asked for: the page draws with matplotlib, which training can spare.
_HOMES = {
    "Examination": "examination",
    "ExaminedFile": "examination",
    "csv_text": "tables",
    "examine": "examination",
    "headline": "tables",
    "outlook": "advice",
    "page_text": "page",
    "steps": "advice",
    "summary_text": "tables",
}


def __getattr__(name: str) -> object:
    """Load what lies in another module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
