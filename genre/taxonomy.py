"""Genre names: one spelling for machines, and the one that their owner uses for people.

Convention: a canonical name is case-folded, its words are joined by ``_``, ``&`` reads ``and``,
``w/`` reads ``with``, and the usual spellings of one genre (`ALIASES`) are one name. Any script is
a legal name. A display name is how the labels spell a genre most often; it means the same genre.
"""

import html
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from genre.errors import ConfigError, DatasetError

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

# Names that people write otherwise than with a capital for each word.
_USUAL = {
    "drum_and_bass": "Drum & Bass",
    "ebm": "EBM",
    "edm": "EDM",
    "hiphop": "Hip-Hop",
    "idm": "IDM",
    "jpop": "J-Pop",
    "kpop": "K-Pop",
    "lofi": "Lo-Fi",
    "nu_metal": "Nu Metal",
    "post_punk": "Post-Punk",
    "post_rock": "Post-Rock",
    "rnb": "R&B",
    "rock_and_roll": "Rock & Roll",
    "singer_songwriter": "Singer-Songwriter",
    "synthpop": "Synth-Pop",
    "triphop": "Trip-Hop",
    "uk_garage": "UK Garage",
}
_SMALL_WORDS = frozenset({"a", "and", "de", "for", "from", "in", "n", "of", "on", "the", "with"})

# Several genres in one text: two backslashes are how tag editors show and write several values.
_BETWEEN_VALUES = re.compile(r"[|;\0•]|\\\\|\s·\s|---|\s>\s|\s+#(?=\w)")
# A slash behind a lone w is a word, "with", in one genre's name; what stands in brackets is one.
_BETWEEN_GENRES = re.compile(r"(?:[+,]|(?<![\s_][wW])(?<!^[wW])/)(?![^(\[]*[)\]])")
# A list as a program writes it into a cell: ['rock', 'pop'].
_LIST = re.compile(r"\s*\[\s*(['\"]).*\1\s*\]\s*", flags=re.DOTALL)
_LISTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
# Marks around a name that are no part of it: [Rock], #rock, jazz.
_AROUND = re.compile(r"^[\s#.]+(?=\w)|(?<=\w)[\s.]+$|^\[(?=[^\[\]]*\]$)|(?<=\w)\]$")
_UNSEEN = r"[\0-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_MAX_NAME = 200
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
    if not _is_name(canonical):
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
    while (bare := _AROUND.sub("", joined)) != joined:
        joined = bare
    key = "".join(letter for letter in joined if letter.isalnum())
    return key, joined.strip(" &").split()


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
    text = html.unescape(text)
    if _LIST.fullmatch(text):
        text = ";".join(one or other for one, other in _LISTED.findall(text))
    for joined in _BETWEEN_VALUES.split(text.translate(_WIDE)):
        key = "".join(letter for letter in joined.casefold() if letter.isalnum())
        is_one = key in ALIASES or joined.strip().casefold() in _BLANKS
        found += [joined] if is_one else _BETWEEN_GENRES.split(joined)
    stripped = (part.strip() for part in found)
    return tuple(part for part in stripped if _is_name(part) and part.casefold() not in _BLANKS)


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
    return not _is_name(text) or _fold(text)[0] in NO_GENRES


def usual_spellings(texts: Iterable[str]) -> dict[str, str]:
    """Find how each genre is spelled most often.

    Parameters
    ----------
    texts : iterable of str
        One genre each, as often as it was written.

    Returns
    -------
    dict of str to str
        By canonical name. The ``_`` of a folder's name stand for spaces.

    Examples
    --------
    >>> usual_spellings(["Hip-Hop", "hip hop", "Hip-Hop", "dog_bark"])
    {'dog_bark': 'dog bark', 'hiphop': 'Hip-Hop'}
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        visible = re.sub("[\ufeff\u200b]", "", re.sub(_UNSEEN, " ", text)).replace("_", " ")
        if len(visible) <= _MAX_NAME:
            counts[canonical_genre(text)][" ".join(visible.split())] += 1
    return {
        genre: min(found, key=lambda spelling: (-found[spelling], spelling))
        for genre, found in sorted(counts.items())
    }


def display_names(genres: Iterable[str], spelled: Mapping[str, str]) -> dict[str, str]:
    """Choose how genres are written for people.

    Parameters
    ----------
    genres : iterable of str
        Canonical names.
    spelled : mapping of str to str
        How their owner spells them; those that it lacks get capitals.

    Returns
    -------
    dict of str to str
        By canonical name, in the order of `genres`.

    Examples
    --------
    >>> display_names(["rnb", "songs_of_the_sea", "jazz"], {"jazz": "JAZZ"})
    {'rnb': 'R&B', 'songs_of_the_sea': 'Songs of the Sea', 'jazz': 'JAZZ'}
    """
    return {genre: spelled.get(genre) or _with_capitals(genre) for genre in genres}


def check_display_names(spelled: object, genres: Iterable[str]) -> dict[str, str]:
    """Refuse what is no choice of names for people.

    Parameters
    ----------
    spelled : object
        A mapping is expected: of genres, in any spelling, to texts.
    genres : iterable of str
        Canonical names of those that there are.

    Returns
    -------
    dict of str to str
        By canonical name.

    Raises
    ------
    ConfigError
        Where it is no mapping, names another genre, or a name is no line of text.
    """
    known, found = tuple(genres), dict[str, str]()
    if not isinstance(spelled, Mapping):
        raise ConfigError("display_names must map genres to how they are written")
    for genre, name in spelled.items():
        if (label := genre if genre in known else "".join(split_genres(str(genre)))) not in known:
            raise ConfigError(f"display_names={genre!r} must be one of: {', '.join(known)}")
        if not isinstance(name, str) or re.search(_UNSEEN, name) or not _is_name(name):
            raise ConfigError(f"display_names of {genre!r} must be a line of text, not {name!r}")
        if len(name) > _MAX_NAME:
            raise ConfigError(f"display_names of {genre!r} must have at most {_MAX_NAME} letters")
        found[label] = name.strip()
    return found


def _with_capitals(genre: str) -> str:
    words = genre.split("_")
    capital = (
        word if number and word in _SMALL_WORDS else word[:1].upper() + word[1:]
        for number, word in enumerate(words)
    )
    return _USUAL.get(genre) or " ".join(capital)


def _is_name(text: str) -> bool:
    return any(unicodedata.category(letter)[0] not in "ZCP" for letter in text)
