"""The genres in files' own tags: read, written with a journal, and taken back."""

from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Change, Journal, RecordedChanges
from genre.tagging.file_tags.retagging import Retagged, Retagger
from genre.tagging.file_tags.writing import Undone, check_writable, undo, write_genres

__all__ = [
    "Change",
    "Journal",
    "RecordedChanges",
    "Retagged",
    "Retagger",
    "Undone",
    "check_writable",
    "read_genres",
    "undo",
    "write_genres",
]
