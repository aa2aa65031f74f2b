"""Text whose encoding has to be found: genre.describe.encodings."""

import pytest

from genre.describe.encodings import decoded

RUSSIAN = "Белеет парус одинокой\nЖдёт бури, будто в бурях есть покой!\n"
JAPANESE = "春はあけぼの\nやうやう白くなりゆく山ぎは\n"
KOREAN = "나 보기가 역겨워\n가실 때에는\n"
CHINESE = "床前明月光\n疑是地上霜\n"
FRENCH = "Frère Jacques, dormez-vous ?\nSonnez les matines, été après été\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((text, name) for text in (RUSSIAN, JAPANESE) for name in ("utf-8", "utf-8-sig")),
        *((text, name) for text in (RUSSIAN, FRENCH) for name in ("utf-16", "utf-32")),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN.lower(), "cp1251"),
        (JAPANESE, "cp932"),
        (KOREAN, "euc_kr"),
        (CHINESE, "gb18030"),
        (FRENCH, "cp1252"),
        ("plain", "ascii"),
    ],
)
def test_the_text_comes_back_from_every_encoding(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_lines_end_in_one_way_and_nothing_is_refused() -> None:
    assert decoded(b"a\r\nb\rc\n") == "a\nb\nc\n"
    assert decoded(b"") == ""
    assert isinstance(decoded(bytes(range(1, 256))), str)
