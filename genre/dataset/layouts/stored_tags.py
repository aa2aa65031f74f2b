"""The tags that a sound file carries, by what its first bytes say it is; its name is not looked at.

mutagen reads ID3, APEv2, Vorbis comments, MP4, ASF, DSF and DSDIFF; the chunks of WAV, AIFF and CAF
are read here; ffprobe, where it is installed, is asked for the rest.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from mutagen.apev2 import APENoHeaderError, APEv2
from mutagen.asf import ASF
from mutagen.dsdiff import DSDIFF
from mutagen.dsf import DSF
from mutagen.flac import FLAC
from mutagen.id3 import ID3, ID3NoHeaderError
from mutagen.mp4 import MP4
from mutagen.ogg import error as OggError
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggtheora import OggTheora
from mutagen.oggvorbis import OggVorbis

from genre.audio.containers import NAMES, Container, sniff
from genre.audio.readers.ffprobe import has_ffmpeg, probe_tags
from genre.dataset.layouts.chunk_tags import chunk_tags
from genre.errors import AudioError, TagError
from genre.tag_errors import TAG_ERRORS

# mutagen has no common type for tags: whatever has a value under a name.
_Tags = Any
_OGG = [OggVorbis, OggOpus, OggFLAC, OggSpeex, OggTheora]


def stored_tags(path: Path) -> tuple[_Tags, ...]:
    """Read all tags of a file.

    Parameters
    ----------
    path : Path
        Any file.

    Returns
    -------
    tuple of mappings
        What counts first stands first; empty where there is none.

    Raises
    ------
    TagError
        Where tags of such a file cannot be read, or those of this file are damaged; the message
        goes on behind the name of the file.
    """
    try:
        container = sniff(path)
        found = _READERS.get(container, _probed)(path, container)
    except AudioError as error:
        raise TagError(f"has no tags that can be read ({error.kind.value}); replace it") from error
    except TAG_ERRORS as error:
        raise TagError(f"has a tag that cannot be read ({error}); mend it") from error
    return tuple(tags for tags in found if tags is not None)


def _around_a_stream(path: Path, _container: Container) -> list[_Tags]:
    """Read ID3v2 before and APEv2 behind any sound; without ID3v2, ID3v1, which cuts off texts."""
    found: list[_Tags] = []
    for load in (partial(ID3, load_v1=False), APEv2, ID3):
        if load is ID3 and any(isinstance(tags, ID3) for tags in found):
            break
        with suppress(ID3NoHeaderError, APENoHeaderError):
            found.append(load(path))
    return found


def _flac(path: Path, container: Container) -> list[_Tags]:
    file = FLAC(path)  # type: ignore[no-untyped-call]
    return [file.tags, *_around_a_stream(path, container)]


def _ogg(path: Path, _container: Container) -> list[_Tags]:
    # one after the other: beside the sound there may be a stream of pictures, first in the file
    for kind in _OGG:
        with suppress(OggError):
            return [kind(path).tags]  # type: ignore[no-untyped-call]
    raise ValueError("an unknown coding in OGG")


def _mp4(path: Path, container: Container) -> list[_Tags]:
    tags = MP4(path).tags  # type: ignore[no-untyped-call]
    if tags is None and has_ffmpeg():  # QuickTime has them elsewhere
        return [*_probed(path, container)]
    return [tags]


def _opened_by(kind: Callable[[Path], Any]) -> Callable[[Path, Container], list[_Tags]]:
    return lambda path, _container: [kind(path).tags]


def _probed(path: Path, container: Container) -> list[Mapping[str, list[str]]]:
    if not has_ffmpeg():
        name = NAMES.get(container, container.value)
        raise TagError(f"is a file of type {name}, whose tags need ffmpeg; install it")
    return [{name: [text] for name, text in probe_tags(path, container).items()}]


_READERS: dict[Container, Callable[[Path, Container], list[_Tags]]] = {
    **dict.fromkeys(
        [
            *(Container.MP3, Container.AAC, Container.APE, Container.WAVPACK, Container.MUSEPACK),
            *(Container.MUSEPACK8, Container.TTA, Container.AMR, Container.AC3, Container.EAC3),
            *(Container.DTS, Container.TAK, Container.SHORTEN),
        ],
        _around_a_stream,
    ),
    **dict.fromkeys([Container.WAV, Container.AIFF, Container.CAF], chunk_tags),
    **dict.fromkeys([Container.OGG, Container.SPEEX], _ogg),
    Container.FLAC: _flac,
    Container.MP4: _mp4,
    Container.ASF: _opened_by(ASF),
    Container.DSF: _opened_by(DSF),
    Container.DSDIFF: _opened_by(DSDIFF),
}
