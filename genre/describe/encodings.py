"""The text of a file that does not say how it is encoded.

UTF-8 and UTF-16 prove themselves. Of older encodings any bytes are text in several; the one is
taken in which most letters beyond ASCII stand as people write them.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable

__all__ = ["decoded"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = re.compile(r"[^\W\d_]+")
_COMMON_HANZI = range(0xB0, 0xD8)  # lead bytes of the common half of GB 2312


def decoded(content: bytes) -> str:
    r"""Read text in an encoding that has to be found.

    Parameters
    ----------
    content : bytes
        Of a whole file.

    Returns
    -------
    str
        With ``\n`` at the end of lines.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _lines(content.decode(name, errors="replace"))
    zeros = content[:4000].count(0)
    if zeros > len(content[:4000]) / 5:
        is_little = content[1::2].count(0) >= content[::2].count(0)
        name = "utf-16-le" if is_little else "utf-16-be"
        return _lines(content.decode(name, errors="replace"))
    try:
        return _lines(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _lines(_older(content))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _older(content: bytes) -> str:
    best, best_share = "", -1.0
    for name, share_of in _NATURAL.items():
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        share = share_of(text)
        if share > best_share:
            best, best_share = text, share
    return best or content.decode("cp1252", errors="replace")


def _foreign(text: str) -> list[str]:
    return [letter for letter in text if ord(letter) > 127]


def _share(text: str, is_natural: Callable[[str], bool]) -> float:
    letters = _foreign(text)
    return sum(map(is_natural, letters)) / max(1, len(letters))


def _of_words(text: str, is_natural: Callable[[str], bool]) -> float:
    """Compute the share of letters beyond ASCII that stand in words of a natural form."""
    n_natural = sum(len(_foreign(word)) for word in _WORD.findall(text) if is_natural(word))
    return n_natural / max(1, len(_foreign(text)))


def _cyrillic(word: str) -> bool:
    is_script = all("\u0400" <= letter <= "\u04ff" for letter in word)
    return is_script and (word.islower() or word.istitle() or word.isupper())


def _latin(word: str) -> bool:
    n_plain = len(word) - len(_foreign(word))
    is_script = all(unicodedata.name(letter, "").startswith("LATIN") for letter in word)
    is_cased = word.islower() or word.istitle() or word.isupper()
    return is_script and is_cased and 2 * n_plain >= len(word)


def _japanese(text: str) -> float:
    n_kana = sum("\u3041" <= letter <= "\u30fe" for letter in text)
    has_kana = 10 * n_kana >= len(_foreign(text))
    return _share(text, lambda letter: has_kana and "\u3000" <= letter <= "\u9fff")


def _chinese(text: str) -> float:
    def _is_common(letter: str) -> bool:
        try:
            code = letter.encode("gb2312")
        except UnicodeEncodeError:
            return False
        return code[0] in _COMMON_HANZI or "\u3000" <= letter <= "\u303f" or letter >= "\uff00"

    return _share(text, _is_common)


_NATURAL: dict[str, Callable[[str], float]] = {
    "cp1251": lambda text: _of_words(text, _cyrillic),
    "koi8_r": lambda text: _of_words(text, _cyrillic),
    "cp932": _japanese,
    "euc_kr": lambda text: _share(text, lambda letter: "\uac00" <= letter <= "\ud7a3"),
    "gb18030": _chinese,
    "cp1252": lambda text: _of_words(text, _latin),
}
