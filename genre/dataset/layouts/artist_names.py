"""One artist's name: cleaned, without guests, and the key that its spellings share.

Conventions: an artist is whoever stands first. Guests (``feat. …``) are cut off only where a name
remains on both sides, so ``Little Feat`` stays whole. A stand-in (``[unknown]``, ``V.A.``) is no
artist: it would tie together tracks that have nothing in common. The names of stand-ins are those
that MusicBrainz, players and rippers write, in the languages they are translated into.
"""

import re
import unicodedata

_STAND_INS = """
    unknown|unknown artist|unknown artists|artist unknown|unidentified|unidentified artist
    artists various|not available|no artist|none|null|nil|nan|n/a|na|undefined|untitled|tba|tbd
    anonymous artist|unspecified|not specified|unknown performer|unknown singer|unknown band
    default artist|misc|miscellaneous|other|others|track|audio track|untitled artist
    various|various artist|various artists|va|vvaa|aavv|v a s|diverse|divers|assorted
    assorted artists|multiple artists|several artists|compilation|compilations|mixed artists
    various interprets|various performers|different artists|sampler|soundtrack artists
    verschiedene|verschiedene interpreten|verschiedene künstler|diverse interpreten
    diverse künstler|unbekannt|unbekannter künstler|unbekannter interpret|künstler unbekannt
    artistes divers|artistes variés|divers artistes|inconnu|artiste inconnu|interprètes divers
    multi interprètes|varios|varios artistas|varios intérpretes|artistas varios|desconocido
    artista desconocido|intérprete desconocido|vários|vários artistas|vários intérpretes
    desconhecido|artista desconhecido|artisti vari|autori vari|vari artisti|sconosciuto
    artista sconosciuto|diverse artiesten|verschillende artiesten|onbekend|onbekende artiest
    diverse artister|blandade artister|olika artister|okänd|okänd artist|diverse kunstnere
    forskellige kunstnere|ukendt|ukendt kunstner|ukendt artist|ukjent|ukjent artist
    eri esittäjiä|tuntematon|tuntematon esittäjä|różni wykonawcy|różni artyści|wykonawcy różni
    nieznany|nieznany wykonawca|nieznany artysta|různí interpreti|různí umělci|neznámý interpret
    neznámý umělec|rôzni interpreti|különféle előadók|vegyes előadók|ismeretlen
    ismeretlen előadó|diverși artiști|artist necunoscut|çeşitli sanatçılar|karışık
    bilinmeyen sanatçı|bilinmeyen|διάφοροι καλλιτέχνες|διάφοροι|άγνωστος|άγνωστος καλλιτέχνης
    разные исполнители|различные исполнители|разные артисты|сборник|неизвестен|неизвестный
    неизвестный исполнитель|неизвестный артист|исполнитель неизвестен|різні виконавці
    невідомий виконавець|разни изпълнители|неизвестен изпълнител
    群星|未知|未知艺术家|未知藝術家|未知歌手|佚名|不明|不明なアーティスト|アーティスト不明
    オムニバス|ヴァリアス・アーティスツ|여러 아티스트
    알 수 없는 아티스트|알 수 없음|אמנים שונים|אמן לא ידוע|فنانون مختلفون|فنان غير معروف
"""  # noqa: RUF001 - the letters of these languages
# A stand-in only where it stands in square brackets, as MusicBrainz writes it.
_IN_BRACKETS = frozenset({"anonymous", "traditional", "data", "dialogue", "nature sounds"})
_GUESTS = re.compile(
    r"(?:\s+|\s*[(\[{]\s*)(?:(?:(?P<feet>ft)|feat|featuring)(?:\.|\b)|w/)", flags=re.IGNORECASE
)
# What catalogues and video sites write behind a name: "(1685-1750)", " - Topic".
_BEHIND = re.compile(
    r"(?:\s*\((?:born |b\. ?)?\d{4}\s*[-\u2013]?\s*(?:\d{4})?\)|\s+-\s+topic)$",
    flags=re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?:|www\.)\S+", flags=re.IGNORECASE)
# Letters that Unicode does not take apart, as whoever lacks the key types them.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d"})
_ARTICLES = "the|die|der|das|les|la|le|los|las|el|il|i|gli|de|het|an|a"
_ARTICLE_LAST = re.compile(rf"(?P<rest>.+),\s*(?P<article>{_ARTICLES})", flags=re.IGNORECASE)
_SURNAME_FIRST = re.compile(r"(?P<last>[^,]+),\s*(?P<first>[^,]+)")
_JOINED = re.compile(
    r"\s*(?:[;×/、,]|\\\\)\s*"
    r"|\s+(?:&|\+|x|and|und|y|et|e|with|mit|meets|b2b|vs\.?|versus|pres\.?|presents)\s+",
    flags=re.IGNORECASE,
)


def artist_key(name: str) -> str:
    """Reduce an artist's name to what its spellings share.

    Parameters
    ----------
    name : str
        As a label, a tag or a file's name has it.

    Returns
    -------
    str
        Case-folded, without accents, white space and punctuation, ``and`` for ``&``, without a
        leading or trailing ``The``; marks between two digits stay, since the numbers of clips are
        told apart by them. Where a name has nothing but punctuation (``!!!``), that.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_PLAIN_LETTERS)
    folded = unicodedata.normalize("NFKD", folded)
    folded = "".join(letter for letter in folded if not "\u0300" <= letter <= "\u036f")
    if moved := _ARTICLE_LAST.fullmatch(folded.strip()):
        folded = f"{moved['article']} {moved['rest']}"
    folded = re.sub(r"\s*&\s*|\s+\+\s+", " and ", folded)
    words = folded.split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    joined = "".join(words)
    marks = re.compile(r"(?<!\d)[\W_]|[\W_](?!\d)")
    while (kept := marks.sub("", joined)) != joined and kept:
        joined = kept
    return unicodedata.normalize("NFC", joined) or "".join(name.split())


STAND_INS = frozenset(artist_key(name) for name in re.split(r"[|\n]", _STAND_INS) if name.strip())


def known_artist(name: str | None) -> str | None:
    """Clean an artist's name.

    Parameters
    ----------
    name : str or None
        From labels.csv, a tag or a file's name; None where there is none.

    Returns
    -------
    str or None
        Without guests (``feat. …``); None for a stand-in such as ``Various Artists``. What comes
        out comes out again when put in.
    """
    if name is None:
        return None
    visible = "".join(
        " " if unicodedata.category(letter) == "Cc" else letter
        for letter in name
        if letter not in "\ufeff\u200b"
    )
    alone = _without_guests(" ".join(_decoded(visible).split()))
    while (shorter := _BEHIND.sub("", alone)) != alone and _has_name(shorter):
        alone = " ".join(shorter.split())
    return None if _is_stand_in(alone) else alone


def _decoded(name: str) -> str:
    """Undo what a program did that took UTF-8 for the letters of Western Europe."""
    while any(letter in "ÃÂÐÑÎÏ" for letter in name):
        try:
            name = name.encode("cp1252").decode("utf-8")
        except UnicodeError:
            break
    return name


def _without_guests(name: str) -> str:
    for guests in _GUESTS.finditer(name):
        left, right = name[: guests.start()].rstrip(), name[guests.end() :].lstrip()
        # "10 Ft. Ganja Plant" is a length; "Little Feat ft. Bonnie" has its guests further on
        is_length = guests["feet"] and not any(map(str.isalpha, left))
        if _has_name(left) and right[:1].isalnum() and not is_length and not _opens_guests(right):
            return left
    return name


def _opens_guests(text: str) -> bool:
    return _GUESTS.match(f" {text}") is not None


def _has_name(text: str) -> bool:
    return any(map(str.isalnum, text))


def _is_stand_in(name: str) -> bool:
    if not _has_name(name):
        return not name.strip("-\u2013\u2014_?.\u2026*~#/\\<>()[] ")  # "!!!" is a band
    if _ADDRESS.fullmatch(name) or not name.strip("0"):
        return True
    if re.fullmatch(r"\[.*\]", name) and name[1:-1].strip().casefold() in _IN_BRACKETS:
        return True
    # "Unknown Artist (2)", "Various Artists 3", "Various Artists (VA)", "V.A. - A Sampler"
    alone = re.sub(r"(?<=\w)(?:\s+[(\[].*|\s+-\s.*|\W*\d*\W*)$", "", name)
    return artist_key(alone) in STAND_INS


def other_keys(name: str) -> tuple[str, ...]:
    """List the artists that a name may stand for besides itself, the likeliest first.

    A name alone does not tell: ``Simon & Garfunkel`` is one artist, ``Foxes & Bears`` may be two.
    So these count only where the set has the other one too.

    Parameters
    ----------
    name : str
        From `known_artist`.

    Returns
    -------
    tuple of str
        Keys as of `artist_key`: the name with its surname last (``Cash, Johnny``), then each of
        those whom ``&``, ``vs.``, a comma and the like join.
    """
    if _ARTICLE_LAST.fullmatch(name):
        return ()
    keys = []
    if turned := _SURNAME_FIRST.fullmatch(name):
        keys.append(artist_key(f"{turned['first']} {turned['last']}"))
    keys += [artist_key(part) for part in _JOINED.split(name) if _has_name(part)]
    own = artist_key(name)
    return tuple(key for key in dict.fromkeys(keys) if key not in ("", own))
