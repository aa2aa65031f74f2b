"""What is wrong with a folder of music, and what a set of tracks can carry."""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.dataset.doctor.advice import steps
    from genre.dataset.doctor.artists import describe_artists
    from genre.dataset.doctor.diagnosis import Diagnosis, diagnose
    from genre.dataset.doctor.examination import Examination, ExaminedFile, examine
    from genre.dataset.doctor.page import page_text
    from genre.dataset.doctor.prospects import outlook
    from genre.dataset.doctor.tables import csv_text, headline, summary_text

__all__ = [
    "Diagnosis",
    "Examination",
    "ExaminedFile",
    "csv_text",
    "describe_artists",
    "diagnose",
    "examine",
    "headline",
    "outlook",
    "page_text",
    "steps",
    "summary_text",
]

__getattr__, __dir__ = offer(
    __name__,
    {
        "artists": ("describe_artists",),
        "diagnosis": ("Diagnosis", "diagnose"),
        "advice": ("steps",),
        "prospects": ("outlook",),
        "examination": (
            "Examination",
            "ExaminedFile",
            "examine",
        ),
        "page": ("page_text",),
        "tables": (
            "csv_text",
            "headline",
            "summary_text",
        ),
    },
)
