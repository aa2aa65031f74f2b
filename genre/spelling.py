"""Genre names in one spelling, and how several are read out of one text.

Convention: a canonical name is case-folded, its words are joined by ``_``, ``&`` reads ``and``,
``w/`` reads ``with``, and the usual spellings of one genre (`ALIASES`) are one name. Any script is
a legal name.
"""

import html
import re
import unicodedata
from collections.abc import Mapping

from genre.errors import DatasetError

# Keys hold letters and digits only, so "Hip-Hop", "hip hop" and "hip_hop" share one key.
ALIASES: Mapping[str, str] = {
    "hiphop": "hiphop",
    "hiphopmusic": "hiphop",
    "hiphoprap": "hiphop",
    "raphiphop": "hiphop",
    "rb": "rnb",
    "rnb": "rnb",
    "randb": "rnb",
    "rhythmandblues": "rnb",
    "rhythmnblues": "rnb",
    "db": "drum_and_bass",
    "dnb": "drum_and_bass",
    "dandb": "drum_and_bass",
    "drumbass": "drum_and_bass",
    "drumnbass": "drum_and_bass",
    "drumandbass": "drum_and_bass",
    "rocknroll": "rock_and_roll",
    "rockroll": "rock_and_roll",
    "rockandroll": "rock_and_roll",
    "singersongwriter": "singer_songwriter",
    "electronica": "electronic",
    "lofi": "lofi",
    "triphop": "triphop",
    "synthpop": "synthpop",
    "electropop": "electropop",
    "kpop": "kpop",
    "jpop": "jpop",
    "postrock": "post_rock",
    "postpunk": "post_punk",
    "altrock": "alternative_rock",
    "numetal": "nu_metal",
    "psytrance": "psytrance",
    "ost": "soundtrack",
    "soundtracks": "soundtrack",
}

# What table programs write into a cell of which nothing is known.
_BLANKS = frozenset({"nan", "n/a", "#n/a", "#na", "<na>", "null"})

# What players and people write where nobody named a genre; keys as those of `ALIASES`.
NO_GENRES = frozenset(
    """
    blank default empty genre genreunknown misc miscellaneous missing na nan nil nocategory nogenre
    none notavailable notset notspecified null other others tba tbd unclassifiable unclassified
    uncategorised uncategorized undefined undetermined unknown unknowngenre unlabeled unlabelled
    unspecified untagged various altro andere autre autres desconocido inconnu keine onbekend otro
    otros overig sconosciuto sonstige sonstiges unbekannt другое неизвестно 不明 其他 未知 その他
    """.split()  # noqa: SIM905 - a list would take as many lines as there are words
)

# Several genres in one text: two backslashes are how tag editors show and write several values.
_BETWEEN_VALUES = re.compile(r"[|;\0•]|\\\\|\s·\s|---|\s>\s|\s+(?=#[^\W\d_])")
# A slash behind a lone w is a word, "with", in one genre's name.
_BETWEEN_GENRES = re.compile(r"[+,]|(?<![\s_][wW])(?<!^[wW])/")
# What stands in brackets belongs to the name: Techno (Peak Time / Driving).
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# A list as programs write it into a cell: ['rock', "pop"], [rock, pop].
_LIST = re.compile(r"[\W_]*\[(?P<items>[^\[\]]*)\][\W_]*")
_ITEMS = re.compile(
    r"\s*(?P<quote>['\"])(?P<quoted>.*?)(?P=quote)\s*(?:,|$)|(?P<plain>[^,]+)", re.DOTALL
)
# Marks around a name that are no part of it: [Rock], #rock, jazz.
_AROUND = re.compile(
    r"\[(?P<inner>[^\[\]+,/]*)\]|#(?P<tag>[^\W\d_].*)|(?P<sentence>.*\w)[\s.]*\.", re.DOTALL
)
_WIDE = str.maketrans("\uff1b\uff0c\uff0f\uff5c\uff0b\u3001", ";,/|+,")


def canonical_genre(name: str) -> str:
    """Write a genre the one way that the whole set uses.

    Parameters
    ----------
    name : str
        One genre, in any script and spelling: ``Hip-Hop``, ``R&B``, ``Ópera``.

    Returns
    -------
    str
        Its canonical name; ``canonical_genre`` leaves that as it is.

    Raises
    ------
    DatasetError
        Where the name has nothing but spaces and punctuation.
    """
    key, words = _fold(name)
    canonical = ALIASES.get(key) or "_".join(words)
    if not is_name(canonical):
        raise DatasetError(f"genre={name!r} must hold at least one letter or digit")
    return canonical


def _fold(name: str) -> tuple[str, list[str]]:
    """Find the key that a name would have in `ALIASES`, and its words."""
    visible = name.replace("\ufeff", "").replace("\u200b", "")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    # control characters and every kind of dash separate words, as spaces do
    spaced = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Pd", "Pc") else letter for letter in folded
    )
    worded = re.sub(r"(?<!\S)w/o(?!\w)", "without ", spaced)
    worded = re.sub(r"(?<!\S)w/", "with ", worded)
    joined = re.sub(r"(?<=\w)\s*&+\s*(?=\w)", " and ", worded)
    joined = joined.strip(" &")
    while around := _AROUND.fullmatch(joined):
        joined = around[around.lastgroup or 0].strip(" &")
    key = "".join(letter for letter in joined if letter.isalnum())
    return key, joined.split()


def genre_texts(text: str) -> tuple[str, ...]:
    r"""Take apart a text that names genres, and leave each as it is spelled.

    Parameters
    ----------
    text : str
        Genres joined by ``|``, ``;``, ``+``, ``,``, ``/``, ``•`` or two backslashes. A text that is
        one genre under its usual name, such as ``Hip-Hop/Rap`` or ``Drum+Bass``, is not taken
        apart.

    Returns
    -------
    tuple of str
        In their order; without what names nothing, as an empty cell's ``nan`` or ``#N/A``.

    Examples
    --------
    >>> genre_texts("Rock w/ Strings; Hip-Hop/Rap • Jazz/Funk")
    ('Rock w/ Strings', 'Hip-Hop/Rap', 'Jazz', 'Funk')
    """
    found: list[str] = []
    for joined in _BETWEEN_VALUES.split(html.unescape(text).translate(_WIDE)):
        for part in _parts(joined):
            if whole := _LIST.fullmatch(part):
                for item in _ITEMS.finditer(whole["items"]):
                    found += genre_texts(item["quoted"] or item["plain"] or "")
            elif is_name(part) and not _is_blank(part):
                found.append(part.strip())
    return tuple(found)


def _is_blank(text: str) -> bool:
    return text.strip().casefold() in _BLANKS or "_".join(_fold(text)[1]) in _BLANKS


def _parts(text: str) -> list[str]:
    """Split between genres, but neither a usual name of one genre nor inside brackets."""
    key = "".join(letter for letter in text.casefold() if letter.isalnum())
    if key in ALIASES or _is_blank(text):
        return [text]
    spans = [found.span() for found in _BRACKETED.finditer(text)]
    ends = [0]
    for mark in _BETWEEN_GENRES.finditer(text):
        if not any(start < mark.start() < end for start, end in spans):
            ends += mark.span()
    ends.append(len(text))
    return [text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]


def split_genres(text: str) -> tuple[str, ...]:
    """Read several genres from one text, as in a label, a folder name or a tag.

    Parameters
    ----------
    text : str
        As for `genre_texts`.

    Returns
    -------
    tuple of str
        Canonical names, sorted, each once; empty where the text names none.
    """
    return tuple(sorted({canonical_genre(part) for part in genre_texts(text)}))


def names_no_genre(text: str) -> bool:
    """Whether a tag's text stands for nothing, as ``Unknown``, ``No Genre`` or ``N/A`` do.

    Parameters
    ----------
    text : str
        One value of a tag.
    """
    return not is_name(text) or _fold(text)[0] in NO_GENRES


def is_name(text: str) -> bool:
    """Check whether a text has more than spaces, punctuation and control characters.

    Parameters
    ----------
    text : str
        One genre.
    """
    return any(unicodedata.category(letter)[0] not in "ZCP" for letter in text)
