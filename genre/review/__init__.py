"""Which tracks to listen to next and why, and what is answered written into ``labels.csv``."""

from genre.review.answers import Wish
from genre.review.book import LabelBook
from genre.review.table import ChangedMeanwhileError, checked_genre

__all__ = ["ChangedMeanwhileError", "LabelBook", "Wish", "checked_genre"]
