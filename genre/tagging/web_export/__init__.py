"""A page that tags music in a browser alone: the model, what runs it, and the page's own files."""

from genre.tagging.web_export.runtime import unpack
from genre.tagging.web_export.writing import check_page, write_page

__all__ = ["check_page", "unpack", "write_page"]
