"""One artist's name: cleaned, without guests, and the key that its spellings share.

The rule: what comes out is a name that somebody goes by, whole and without guests, or None. Two
artists never share a key, two spellings of one do.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.dataset.layouts.artist_names import artist_key, known_artist, other_keys

# As a tag or a table has it, and the artist.
NAMES: dict[str, str | None] = {
    # guests, where a name remains on both sides
    "Daft Punk feat. Pharrell": "Daft Punk",
    "Daft Punk Feat. Pharrell": "Daft Punk",
    "Daft Punk feat Pharrell": "Daft Punk",
    "Daft  Punk ft. Someone": "Daft Punk",
    "Daft Punk ft Someone": "Daft Punk",
    "Daft Punk FT. Someone": "Daft Punk",
    "Daft Punk featuring Someone": "Daft Punk",
    "Daft Punk (feat. Someone)": "Daft Punk",
    "Daft Punk [ft. Someone]": "Daft Punk",
    "Daft Punk ( featuring Someone )": "Daft Punk",
    "A feat. B feat. C": "A",
    "A feat. B & C": "A",
    "311 feat. Someone": "311",
    "Ke$ha feat. 3OH!3": "Ke$ha",
    "Björk feat. Антон": "Björk",
    "椎名林檎 feat. 宇多田": "椎名林檎",
    "Daft Punk(feat. Someone)": "Daft Punk",
    "Daft Punk w/ Someone": "Daft Punk",
    # what others write behind a name
    "Foxes - Topic": "Foxes",
    "Johann Sebastian Bach (1685-1750)": "Johann Sebastian Bach",
    "Arvo Pärt (b. 1935)": "Arvo Pärt",
    "Prince (Love Symbol) feat. X": "Prince (Love Symbol)",
    # UTF-8 that was taken for other letters
    "BeyoncÃ©": "Beyoncé",
    "SÃ£o Paulo": "São Paulo",
    "ÃRVORE": "ÃRVORE",
    # … and where none does
    "Little Feat": "Little Feat",
    "Little Feat.": "Little Feat.",
    "Little Feat ft. Bonnie Raitt": "Little Feat",
    "Little Feat featuring Bonnie Raitt": "Little Feat",
    "Feat": "Feat",
    "feat. Someone": "feat. Someone",
    "Featherstone": "Featherstone",
    "Defeat The Giants": "Defeat The Giants",
    "Soft Cell": "Soft Cell",
    "10 Ft. Ganja Plant": "10 Ft. Ganja Plant",
    "6ft Hick": "6ft Hick",
    "Great Feat (": "Great Feat (",
    # names that hold what elsewhere parts names
    "Simon & Garfunkel": "Simon & Garfunkel",
    "Earth, Wind & Fire": "Earth, Wind & Fire",
    "Crosby, Stills, Nash & Young": "Crosby, Stills, Nash & Young",
    "Tyler, The Creator": "Tyler, The Creator",
    "AC/DC": "AC/DC",
    "Alice vs. Everything": "Alice vs. Everything",
    "Florence + the Machine": "Florence + the Machine",
    "Hall and Oates": "Hall and Oates",
    "Steins;Gate": "Steins;Gate",
    "Jay-Z": "Jay-Z",
    "Malcolm X": "Malcolm X",
    "Iron & Wine": "Iron & Wine",
    "The The": "The The",
    "With the Beatles": "With the Beatles",
    # numbers
    "50 Cent": "50 Cent",
    "3 Doors Down": "3 Doors Down",
    "10cc": "10cc",
    "2Pac": "2Pac",
    "311": "311",
    "1-100032": "1-100032",
    "1975, The": "1975, The",
    "Blink-182": "Blink-182",
    "U2": "U2",
    "65daysofstatic": "65daysofstatic",
    "Maroon 5": "Maroon 5",
    "Sum 41": "Sum 41",
    "Haim 2": "Haim 2",
    # brackets and marks
    "(hed) p.e.": "(hed) p.e.",
    "(Sandy) Alex G": "(Sandy) Alex G",
    "[spunge]": "[spunge]",
    "Sunn O)))": "Sunn O)))",
    "!!!": "!!!",
    "+/-": "+/-",
    "†††": "†††",
    "P!nk": "P!nk",
    "M.I.A.": "M.I.A.",
    "N*E*R*D": "N*E*R*D",
    "deadmau5": "deadmau5",
    "*NSYNC": "*NSYNC",
    "will.i.am": "will.i.am",
    "$uicideboy$": "$uicideboy$",
    "Prince (Love Symbol)": "Prince (Love Symbol)",
    "Nirvana (UK)": "Nirvana (UK)",
    # white space and marks that nobody sees
    "  Nina   Simone ": "Nina Simone",
    "Nina\tSimone": "Nina Simone",
    "Nina\nSimone": "Nina Simone",
    "\ufeffNina Simone": "Nina Simone",
    "Nina\u200b Simone": "Nina Simone",
    "Nina\u00a0Simone": "Nina Simone",
    # names that only begin like a stand-in, or are called so
    "Unknown Mortal Orchestra": "Unknown Mortal Orchestra",
    "Various Cruelties": "Various Cruelties",
    "Vanilla": "Vanilla",
    "Nan Vernon": "Nan Vernon",
    "None More Black": "None More Black",
    "Anonymous": "Anonymous",
    "Traditional": "Traditional",
    "Artist of Life": "Artist of Life",
    "Default": "Default",
    "Nobody": "Nobody",
    "Missing Persons": "Missing Persons",
    "The Unknown": None,
    "Artist 1": "Artist 1",
    # stand-ins
    "Unknown Performer": None,
    "Default Artist": None,
    "Track 1": None,
    "AudioTrack 01": None,
    "www.example.com": None,
    "https://example.com/x": None,
    "0": None,
    "Misc": None,
    "": None,
    "   ": None,
    "\x00": None,
    "-": None,
    "--": None,
    "?": None,
    "???": None,
    "_": None,
    "*": None,
    ".": None,
    "…": None,
    "nan": None,
    "NaN": None,
    "null": None,
    "None": None,
    "N/A": None,
    "n.a.": None,
    "#N/A": None,
    "unknown": None,
    "Unknown Artist": None,
    "UNKNOWN ARTIST": None,
    "UnknownArtist": None,
    "<unknown>": None,
    "<Unknown Artist>": None,
    "(unknown)": None,
    "[unknown]": None,
    "[Unknown Artist]": None,
    "Unknown Artist (2)": None,
    "Unknown Artist 3": None,
    "unknown_artist": None,
    "Artist Unknown": None,
    "Unknown, Artist": None,
    "[no artist]": None,
    "[anonymous]": None,
    "[traditional]": None,
    "[data]": None,
    "[dialogue]": None,
    "VA": None,
    "V.A.": None,
    "V.A": None,
    "V/A": None,
    "v. a.": None,
    "VVAA": None,
    "AA.VV.": None,
    "VV.AA.": None,
    "Various": None,
    "Various Artist": None,
    "Various Artists": None,
    "Various Artists (VA)": None,
    "Various Artists - Sampler": None,
    "various_artists": None,
    "The Various Artists": None,
    "Artists, Various": None,
    "Diverse": None,
    "Diverse Interpreten": None,
    "Verschiedene Interpreten": None,
    "Verschiedene Künstler": None,
    "VERSCHIEDENE KU\u0308NSTLER": None,
    "Unbekannter Künstler": None,
    "Unbekannter Interpret": None,
    "Artistes divers": None,
    "Artistes Variés": None,
    "Artiste inconnu": None,
    "Multi-interprètes": None,
    "Varios Artistas": None,
    "Artista desconocido": None,
    "Vários Artistas": None,
    "Artista desconhecido": None,
    "Artisti Vari": None,
    "AA VV": None,
    "Artista sconosciuto": None,
    "Diverse artiesten": None,
    "Onbekende artiest": None,
    "Blandade Artister": None,
    "Okänd artist": None,
    "Diverse kunstnere": None,
    "Ukendt kunstner": None,
    "Ukjent artist": None,
    "Eri esittäjiä": None,
    "Tuntematon esittäjä": None,
    "Różni wykonawcy": None,
    "Nieznany wykonawca": None,
    "Různí interpreti": None,
    "Neznámý interpret": None,
    "Vegyes előadók": None,
    "Ismeretlen előadó": None,
    "Çeşitli Sanatçılar": None,  # noqa: RUF001 - Turkish
    "Bilinmeyen Sanatçı": None,  # noqa: RUF001 - Turkish
    "Διάφοροι Καλλιτέχνες": None,
    "Разные исполнители": None,
    "Неизвестный исполнитель": None,
    "Неизвестен": None,
    "Сборник": None,
    "Різні виконавці": None,
    "群星": None,
    "未知艺术家": None,
    "アーティスト不明": None,
    "여러 아티스트": None,
    "אמנים שונים": None,
    "فنانون مختلفون": None,
    "Various feat. Someone": None,
}

# Spellings of one artist; no two of these rows are the same artist.
ONE = [
    ["Kevin MacLeod", "kevin  macleod", "KEVINMACLEOD", "Kevin_MacLeod", "Kevin-MacLeod"],
    ["AC/DC", "AC-DC", "ACDC", "ac dc"],
    ["The Beatles", "Beatles", "Beatles, The", "THE BEATLES"],
    ["Die Ärzte", "Ärzte, Die", "die arzte"],
    ["Beyoncé", "Beyonce", "BEYONCE\u0301"],
    ["Sigur Rós", "Sigur Ros"],
    ["Simon & Garfunkel", "Simon and Garfunkel", "Simon  &  Garfunkel"],
    ["Florence + the Machine", "Florence and the Machine", "Florence & The Machine"],
    ["M.I.A.", "MIA"],
    ["The The"],
    ["The Band", "Band"],
    ["!!!"],
    ["†††"],
    ["1-100032"],
    ["1-1000-32"],
    ["11-00032"],
    ["A1-12"],
    ["A11-2"],
    ["Guns N' Roses", "Guns N\u2019 Roses", "Guns N Roses"],
    ["Ｐｅｒｆｕｍｅ", "Perfume"],  # noqa: RUF001 - full width, as Japanese tags have it
    ["Straße", "STRASSE"],
    ["Røyksopp", "Royksopp", "RØYKSOPP"],
    ["Małpa", "Malpa"],
    ["Ætherweald", "Aetherweald"],
    ["Молчат Дома", "молчат  дома"],
]


@pytest.mark.parametrize(("name", "artist"), NAMES.items())
def test_known_artist(name: str, artist: str | None) -> None:
    assert known_artist(name) == artist


def test_no_name_is_no_artist() -> None:
    assert known_artist(None) is None


def test_spellings_share_a_key_and_artists_do_not() -> None:
    keys = [{artist_key(name) for name in spellings} for spellings in ONE]
    assert [len(found) for found in keys] == [1] * len(ONE)
    assert len(set.union(*keys)) == len(ONE)


@given(
    st.text() | st.from_regex(r"[\w &,.()\[\]-]{0,12}( (feat|ft|featuring)\.? ?[\w &(]{0,8}){0,3}")
)
def test_a_cleaned_name_is_a_name_and_stays_as_it_is(name: str) -> None:
    """Idempotent, never empty, never with white space around it, and no longer than it was."""
    artist = known_artist(name)
    if artist is not None:
        assert artist.strip() == artist != ""
        assert known_artist(artist) == artist
        assert artist_key(artist)
        assert len(artist) <= len(name)


@given(st.text(min_size=1))
def test_a_key_does_not_depend_on_case_and_space(name: str) -> None:
    assert artist_key(name) == artist_key(f"  {name} ")
    assert artist_key(name.upper()) == artist_key(name.upper().casefold())


@given(
    st.sampled_from([name for row in ONE for name in row]), st.sampled_from(["&", "vs.", ",", "x"])
)
def test_a_name_is_never_split_in_two(name: str, mark: str) -> None:
    """However names are joined, the whole is one artist; only a set that has one alone may part."""
    joined = f"{name} {mark} Foxes"
    assert known_artist(joined) == " ".join(joined.split())


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Foxes", []),
        ("Cash, Johnny", ["Johnny Cash", "Cash", "Johnny"]),
        ("Foxes & Bears", ["Foxes", "Bears"]),
        ("Foxes vs. Bears", ["Foxes", "Bears"]),
        ("Foxes x Bears", ["Foxes", "Bears"]),
        ("Foxes; Bears", ["Foxes", "Bears"]),
        ("Foxes / Bears", ["Foxes", "Bears"]),
        ("Foxes, Bears und Owls", ["Foxes", "Bears", "Owls"]),
        ("Foxes/Bears", ["Foxes", "Bears"]),
        ("Foxes,Owls", ["Foxes", "Owls"]),
        ("Foxes、Bears", ["Foxes", "Bears"]),
        ("Foxes\\\\Bears", ["Foxes", "Bears"]),
        ("Foxes b2b Bears", ["Foxes", "Bears"]),
        ("Beatles, The", []),
        ("Malcolm X", []),
        ("Exes", []),
    ],
)
def test_whom_else_a_name_may_mean(name: str, others: list[str]) -> None:
    keys = other_keys(name)
    assert [key for key in keys if key in map(artist_key, others)] == [
        artist_key(other) for other in others
    ]
    if not others:
        assert keys == ()
