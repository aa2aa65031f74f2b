"""Raw AC-3 and E-AC-3 streams, recognised by two frames behind each other.

Reference: ETSI TS 102 366, section 4.4.1 and annex E.1.3.1 (sync frame headers).
"""

from typing import Literal

_MARK = b"\x0b\x77"
_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
_SAMPLE_RATES = (48_000, 44_100, 32_000)
# Streams with a higher number are of the extended kind.
_LAST_OF_AC3 = 10


def dolby_kind(head: bytes) -> Literal["ac3", "eac3"] | None:
    """Recognise what kind of stream begins here.

    Parameters
    ----------
    head : bytes
        The first bytes of a file.

    Returns
    -------
    str or None
        None where no second frame, nor the end, stands where the first one ends: the mark alone
        has two bytes.
    """
    if head[:2] != _MARK or len(head) < 6:
        return None
    kind: Literal["ac3", "eac3"] = "eac3" if head[5] >> 3 > _LAST_OF_AC3 else "ac3"
    if kind == "eac3":
        n_words = 1 + ((head[2] & 7) << 8 | head[3])
    else:
        rate, size = head[4] >> 6, head[4] & 63
        if rate >= len(_SAMPLE_RATES) or size >= 2 * len(_KBPS):
            return None
        n_words = 96_000 * _KBPS[size // 2] // _SAMPLE_RATES[rate]
        n_words += size % 2 if _SAMPLE_RATES[rate] == 44_100 else 0
    return kind if head[2 * n_words : 2 * n_words + 2] in (_MARK, b"") else None
