"""Pages that need nothing else: one shell, no scripts, no network, and names that cannot act."""

from genre.pages.templates import page_templates

__all__ = ["page_templates"]
