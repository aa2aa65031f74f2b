"""What a file is, by its first bytes; its name is never believed."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from genre.audio.readers.dolby import dolby_kind
from genre.audio.readers.mpeg import find_first_frame
from genre.errors import AudioError, AudioErrorKind
from genre.wording import shown

HEAD_BYTES = 65536

# What a scan of folders looks at: also what is only recognised, so that such files are reported.
AUDIO_SUFFIXES = frozenset(
    """
    .3gp .aac .ac3 .aif .aifc .aiff .amr .ape .asf .au .avi .bw64 .caf .dff .dsf .dts .eac3 .ec3
    .flac .it .m4a .m4b .mid .midi .mka .mkv .mod .mov .mp1 .mp2 .mp3 .mp4 .mpc .mpga .oga .ogg .ogv
    .opus .rf64 .s3m .shn .snd .spx .tak .tta .w64 .wav .wave .webm .wma .wmv .wv .xm
    """.split()  # noqa: SIM905 - a list would take as many lines as there are suffixes
)


class Container(StrEnum):
    """Kinds of file, as far as their first bytes tell."""

    MP3 = "mp3"
    WAV = "wav"
    FLAC = "flac"
    OGG = "ogg"
    AIFF = "aiff"
    W64 = "w64"
    CAF = "caf"
    AU = "au"
    MP4 = "mp4"
    ASF = "asf"
    AAC = "aac"
    MATROSKA = "matroska"
    AVI = "avi"
    APE = "ape"
    WAVPACK = "wavpack"
    MUSEPACK = "musepack"
    MUSEPACK8 = "musepack8"
    TTA = "tta"
    DSF = "dsf"
    DSDIFF = "dsdiff"
    AMR = "amr"
    SPEEX = "speex"
    AC3 = "ac3"
    EAC3 = "eac3"
    DTS = "dts"
    TAK = "tak"
    SHORTEN = "shorten"


# libsndfile reads these; ISO 11172-3 layers I and II count as MP3.
DECODABLE = frozenset(
    {
        Container.MP3,
        Container.WAV,
        Container.FLAC,
        Container.OGG,
        Container.AIFF,
        Container.W64,
        Container.CAF,
        Container.AU,
    }
)

NAMES = {
    Container.MP4: "MPEG-4 (m4a, mp4)",
    Container.ASF: "Windows Media (wma)",
    Container.AAC: "AAC",
    Container.MATROSKA: "Matroska or WebM",
    Container.AVI: "AVI",
    Container.APE: "Monkey's Audio",
    Container.WAVPACK: "WavPack",
    Container.MUSEPACK: "Musepack",
    Container.MUSEPACK8: "Musepack",
    Container.TTA: "True Audio",
    Container.DSF: "DSD",
    Container.DSDIFF: "DSD",
    Container.AMR: "AMR",
    Container.SPEEX: "Speex",
    Container.AC3: "AC-3 (Dolby Digital)",
    Container.EAC3: "E-AC-3 (Dolby Digital Plus)",
    Container.DTS: "DTS",
    Container.TAK: "TAK",
    Container.SHORTEN: "Shorten",
}

_MAGIC = (
    (0, b"fLaC", Container.FLAC),
    (28, b"Speex   ", Container.SPEEX),  # behind the header of the first Ogg page
    (0, b"OggS", Container.OGG),
    (0, b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", Container.W64),
    (0, b"caff", Container.CAF),
    (0, b".snd", Container.AU),
    (4, b"ftyp", Container.MP4),
    (4, b"moov", Container.MP4),
    (4, b"mdat", Container.MP4),
    (4, b"wide", Container.MP4),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Container.ASF),
    (0, b"\x1a\x45\xdf\xa3", Container.MATROSKA),
    (0, b"MAC ", Container.APE),
    (0, b"wvpk", Container.WAVPACK),
    (0, b"MPCK", Container.MUSEPACK8),
    (0, b"MP+", Container.MUSEPACK),
    (0, b"TTA1", Container.TTA),
    (0, b"DSD ", Container.DSF),
    (0, b"FRM8", Container.DSDIFF),
    (0, b"#!AMR", Container.AMR),
    (0, b"tBaK", Container.TAK),
    (0, b"ajkg", Container.SHORTEN),
    (0, b"\x7f\xfe\x80\x01", Container.DTS),
)
# Scores for an instrument: notes that a program plays, and no sound that could be read.
_SCORES = (
    (0, b"Extended Module: ", "a tracker module (XM)"),
    (0, b"IMPM", "a tracker module (IT)"),
    (44, b"SCRM", "a tracker module (S3M)"),
    *(
        (1080, magic, "a tracker module (MOD)")
        for magic in b"M.K. M!K! FLT4 FLT8 4CHN 6CHN 8CHN OCTA CD81".split()
    ),
    (0, b"MThd", "a MIDI file"),
)
_CHUNKED = {
    (b"RIFF", b"WAVE"): Container.WAV,
    (b"RIFX", b"WAVE"): Container.WAV,
    (b"RF64", b"WAVE"): Container.WAV,
    (b"BW64", b"WAVE"): Container.WAV,
    (b"RIFF", b"AVI "): Container.AVI,
    (b"FORM", b"AIFF"): Container.AIFF,
    (b"FORM", b"AIFC"): Container.AIFF,
}
_AAC_SYNC = ((0xFF, 0xF0), (0xFF, 0xF1), (0xFF, 0xF8), (0xFF, 0xF9))


@dataclass(frozen=True)
class Content:
    """Where the sound of a file lies and what it is.

    Parameters
    ----------
    container : Container
        What it is.
    start : int, in bytes
        Where it begins: behind ID3 tags.
    is_plain : bool
        Before it stands nothing, or one whole ID3 tag, which libsndfile skips by itself.
    """

    container: Container
    start: int
    is_plain: bool


def sniff(path: Path) -> Container:
    """Recognise a file by its first bytes, behind any ID3 tag; otherwise as `locate`."""
    return locate(path).container


def locate(path: Path) -> Content:
    """Recognise a file by its first bytes and find where its sound begins.

    Parameters
    ----------
    path : Path
        An existing file.

    Raises
    ------
    AudioError
        Of kind ``not_audio`` (nothing known), ``missing`` (not to be opened) or ``empty``.
    """
    try:
        with path.open("rb") as file:
            head, start, is_plain = _behind_tags(file)
    except OSError as error:
        raise cannot_open(path, error) from error
    if not head:
        kind = AudioErrorKind.NOT_AUDIO if start else AudioErrorKind.EMPTY
        what = "has a tag and no sound" if start else "has no bytes"
        raise AudioError(kind, f"{shown(path)} {what}; replace it by a whole copy")
    container = _recognise(head)
    if container is None:
        for offset, magic, name in _SCORES:
            if head.startswith(magic, offset):
                raise AudioError(
                    AudioErrorKind.UNSUPPORTED,
                    f"{shown(path)} is {name}: notes, which are not played here; render it to "
                    "FLAC or WAV (a tracker or synthesiser does, such as OpenMPT) or take it out",
                )
        raise AudioError(
            AudioErrorKind.NOT_AUDIO,
            f"{shown(path)} begins with {head[:8]!r} and holds no sound that is known here; "
            "replace it or take it out of the folder",
        )
    return Content(container, start, is_plain)


def _behind_tags(file: BinaryIO) -> tuple[bytes, int, bool]:
    """Read the first bytes behind ID3 tags, their offset, and whether libsndfile finds them."""
    start = n_tags = 0
    head = file.read(HEAD_BYTES)
    while n_tags < MAX_TAGS and (length := id3_bytes(head)):
        file.seek(start + length)
        following = file.read(HEAD_BYTES)
        n_tags += 1
        if not following and (found := find_first_frame(head, 10)):
            # A tag that claims more than the file has: sound may lie behind its true end.
            return head[found:], start + found, False
        head, start = following, start + length
    return head, start, n_tags <= 1


def cannot_open(path: Path, error: OSError) -> AudioError:
    """Turn a failure of the file system into the error that names the file."""
    reason = error.strerror or str(error)
    return AudioError(
        AudioErrorKind.MISSING, f"path={shown(path)!r} must be a readable file ({reason})"
    )


def _recognise(head: bytes) -> Container | None:
    for offset, magic, container in _MAGIC:
        if head.startswith(magic, offset):
            return container
    chunked = _CHUNKED.get((head[:4], head[8:12]))
    if chunked is not None:
        return chunked
    if tuple(head[:2]) in _AAC_SYNC:
        return Container.AAC
    if kind := dolby_kind(head):
        return Container(kind)
    return None if find_first_frame(head) is None else Container.MP3


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
