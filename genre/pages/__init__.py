"""Pages that need nothing else: one shell, no scripts, no network, and names that cannot act."""

from genre.pages.templates import page_templates
from genre.pages.text import printable

__all__ = ["page_templates", "printable"]
