"""What else a tag holds that writing it anew would change, because mutagen reads it by force."""

from typing import Any

from mutagen.oggvorbis import OggVorbis

_UNDECODED = "\N{REPLACEMENT CHARACTER}"


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
