"""How genres are written for people: as their owner spells them, else with capitals.

A display name is how the labels spell a genre most often; it means the same genre.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from genre.errors import ConfigError
from genre.spelling import canonical_genre, is_name, split_genres
from genre.suggestions import not_among

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

_UNSEEN = r"[\0-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_MAX_NAME = 200


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
            raise ConfigError(not_among("display_names", genre, known))
        if not isinstance(name, str) or re.search(_UNSEEN, name) or not is_name(name):
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
