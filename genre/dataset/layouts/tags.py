"""Layout ``embedded-tags``, and the reader of tags that the other layouts ask for the artist.

ID3 (MP3, WAV, AIFF), Vorbis comments (FLAC, OGG, Opus), MP4, ASF and APE tags.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import mutagen

from genre.dataset.faults import Fault
from genre.dataset.labels import split_genres
from genre.dataset.layouts.entries import Entry, Layout, Listing
from genre.dataset.layouts.files import list_files, track_ids
from genre.tag_errors import TAG_ERRORS

ARTIST_KEYS = ("TPE1", "artist", "Artist", "\xa9ART", "Author", "TPE2", "albumartist", "aART")
GENRE_KEYS = ("TCON", "genre", "Genre", "\xa9gen", "WM/Genre")

# What players write where nobody named a genre.
NO_GENRES = frozenset({"unknown", "unknown_genre", "other", "misc", "none", "undefined", "genre"})


@dataclass(frozen=True, kw_only=True)
class Tags:
    """What a file says about itself.

    Parameters
    ----------
    artist : str or None
        The first one named.
    genres : tuple of str
        Canonical, sorted; empty where there are none.
    spellings : tuple of str
        The same genres as they are written there.
    """

    artist: str | None = None
    genres: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()


def read_tags(path: Path) -> Tags:
    """Read artist and genres out of an audio file.

    Parameters
    ----------
    path : Path
        Any file; one that is damaged or no audio has no tags.

    Returns
    -------
    Tags
    """
    try:
        file = mutagen.File(path)
        tags = None if file is None else file.tags
        if tags is None:
            return Tags()
        artists = _values(tags, ARTIST_KEYS)
        texts = _values(tags, GENRE_KEYS)
        genres = {genre for text in texts for genre in split_genres(text)} - NO_GENRES
    except TAG_ERRORS:
        return Tags()
    return Tags(artist=artists[0] if artists else None, genres=tuple(sorted(genres)))


def _values(tags: object, keys: Iterable[str]) -> list[str]:
    """Read the texts under the first of these keys that a tag of any kind has."""
    for key in keys:
        try:
            value = tags[key]  # type: ignore[index]  # mutagen has no common type for tags
        except (KeyError, ValueError):  # ValueError: this kind of tag cannot have such a key
            continue
        items = [value] if isinstance(value, str) else list(value)
        texts = [str(item).replace("\0", "").strip() for item in items]
        if any(texts):
            return [text for text in texts if text]
    return []


_NO_GENRE = "has no genre tag; write one, or label it by folder or labels.csv"


def find_by_tags(root: Path) -> Listing:
    """Label every audio file below ``root`` by the genres in its own tags.

    Parameters
    ----------
    root : Path
        The data folder.

    Returns
    -------
    Listing
        A file without a genre tag is a problem.
    """
    files = list_files(root)
    ids = track_ids(root, files.audio)
    entries: list[Entry] = []
    problems: list[Fault] = []
    for path in files.audio:
        tags = read_tags(path)
        if tags.genres:
            entries.append(Entry(track_id=ids[path], path=path, genres=tags.genres))
        else:
            problems.append(
                Fault(path=path, sha256="", stage="scan", kind="no_genre", message=_NO_GENRE)
            )
    return Listing(
        entries=tuple(sorted(entries, key=lambda entry: entry.track_id)),
        problems=tuple(problems),
        notes=files.notes(),
    )


EMBEDDED_TAGS = Layout(
    name="embedded-tags",
    option="tags",
    source="the files' tags",
    advice="write genre tags into the files, or use --labels folders",
    find=find_by_tags,
)
