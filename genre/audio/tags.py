"""Tags around sound: how many bytes of a file are none of it."""

# A tag behind a tag happens; a chain of them is made to be slow.
MAX_TAGS = 16


def id3_bytes(head: bytes) -> int:
    """Measure the ID3v2 tag at the start of some bytes.

    Parameters
    ----------
    head : bytes
        At least 10 bytes.

    Returns
    -------
    int
        Length of the tag with its header and footer; 0 where there is none.
    """
    if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte
    return 10 + size + (10 if head[5] & 0x10 else 0)


def tag_bytes(head: bytes) -> int:
    """Measure the ID3v2, ID3v1 or APE tag at the start of some bytes.

    Parameters
    ----------
    head : bytes
        At least 32 bytes, fewer at the end of a file.

    Returns
    -------
    int
        Length of the tag; 0 where there is none.
    """
    if head[:8] == b"APETAGEX" and len(head) >= 32:
        # The size counts items and footer; a header stands before them, or only the footer here.
        is_header = head[23] & 0x20
        return 32 + (int.from_bytes(head[12:16], "little") if is_header else 0)
    if head[:3] == b"TAG":
        return 128
    return id3_bytes(head)
