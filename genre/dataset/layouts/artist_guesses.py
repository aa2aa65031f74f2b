"""Whoever made a track, as file names and folders tell it where labels and tags do not.

What one name says is decided with its neighbours in view: ``01 Foxes - One`` beside
``02 Foxes - Two`` is numbered, ``50 Cent - One`` beside ``50 Cent - Two`` is not, and
``Foxes/Album/01 One`` has its artist in a folder.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from genre.addresses import Place
from genre.dataset.layouts.artist_folders import YEAR, artist_folders
from genre.dataset.layouts.artist_names import artist_key, known_artist
from genre.dataset.layouts.entries import Entry
from genre.dataset.tracks import ArtistSource

_NUMBER_NAMES = """
    2 Bad Mice|2 Brothers on the 4th Floor|2 Chainz|2 Fabiola|2 In a Room|2 Live Crew|2 Many DJs
    2 Unlimited|3 Colours Red|3 Doors Down|3 Inches of Blood|3 Mustaphas 3|3 Steps Ahead|4 Hero
    4 Non Blondes|4 Strings|5 Seconds of Summer|7 Seconds|7 Year Bitch|8 Foot Sativa|10 Years
    10 Ft. Ganja Plant|12 Rods|12 Stones|13 Engines|14 Bis|16 Horsepower|16 Volt|17 Hippies
    18 Visions|20 Fingers|21 Savage|22 Pistepirkko|23 Skidoo|25 ta Life|28 Days
    30 Odd Foot of Grunts|30 Seconds to Mars|36 Crazyfists|38 Special|40 Below Summer|44 Magnum
    45 Grave|49 Winchester|50 Cent|50 Foot Wave|77 Bombay Street|88 Fingers Louie|90 Day Men
    98 Degrees|98 Mute|100 Gecs|100 Demons|101 Strings|108|112|311|411|504 Boyz|702|808 State|999
    009 Sound System|1.Cuz|1 Giant Leap|A1|B12|C2C|D12|E40
"""
# Artists whose names begin like a number on a record, by their keys.
NUMBER_NAMES = frozenset(
    artist_key(name) for name in re.split(r"[|\n]", _NUMBER_NAMES) if name.strip()
)

_DASH = "[-\u2010\u2011\u2013\u2014\u2015\u2212\uff0d]"
# Space on one side at least: Jay-Z is a name.
_DASHES = re.compile(rf"\s{_DASH}+(?:\s|(?=\w))|{_DASH}+\s")
_DISC = (
    r"(?:cd|dis[ck]|side|track|piste|pista|spur|titel|titre|traccia|faixa|no|nr|vol|volume)"
    r"\.?\s*(?:\d+|[A-H])\b"
)
_DISC_AND_TRACK = r"(?:\d{1,2}|[A-H])[-.]\d{1,3}"
_SIDE = r"[A-H]\d{1,2}"
_WHEEL = r"\d{1,2}[ABdm]"  # keys as DJs write them: 8A, 12B, 4m
_DATE = rf"{YEAR}[-.]?\d\d[-.]?\d\d"
# A number on the record, whatever the other files are called …
_SURE_NUMBER = re.compile(
    rf"[(\[]\s*(?P<bracketed>\d{{1,3}}|{_SIDE}|{_DISC_AND_TRACK}|{YEAR})\s*[)\]]\s*[-.]?\s*"
    rf"|(?:{_DISC}\s+)?(?P<both>{_DISC_AND_TRACK})[.):]?\s+|{_DATE}\s+"
    rf"|{_DISC}[.):]?\s+|\#\s*(?P<hash>\d{{1,3}})[.):]?\s+|\[[^\]]+\]\s*(?=\w)"
    rf"|(?P<dotted>{_SIDE}|\d{{1,3}})[.):]\s*(?=\D)|(?P<padded>0\d{{1,3}})\s+",
    flags=re.IGNORECASE,
)
# … and one that is a number only where they share the pattern.
_BARE_NUMBER = re.compile(rf"(?P<number>\d{{1,4}}|{_SIDE}|{_WHEEL})\s+(?=\S)")
_POSITION = re.compile(
    rf"[(\[]?(?:\d{{1,3}}|0\d{{3}}|{_DISC_AND_TRACK}|{_SIDE}|{_WHEEL}|{_DATE})[)\].]?|#\s*\d{{1,3}}"
    rf"|{_DISC}(?:[\s.-]+\d{{1,3}})?|\d+\s*(?:of|von|de|/)\s*\d+|\d{{2,3}}\s?bpm",
    flags=re.IGNORECASE,
)
# Before an artist and a title: a key (Am, F#min), a side of a record, a word of the uploader's.
_BEFORE_TWO = re.compile(
    rf"[(\[]?{YEAR}[)\]]?|[A-G][b#♭♯]?\s?(?:m|min|maj|minor|major)?|[A-H]{{1,2}}\.?"
    r"|premiere|première|exclusive|free (?:download|dl)|out now",
    flags=re.IGNORECASE,
)

# So many files with numbers in a row are a record; fewer may be chance.
_RUN = 3
_MOST = 0.8


@dataclass(frozen=True)
class _Named:
    """The artist's part of a file's name, and what may be a number before it."""

    text: str
    number: str = ""
    is_sure: bool = False


def artist_from_name(path: Path) -> str | None:
    """Read the artist out of a file called ``Artist - Title``.

    Parameters
    ----------
    path : Path
        Also ``01 - Artist - Title``, ``(01) Artist - Title``, ``Artist_-_Title`` and other dashes
        with space around them.

    Returns
    -------
    str or None
        None where the name has no such form, as in ``01 - Title``. A bare number before a name
        stays: who looks at one file alone cannot tell ``12 Foxes`` from ``50 Cent``.
    """
    named = _parse(path.stem)
    return None if named is None else _artist(named, is_numbered=False)


def _artist(named: _Named, *, is_numbered: bool) -> str | None:
    if named.is_sure or is_numbered or not named.number:
        return known_artist(named.text)
    return known_artist(f"{named.number} {named.text}")


def _parse(stem: str) -> _Named | None:
    words = " ".join(stem.replace("_", " ").split())
    parts = [part.strip() for part in _DASHES.split(words)]
    while len(parts) > 1 and _is_no_name(parts[0], n_after=len(parts) - 1):
        parts = parts[1:]
    text = parts[0]
    if len(parts) < 2:
        return None
    if _begins_with_name(text):
        return _Named(text)
    if (sure := _SURE_NUMBER.match(text)) and text[sure.end() :]:
        number = next((group for group in sure.groups() if group), "")
        return _Named(text[sure.end() :], number, is_sure=True)
    if bare := _BARE_NUMBER.match(text):
        return _Named(text[bare.end() :], bare["number"])
    return _Named(text)


def _is_no_name(part: str, *, n_after: int) -> bool:
    # before an artist and a title, 112 is the number of a track
    if n_after == 1 and artist_key(part) in NUMBER_NAMES:
        return False
    return bool(_POSITION.fullmatch(part) or (n_after > 1 and _BEFORE_TWO.fullmatch(part)))


def _begins_with_name(text: str) -> bool:
    words = text.split()
    # of one word only where it is all: 112 may be the number of a track
    starts = [text, *(" ".join(words[:n]) for n in range(2, len(words)))]
    return any(artist_key(start) in NUMBER_NAMES for start in starts)


def guess_artists(entries: Sequence[Entry]) -> dict[str, tuple[str, ArtistSource]]:
    """Find the artists that file names and folders tell.

    Parameters
    ----------
    entries : sequence of Entry
        The whole set.

    Returns
    -------
    dict of str to (str, {"name", "folder"})
        Artist and source by track_id, without the tracks that tell nothing. A folder is what
        `artist_folders` says, unless most files in it name their artists themselves.
    """
    named = _from_names(entries)
    guessed: dict[str, tuple[str, ArtistSource]] = {
        track_id: (artist, "name") for track_id, artist in named.items()
    }
    for artist, members in artist_folders(entries):
        n_named = sum(entry.track_id in named for entry in members)
        if n_named <= len(members) / 2:
            guessed |= {entry.track_id: (artist, "folder") for entry in members}
    return guessed


def _from_names(entries: Iterable[Entry]) -> dict[str, str]:
    folders: defaultdict[Place, dict[str, _Named | None]] = defaultdict(dict)
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        named = _parse(entry.path.stem)
        folders[entry.path.parent][entry.track_id] = named
        if named is not None and named.number:
            numbers[artist_key(named.text)].add(named.number)
    found = {}
    for names in folders.values():
        pattern = _is_numbered(list(names.values()))
        for track_id, named in names.items():
            if named is None:
                continue
            # nobody is called "1 Foxes" and "2 Foxes"
            is_numbered = pattern or len(numbers[artist_key(named.text)]) > 1
            if (artist := _artist(named, is_numbered=is_numbered)) is not None:
                found[track_id] = artist
    return found


def _is_numbered(names: Sequence[_Named | None]) -> bool:
    """Check whether the files of a folder count themselves: most have a number, most follow on."""
    known = [named for named in names if named is not None]
    numbers = [_value(named.number) for named in known if named.number]
    if any(named.is_sure and named.number.startswith("0") for named in known):
        return len(numbers) > len(known) / 2  # as programs write them: 01 to 12
    if len(numbers) < _MOST * len(known):
        return False
    different = set(numbers)
    n_followed = sum(number + 1 in different or number - 1 in different for number in different)
    return len(different) >= _RUN and n_followed >= _MOST * len(different)


def _value(number: str) -> int:
    """Count on: ``7`` is 7, ``A2`` and ``1-02`` follow on ``A1`` and ``1-01``."""
    value = 0
    for digits, letter in re.findall(r"(\d+)|([A-Ha-h])", number):
        value = 1000 * value + (int(digits) if digits else ord(letter))
    return value
