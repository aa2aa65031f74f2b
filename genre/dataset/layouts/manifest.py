"""Layout ``manifest``: a list of files in place of a folder, with their genres.

It is chosen by what is named, a file or an address, and needs no ``--labels``.
"""

from genre.addresses import Place
from genre.dataset.layouts.entries import SPLITS, Entry, Layout, Listing
from genre.dataset.manifest import read_manifest
from genre.errors import DatasetError
from genre.spelling import genre_texts, split_genres
from genre.wording import counted


def find_in_manifest(place: Place) -> Listing:
    """Label the files that a manifest lists.

    Parameters
    ----------
    place : Path or Address
        The manifest.

    Returns
    -------
    Listing
        Rows without genres are left out, with a note. Where there is a column of artists, its word
        is final.

    Raises
    ------
    DatasetError
        On anything wrong in the manifest, with its row and column.
    """
    manifest = read_manifest(place)
    spelled = {text: genre_texts(text) for text in set(manifest.genres)}
    genres = {text: split_genres(text) for text in spelled}
    parts = {text: _part(text) for text in set(manifest.split)}
    if wrong := next((text for text, part in parts.items() if text and part is None), None):
        where = manifest.where(manifest.split.index(wrong), "split")
        raise DatasetError(f"{where}: {wrong!r} must be one of: {', '.join(SPLITS)}")
    rows = [row for row, text in enumerate(manifest.genres) if genres[text]]
    entries = tuple(
        Entry(
            track_id=manifest.path[row],
            path=manifest.place_of(row),
            genres=genres[manifest.genres[row]],
            artist=manifest.artist[row] or None,
            split=parts[manifest.split[row]],
            fold=None if manifest.fold[row] < 0 else manifest.fold[row],
            spellings=spelled[manifest.genres[row]],
            sha256=manifest.sha256[row],
            stamp=manifest.stamp(row),
        )
        for row in sorted(rows, key=manifest.path.__getitem__)
    )
    n_without = len(manifest) - len(rows)
    notes = (f"{counted(n_without, 'row')} without genres left out of {place}",)
    return Listing(
        entries=entries,
        notes=notes if n_without else (),
        tells_artists="artist" in manifest.has,
    )


def _part(text: str) -> str | None:
    return SPLITS.get(text.strip().lower())


MANIFEST = Layout(
    name="manifest",
    option="auto",
    source="the manifest",
    advice="write the genres of at least some files into the column genres of {root}",
    find=find_in_manifest,
)
