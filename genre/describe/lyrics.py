"""Lyrics: found in a track's own tags or beside it, and taken apart into verses with times."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from genre.describe.card import Absent
from genre.describe.encodings import decoded
from genre.tag_errors import TAG_ERRORS

__all__ = ["Lyrics", "Verse", "find_lyrics", "verses_of"]

ADVICE = "write them into the tags, or into a .lrc or .txt file of the same name"
MAX_BYTES = 2_000_000
N_LINES = 4
"""Lines of a verse where no empty line parts the verses."""

_TIME = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_HEAD = re.compile(r"\[(?:ar|al|ti|au|by|re|ve|la|length|offset|id|tool|#)\s*:.*\]", re.IGNORECASE)
_WORD_TIME = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>")
_SECTION = re.compile(r"\[[^\]\d][^\]]*\]")  # such as [Chorus]
_OFFSET = re.compile(r"\[offset\s*:\s*([+-]?\d{1,7})\s*\]", re.IGNORECASE)


@dataclass(frozen=True)
class Lyrics:
    """The words of a track.

    Parameters
    ----------
    source : str
        The tag or the file that they come from.
    text : str
        As found; LRC times are in it.
    """

    source: str
    text: str


@dataclass(frozen=True)
class Verse:
    """Lines that belong together.

    Parameters
    ----------
    text : str
        Without times.
    start_seconds : float, in seconds, optional
        When it is sung, where that is known.
    """

    text: str
    start_seconds: float | None = None


def find_lyrics(path: Path) -> Lyrics:
    """Look for the words of a track, first in its tags, then beside it.

    Parameters
    ----------
    path : Path
        The audio file.

    Raises
    ------
    Absent
        Where there are none.
    """
    found = _in_tags(path) or _beside(path)
    if found is None:
        raise Absent("no lyrics in the tags, and none beside the track", ADVICE)
    return found


def verses_of(text: str, *, max_characters: int) -> list[Verse]:
    """Take lyrics apart.

    Parameters
    ----------
    text : str
        Plain, or LRC.
    max_characters : int
        What is beyond is left out.

    Returns
    -------
    list of Verse
        Parted by empty lines; where there is none, every `N_LINES` lines are one. Of LRC in the
        order of time.
    """
    lines = list(_timed_lines(text[:max_characters]))
    if any(start is not None for start, _ in lines):
        timed = ((start, words) for start, words in lines if start is not None)
        lines = [*sorted(timed, key=itemgetter(0))]
    else:
        while lines and not lines[-1][1]:
            lines.pop()
    has_gaps = any(not words for _, words in lines[1:])
    verses: list[list[tuple[float | None, str]]] = [[]]
    for line in lines:
        if not line[1] or (not has_gaps and len(verses[-1]) == N_LINES):
            verses.append([])
        if line[1]:
            verses[-1].append(line)
    return [Verse("\n".join(words for _, words in verse), verse[0][0]) for verse in verses if verse]


def _timed_lines(text: str) -> Iterator[tuple[float | None, str]]:
    offset = _OFFSET.search(text)
    ahead = int(offset[1]) / 1000 if offset else 0.0
    for line in text.splitlines():
        times = _TIME.findall(line)
        words = _WORD_TIME.sub("", _TIME.sub("", line)).strip()
        if _HEAD.fullmatch(words) or _SECTION.fullmatch(words):
            words = ""
            if not times and _HEAD.fullmatch(line.strip()):
                continue
        if not times:
            yield None, words
        for minutes, seconds, part in times:
            at = 60 * int(minutes) + int(seconds) + (int(part) / 10 ** len(part) if part else 0)
            yield max(0.0, at - ahead), words


def _beside(path: Path) -> Lyrics | None:
    for suffix in (".lrc", ".LRC", ".txt", ".TXT"):
        file = path.with_suffix(suffix)
        if file != path and file.is_file() and 0 < file.stat().st_size <= MAX_BYTES:
            text = decoded(file.read_bytes())
            if text.strip():
                return Lyrics(file.name, text)
    return None


def _in_tags(path: Path) -> Lyrics | None:
    import mutagen

    try:
        tags = getattr(mutagen.File(path), "tags", None)
        found = list(_candidates(tags)) if tags else []
    except TAG_ERRORS:
        return None
    for source, value in found:
        text = value if isinstance(value, str) else str(value)
        if text.strip() and len(text) <= MAX_BYTES:
            return Lyrics(source, text.replace("\r\n", "\n").replace("\r", "\n"))
    return None


def _candidates(tags: Any) -> Iterator[tuple[str, object]]:  # noqa: ANN401 - of any format
    if hasattr(tags, "getall"):  # ID3
        for frame in tags.getall("SYLT"):
            yield "SYLT", _synchronised(frame)
        for frame in tags.getall("USLT"):
            yield "USLT", frame.text
        return
    for name in tags.keys():  # noqa: SIM118 - what Vorbis comments iterate over are pairs
        if str(name).lower() in ("lyrics", "unsyncedlyrics", "syncedlyrics", "©lyr", "wm/lyrics"):
            values = tags[name]
            yield str(name), values[0] if isinstance(values, list) and values else values


def _synchronised(frame: Any) -> str:  # noqa: ANN401 - a frame of mutagen
    if getattr(frame, "format", 0) != 2:  # times in frames of MPEG are of no use without them
        return "".join(words for words, _ in frame.text)
    lines = []
    for words, milliseconds in frame.text:
        minutes, left = divmod(milliseconds, 60_000)
        lines.append(f"[{minutes:02}:{left / 1000:06.3f}]{words.strip()}")
    return "\n".join(lines)
