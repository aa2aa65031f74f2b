"""A plug-in of the tests: the genre is what a file's name ends with, as in ``song@jazz.wav``."""

from pathlib import Path

from genre.dataset.labels import split_genres
from genre.dataset.layouts import LAYOUTS, Entry, Layout, Listing
from genre.dataset.layouts.files import list_files, track_ids


def find(root: Path) -> Listing:
    """List the files that name their genre."""
    files = list_files(root)
    ids = track_ids(root, files.audio)
    entries = [
        Entry(
            track_id=ids[path],
            path=path,
            genres=split_genres(path.stem.rpartition("@")[2]),
            artist=path.stem.partition(" ")[0],
        )
        for path in files.audio
        if "@" in path.stem
    ]
    return Listing(entries=tuple(sorted(entries, key=lambda entry: entry.track_id)))


LAYOUTS["name-ending"] = Layout(
    name="name-ending",
    option="ending",
    source="the ends of the files' names",
    advice="name the files <title>@<genre>",
    find=find,
)
