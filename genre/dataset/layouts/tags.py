"""Layout ``embedded-tags``, and the reader of tags that the other layouts ask for the artist."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutagen.id3 import TCON

from genre.dataset.faults import Fault
from genre.dataset.layouts.artist_names import known_artist
from genre.dataset.layouts.entries import Entry, Layout, Listing
from genre.dataset.layouts.files import list_files, track_ids
from genre.dataset.layouts.stored_tags import stored_tags
from genre.errors import TagError
from genre.spelling import canonical_genre, genre_texts, names_no_genre
from genre.wording import printable

ARTIST_KEYS = ("TPE1", "artist", "\xa9ART", "Author")
BAND_KEYS = ("TPE2", "albumartist", "album_artist", "album artist", "aART", "WM/AlbumArtist")
GENRE_KEYS = ("TCON", "genre", "\xa9gen", "WM/Genre", "----:com.apple.iTunes:GENRE")


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
    no_genre : str
        Why there are none, and what to do, in words that go on behind the file's name.
    """

    artist: str | None = None
    genres: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    no_genre: str = "has no genre tag; write one"


def read_tags(path: Path) -> Tags:
    """Read artist and genres out of an audio file.

    Parameters
    ----------
    path : Path
        Any file; one that is damaged or no audio has no tags.
    """
    try:
        stored = stored_tags(path)
    except TagError as error:
        return Tags(no_genre=str(error))
    artists = [*_values(stored, ARTIST_KEYS), *_values(stored, BAND_KEYS)]
    # "Unknown Artist" must not hide who is named beside it; where nobody is, it stays for others
    artists = [name for name in artists if known_artist(name)] or artists
    texts = [name for text in _values(stored, GENRE_KEYS) for name in _spelled_out(text)]
    # "N/A" as a whole, then "Rock/Unknown" in part
    named = (part for text in texts if not names_no_genre(text) for part in genre_texts(text))
    spelled = (piece for part in named for piece in _spelled_out(part))
    pieces = tuple(piece for piece in spelled if not names_no_genre(piece))
    no_genre = Tags.no_genre
    if texts:
        no_genre = f"has the genre tag {printable(texts[0])!r}, which names none; write another"
    return Tags(
        artist=artists[0] if artists else None,
        genres=tuple(sorted({canonical_genre(piece) for piece in pieces})),
        spellings=pieces,
        no_genre="" if pieces else no_genre,
    )


def _spelled_out(text: str) -> list[str]:
    """Write ID3's numbers as names: any format may hold genres that come from an ID3 tag."""
    if not re.match(r"\(?\d", text):
        return [text]
    return list(TCON(encoding=3, text=[text]).genres)  # type: ignore[no-untyped-call]


def _values(stored: Sequence[Any], keys: Iterable[str]) -> list[str]:
    """Read the texts under the first of these keys that a tag has; mutagen's tags have no type."""
    for tags in stored:
        for key in keys:
            try:
                value = tags[key]
            except (KeyError, ValueError):  # ValueError: this kind of tag cannot have such a key
                continue
            items = [value] if isinstance(value, str) else list(value)
            # what tag editors add to MP4 on their own comes as bytes
            written = [
                item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item)
                for item in items
            ]
            texts = [text.strip() for text in written for text in text.split("\0")]
            if any(texts):
                return [text for text in texts if text]
    return []


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
    entries: list[Entry] = []
    problems: list[Fault] = []
    for path, track_id in track_ids(root, files.audio).items():
        tags = read_tags(path)
        if tags.genres:
            entries.append(
                Entry(track_id=track_id, path=path, genres=tags.genres, spellings=tags.spellings)
            )
        else:
            problems.append(_without_genre(path, tags))
    return Listing(
        entries=tuple(sorted(entries, key=lambda entry: entry.track_id)),
        problems=tuple(problems),
        notes=files.notes(),
    )


def _without_genre(path: Path, tags: Tags) -> Fault:
    message = f"{tags.no_genre}, or label it by folder or labels.csv"
    return Fault(path=path, sha256="", stage="scan", kind="no_genre", message=message)


EMBEDDED_TAGS = Layout(
    name="embedded-tags",
    option="tags",
    source="the files' tags",
    advice="write genre tags into the files, or use --labels folders",
    find=find_by_tags,
)
