"""ID3v2 by hand: only the genre frame changes: genre.tagging.file_tags.id3v2."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.tagging.file_tags.id3v2 import NEW_TAG, Id3Tag, names_of, parse_id3
from tests.tagged_files import framed, id3

NAMES = {2: b"TCO", 3: b"TCON", 4: b"TCON"}
TEXTS = ["Hip-Hop", "Ópera", "日本"]


def frames_of(tag: bytes) -> list[object]:
    """Read a tag by the library, which knows nothing of this module."""
    found = id3.ID3()
    found.load(BytesIO(tag), translate=False, load_v1=False)
    return [found.get("TCON") and found["TCON"].text, len(found), found.unknown_frames]


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize("genre", [None, b"\0Rock"])
def test_other_frames_keep_their_bytes_and_places(version: int, genre: bytes | None) -> None:
    """Damaged ones, ones that the version does not know, and two of one name too."""
    title, own = (b"TT2", b"XAB") if version == 2 else (b"TIT2", b"XABC")
    before = [
        (title, b"\0Ours"),
        (own, b"own frame"),
        (title, b"\3again"),
        (own, b""),
    ]
    after = [(own, b"\xff\xfe\xff")]
    middle = [(NAMES[version], genre)] if genre else []
    tag = parse_id3(framed([*before, *middle, *after], version))
    assert tag.genre_texts() == (["Rock"] if genre else [])
    new = tag.with_genres(TEXTS)
    again = parse_id3(new.to_bytes())
    assert again.version == version
    assert again.genre_texts() == TEXTS
    assert again.other_frames == tag.other_frames
    assert again.frames.index(next(iter({*again.frames} - {*tag.frames}))) == (4 if genre else 5)
    assert frames_of(new.to_bytes())[0] == TEXTS


@pytest.mark.parametrize("version", [2, 3, 4])
def test_padding_makes_room_and_is_made_of_what_is_left(version: int) -> None:
    content = bytearray(framed([(NAMES[version], b"\0Rock")], version) + bytes(100))
    content[6:10] = bytes([0, 0, 0, len(content) - 10])
    tag = parse_id3(bytes(content))
    for texts in (["Jazz"], ["A"], ["A longer one", "B"]):
        new = tag.with_genres(texts).to_bytes()
        assert len(new) == len(content)
        assert frames_of(new)[0] == texts
    long = tag.with_genres(["x" * 200])
    assert (long.rest, long.genre_texts()) == (b"", ["x" * 200])


def test_what_is_no_frame_stays_behind_the_frames() -> None:
    content = bytearray(framed([(b"TIT2", b"\0Ours")], 4) + b"TIT2\0\0\x7f\x7fxx junk")
    content[6:10] = bytes([0, 0, 0, len(content) - 10])
    tag = parse_id3(bytes(content)).with_genres(["Jazz"])
    assert tag.to_bytes().endswith(b"Jazz" + b"TIT2\0\0\x7f\x7fxx junk")
    assert frames_of(tag.to_bytes())[0] == ["Jazz"]


def test_a_footer_follows() -> None:
    plain = framed([(b"TIT2", b"\0Ours")], 4)
    head = plain[:5] + b"\x10" + plain[6:10]
    tag = parse_id3(head + plain[10:] + b"3DI" + head[3:])
    new = tag.with_genres(["Jazz"]).to_bytes()
    assert new[-10:] == b"3DI" + new[3:10]
    assert int(new[9]) == len(new) - 20
    assert tag.with_genres(["Jazz"]).rest == b""


def test_an_extended_header_with_its_checksum_goes() -> None:
    for version, extended in (
        (4, b"\0\0\0\x0c\x01\x20\x05" + bytes(5)),
        (3, b"\0\0\0\x0a\x80\0" + bytes(8)),
    ):
        plain = framed([(b"TIT2", b"\0Ours")], version)
        size = bytes([0, 0, 0, len(plain) - 10 + len(extended)])
        tag = parse_id3(plain[:5] + b"\x40" + size + extended + plain[10:])
        assert frames_of(tag.with_genres(["Jazz"]).to_bytes())[:2] == [["Jazz"], 2]
    # a flag alone, as some programs set it
    plain = framed([(b"TIT2", b"\0Ours")], 3)
    assert len(parse_id3(plain[:5] + b"\x40" + plain[6:]).frames) == 1
    with pytest.raises(ValueError, match="compressed"):
        parse_id3(framed([], 2)[:5] + b"\x40" + bytes(4))
    with pytest.raises(ValueError, match=r"ID3v2\.5 is not known"):
        parse_id3(framed([], 5))


def test_unsynchronised_tags_stay_so() -> None:
    body = framed([(b"PRIV", b"a\0\xff\xfb\xff\0\xff")], 3)[10:]
    coded = body.replace(b"\xff\xfb\xff\0\xff", b"\xff\0\xfb\xff\0\0\xff\0")
    head = b"ID3\3\0\x80\0\0\0" + bytes([len(coded)])
    tag = parse_id3(head + coded)
    assert tag.frames == (body,)
    new = tag.with_genres(["Ópera"]).to_bytes()
    assert coded[:-1] in new
    assert frames_of(new)[:2] == [["Ópera"], 2]
    assert b"\xff\xfe" not in new[10:]  # the mark of UTF-16 is coded too
    with pytest.raises(ValueError, match="not unsynchronised as it says"):
        parse_id3(head[:9] + bytes([len(body)]) + body)


def test_sizes_as_an_old_itunes_wrote_them() -> None:
    frames = b"".join(
        name + (200).to_bytes(4, "big") + bytes(2) + b"\0" + bytes([97]) * 199
        for name in (b"TIT2", b"TPE1")
    )
    tag = parse_id3(b"ID3\4\0\0\0\0\3\x24" + frames)
    assert len(tag.frames) == 2
    new = tag.with_genres(["Jazz", "x" * 300])
    assert parse_id3(new.to_bytes()).genre_texts() == ["Jazz", "x" * 300]
    assert new.other_frames == tag.frames


def test_a_new_tag_has_the_genre_alone() -> None:
    tag = NEW_TAG.with_genres(["Ópera", "Jazz"]).to_bytes()
    assert tag == b"ID3\4\0\0\0\0\0\x16TCON\0\0\0\x0c\0\0\3" + "Ópera\0Jazz".encode()[:11]
    with pytest.raises(ValueError, match="longer than ID3 allows"):
        Id3Tag(NEW_TAG.head, rest=bytes(2**28)).to_bytes()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rock", ["Rock"]),
        ("17", ["Rock"]),
        ("(17)(4)Eurodisco", ["Rock", "Disco", "Eurodisco"]),
        (" \0 ", []),
        ("\0 Rock ", ["Rock"]),
    ],
)
def test_names_of_a_value(text: str, names: list[str]) -> None:
    assert names_of(text) == names


@given(st.binary(max_size=120), st.sampled_from([2, 3, 4]), st.sampled_from([0, 0x80, 0x40, 0x10]))
def test_any_tag_is_put_together_again_or_refused(body: bytes, version: int, flags: int) -> None:
    head = b"ID3" + bytes([version, 0, flags, 0, 0, 0, len(body)])
    footer = b"3DI" + head[3:] if flags == 0x10 and version == 4 else b""
    try:
        tag = parse_id3(head + body + footer)
    except ValueError:
        return
    again = parse_id3(tag.with_genres(["Jazz"]).to_bytes())
    assert again.other_frames == tag.other_frames
    assert again.genre_texts() == ["Jazz"]
