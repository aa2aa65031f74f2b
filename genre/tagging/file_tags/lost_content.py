"""What else a tag holds that writing it anew would lose or change.

Only mutagen's reading and writing is meant: it drops ID3 frames that ID3v2.4 has no place for, that
are damaged or, in a tag of an older version, unknown to it, and decodes Vorbis comments by force.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from mutagen.id3 import ID3, BitPaddedInt, Frames, Frames_2_2, ID3NoHeaderError, TextFrame
from mutagen.oggvorbis import OggVorbis

# The genre is written anew; the number of bytes is what the file says anyway, and not in ID3v2.4.
_EXPECTED = ("TCON", "TSIZ")
# Their content moves, in parts or as a whole, or stays under their own name, slightly rewritten.
_DATES = {"TYER": "TDRC", "TDAT": "TDRC", "TIME": "TDRC", "TORY": "TDOR"}
_REWRITTEN = ("APIC", "CHAP", "CTOC")
_UNDECODED = "\N{REPLACEMENT CHARACTER}"


class _Undecoded(dict[str, Any]):
    """All kinds of frame that mutagen knows, none of which it can decode: it keeps their bytes."""

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401
        raise KeyError(key)


def lost_frames(path: Path) -> tuple[str, ...]:
    """List the ID3 frames besides the genre that a rewrite as ID3v2.4 would lose.

    Parameters
    ----------
    path : Path
        An MP3 file.

    Returns
    -------
    tuple of str
        Their names. Dates and people that move to another frame are not lost, nor is TSIZ, the
        length of the sound in bytes.
    """
    raw = ID3()  # type: ignore[no-untyped-call]  # as mutagen left it
    try:
        raw.load(path, known_frames=_Undecoded(Frames), translate=False, load_v1=False)
    except ID3NoHeaderError:
        return ()
    after = ID3(path, load_v1=False)  # type: ignore[no-untyped-call]
    lost = dict.fromkeys(
        name
        for name, data in ((_name_of(data, raw), data) for data in raw.unknown_frames)
        if name not in _EXPECTED and not _is_kept(name, data, raw, after)
    )
    return tuple(lost)


def lost_comments(file: Any) -> tuple[str, ...]:  # noqa: ANN401 - mutagen has no types
    """List the Vorbis comments that mutagen did not read as they are, and so would change.

    Parameters
    ----------
    file : FLAC, OggVorbis or OggOpus
        As mutagen opened it.

    Returns
    -------
    tuple of str
        Their names. A U+FFFD of the file's own counts: it cannot be told from one that stands for
        bytes that are no UTF-8.
    """
    tags = file.tags
    if tags is None:
        return ()
    entries = [("vendor", tags.vendor), *tags]
    lost = dict.fromkeys(key for key, value in entries if _UNDECODED in value)
    is_whole = len(tags.write(framing=isinstance(file, OggVorbis))) == tags._size
    return tuple(lost) if lost or is_whole else ("one without a legal name",)


def _name_of(data: bytes, tag: Any) -> str:  # noqa: ANN401
    """Read the name of a frame as versions 2.3 and 2.4 have it."""
    if tag.version[1] > 2 and data[3]:
        return data[:4].decode("ascii")
    name = data[:3].decode("ascii")
    later = Frames_2_2[name].__base__ if name in Frames_2_2 else None
    return name if later is None or later.__name__ not in Frames else later.__name__


def _is_kept(name: str, data: bytes, tag: Any, after: Any) -> bool:  # noqa: ANN401
    alone = _read_alone(data, tag)
    if alone.unknown_frames:
        return bool(tag.version[1] == 4)  # only those of the same version are copied
    frame: Any = next(iter(alone.values()), None)
    is_text = isinstance(frame, TextFrame)
    if frame is None or (is_text and not str(frame)):
        # Damaged, a date that is none, or nothing but an encoding: then there is nothing to lose.
        return not data[6 if tag.version[1] == 2 else 10 :].strip(b"\0\1\2\3\xff\xfe ")
    if name in _DATES:
        return _has_dates(after.get(_DATES[name]), name, frame.text)
    if name == "IPLS":
        return "TIPL" in after and after["TIPL"].people == frame.people
    same = after.get(frame.HashKey)
    if same is None or name in _REWRITTEN:
        return same is not None
    if is_text:
        return all(value in same.text for value in frame.text)
    return repr(same) == repr(frame)  # another one of the same name may have taken its place


def _read_alone(data: bytes, tag: Any) -> Any:  # noqa: ANN401
    """Read one frame as a tag of its own, which is empty where the frame cannot be read."""
    version, flags = tag.version[1], 0
    if version == 4:
        flags = 0x80 if tag.f_unsynch else 0
        data = data[:4] + BitPaddedInt.to_str(len(data) - 10, width=4) + data[8:]
    size = BitPaddedInt.to_str(len(data), width=4)
    alone = ID3()  # type: ignore[no-untyped-call]
    header = b"ID3" + bytes([version, 0, flags]) + size
    alone.load(BytesIO(header + data), translate=False, load_v1=False)
    return alone


def _has_dates(frame: Any, name: str, texts: Iterable[object]) -> bool:  # noqa: ANN401
    """Whether a time stamp, ``2001-02-03 04:05:00``, has what years, ``DDMM`` and ``HHMM`` say."""
    stamps = "" if frame is None else " ".join(map(str, frame.text))
    for text in map(str, texts):
        part = {"TDAT": f"-{text[2:]}-{text[:2]}", "TIME": f" {text[:2]}:{text[2:]}"}
        if part.get(name, text) not in stamps:
            return False
    return True
