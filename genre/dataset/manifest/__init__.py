"""A manifest: the list of a collection's files, in a table that is read in place of a folder.

A row per file, in CSV or Parquet: ``path`` (relative to the manifest's own folder, absolute, or an
address), and where known ``size`` in bytes, ``modified`` and ``changed`` in ns, ``sha256``,
``genres`` joined by ``|``, ``artist``, ``split`` and ``fold``. Only ``path`` must be there.
"""

from genre.dataset.manifest.columns import Manifest
from genre.dataset.manifest.reading import MANIFEST_SUFFIXES, is_manifest, read_manifest
from genre.dataset.manifest.writing import Row, write_manifest

__all__ = [
    "MANIFEST_SUFFIXES",
    "Manifest",
    "Row",
    "is_manifest",
    "read_manifest",
    "write_manifest",
]
