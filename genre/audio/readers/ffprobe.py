"""Asking ffprobe what a file is and what its tags say, before ffmpeg decodes it.

Neither is let guess: the format comes from the first bytes, decoders and protocols stand on a list,
and the name of the file is only a name.
"""

import math
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genre.audio.containers import Container
from genre.audio.readers.child import guarded
from genre.errors import AudioError, AudioErrorKind
from genre.json_files import parse_json
from genre.wording import shown

INSTALL = "install ffmpeg (Debian: apt-get install ffmpeg) or convert it to FLAC or MP3"

# ffmpeg's names of the demuxers. None of these opens a file other than the one it is given
# (external references in MPEG-4 stay off, which is ffmpeg's default).
FORMATS = {
    Container.MP4: "mov",
    Container.ASF: "asf",
    Container.AAC: "aac",
    Container.MATROSKA: "matroska",
    Container.AVI: "avi",
    Container.APE: "ape",
    Container.WAVPACK: "wv",
    Container.MUSEPACK: "mpc",
    Container.MUSEPACK8: "mpc8",
    Container.TTA: "tta",
    Container.DSF: "dsf",
    Container.DSDIFF: "iff",
    Container.AMR: "amr",
    Container.SPEEX: "ogg",
    Container.AC3: "ac3",
    Container.EAC3: "eac3",
    Container.DTS: "dts",
    Container.TAK: "tak",
    Container.SHORTEN: "shn",
    Container.OGG: "ogg",
    Container.WAV: "wav",
    Container.AIFF: "aiff",
    Container.W64: "w64",
    Container.CAF: "caf",
    Container.AU: "au",
}

# Codecs that are accepted, all of sound; beside some, the name of their decoder where it differs.
_OTHER_DECODERS = {
    "adpcm_g722": "g722",
    "adpcm_g726": "g726",
    "adpcm_g726le": "g726le",
    "amr_nb": "amrnb",
    "amr_wb": "amrwb",
    "dts": "dca",
    "mp1": "mp1float",
    "mp2": "mp2float",
    "mp3": "mp3float",
    "mp4als": "als",
    "musepack7": "mpc7",
    "musepack8": "mpc8",
}
_SAME_DECODERS = frozenset(
    """
    aac ac3 adpcm_ima_qt adpcm_ima_wav adpcm_ms alac ape dsd_lsbf dsd_lsbf_planar dsd_msbf
    dsd_msbf_planar eac3 flac gsm gsm_ms mace3 mace6 opus pcm_alaw pcm_f32be pcm_f32le pcm_f64be
    pcm_f64le pcm_mulaw pcm_s16be pcm_s16le pcm_s24be pcm_s24le pcm_s32be pcm_s32le pcm_s8 pcm_u8
    qdm2 qdmc shorten speex tak tta vorbis wavpack wmalossless wmapro wmav1 wmav2 wmavoice
    """.split()  # noqa: SIM905 - a list would take as many lines as there are names
)
DECODERS = {name: name for name in _SAME_DECODERS} | _OTHER_DECODERS

_PROBE_SECONDS = 30.0

Span = tuple[int, int]


@dataclass(frozen=True)
class Probed:
    """What a stream of sound is.

    Parameters
    ----------
    codec : str
        One of `DECODERS`.
    sample_rate : int, in Hz
        As the file has it.
    n_channels : int
        As the file has it.
    seconds : float or None
        The length that the file claims; None where it claims none.
    """

    codec: str
    sample_rate: int
    n_channels: int
    seconds: float | None


def has_ffmpeg() -> bool:
    """Whether ffmpeg and ffprobe are installed."""
    return shutil.which("ffmpeg") is not None and shutil.which("ffprobe") is not None


def probe_tags(path: Path, container: Container) -> dict[str, str]:
    """Read the tags of a file and of its first stream of sound.

    Parameters
    ----------
    path : Path
        The file.
    container : Container
        What it is; one of `FORMATS`.

    Returns
    -------
    dict of str to str
        By their names in small letters.

    Raises
    ------
    AudioError
        As `probe`.
    """
    command = [*_ffprobe(), *restricted(container, None), "-nofind_stream_info"]
    command += ["-select_streams", "a:0", "-show_entries", "format_tags:stream_tags"]
    command += ["-of", "json", address(path, None)]
    done = _run(path, command)
    if done.returncode:
        raise _fault(path, done.returncode, done.stderr)
    found = parse_json(done.stdout)
    parts = [*found.get("streams", []), found.get("format", {})]
    tags = [(name, text) for part in parts for name, text in part.get("tags", {}).items()]
    return {str(name).casefold(): str(text) for name, text in tags}


def _ffprobe() -> list[str]:
    return [shutil.which("ffprobe") or "ffprobe", "-hide_banner", "-v", "error"]


def restricted(container: Container, span: Span | None) -> list[str]:
    """Write the options that keep ffmpeg and ffprobe to one format and to one file.

    Parameters
    ----------
    container : Container
        One of `FORMATS`.
    span : tuple of int or None, in bytes
        Where in the file to begin and to end; the whole file if None.
    """
    protocols = "file,pipe" if span is None else "subfile,file,pipe"
    return ["-protocol_whitelist", protocols, "-f", FORMATS[container]]


def allowed_decoders() -> list[str]:
    """Write the option that keeps ffmpeg and ffprobe to decoders of sound."""
    return ["-codec_whitelist", ",".join(sorted(DECODERS.values()))]


def address(path: Path, span: Span | None) -> str:
    """Write a file, or a part of it, so that its name is only a name.

    Parameters
    ----------
    path : Path
        The file.
    span : tuple of int or None, in bytes
        As in `restricted`.
    """
    # With a protocol before it and a slash behind that, no name is an option or an address.
    whole = f"file:{os.path.abspath(path)}"  # noqa: PTH100 - links in it are left as they are
    return whole if span is None else f"subfile,,start,{span[0]},end,{span[1]},,:{whole}"


def probe(path: Path, container: Container, span: Span | None) -> Probed:
    """Ask what the first stream of sound in a file is.

    Parameters
    ----------
    path : Path
        The file.
    container : Container
        One of `FORMATS`.
    span : tuple of int or None, in bytes
        As in `restricted`.

    Raises
    ------
    AudioError
        Of kind ``unsupported``, ``corrupt``, ``not_audio``, ``timeout`` or ``crashed``.
    """
    command = [*_ffprobe(), *restricted(container, span)]
    wanted = "stream=codec_name,sample_rate,channels,duration:format=duration"
    ending = ["-select_streams", "a:0", "-show_entries", wanted, "-of", "json"]
    ending.append(address(path, span))
    # Decoders of sound may look at the first packets, for what the header does not say ...
    done = _run(path, [*command, *allowed_decoders(), *ending])
    if done.returncode and b"not on whitelist" in done.stderr:
        # ... and where there are others (pictures, an unknown codec), only the header is read.
        done = _run(path, [*command, "-nofind_stream_info", *ending])
    if done.returncode:
        raise _fault(path, done.returncode, done.stderr)
    try:
        return _read(path, parse_json(done.stdout))
    except (ValueError, TypeError, AttributeError) as error:
        raise AudioError(
            AudioErrorKind.CORRUPT,
            f"{shown(path)} cannot be decoded (ffprobe's answer has no sense); copy it again",
        ) from error


def _run(path: Path, command: list[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        with guarded(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            try:
                found, complaints = process.communicate(timeout=_PROBE_SECONDS)
            finally:
                process.kill()
    except subprocess.TimeoutExpired as error:
        raise AudioError(
            AudioErrorKind.TIMEOUT,
            f"{shown(path)} keeps ffprobe busy for {_PROBE_SECONDS:.0f} s; take it out",
        ) from error
    except OSError as error:
        raise AudioError(
            AudioErrorKind.UNSUPPORTED,
            f"{shown(path)} needs ffprobe, which cannot be started ({error.strerror}); {INSTALL}",
        ) from error
    return subprocess.CompletedProcess(command, process.returncode, found, complaints)


def _fault(path: Path, status: int, complaints: bytes) -> AudioError:
    text = complaints.decode("utf-8", "replace")
    is_greedy = "Cannot allocate memory" in text
    if status < 0 or is_greedy:
        wish = "asks ffprobe for more memory than it may take"
        what = wish if is_greedy else f"ended ffprobe with exit code {status}"
        return AudioError(AudioErrorKind.CRASHED, f"{shown(path)} {what}; take it out")
    if "Unknown input format" in text:
        return AudioError(
            AudioErrorKind.UNSUPPORTED,
            f"{shown(path)} is of a type that the installed ffmpeg was built without; "
            "install a full one or convert it to FLAC or MP3",
        )
    # The last line is the name of the file, which the message has already, and the reason.
    reason = (text.strip() or "no reason given").splitlines()[-1].rpartition(": ")[2]
    reason = reason.rpartition("] ")[2]  # "[name of a part @ address] reason"
    return AudioError(
        AudioErrorKind.CORRUPT, f"{shown(path)} cannot be decoded ({reason}); copy it again"
    )


def _read(path: Path, found: dict[str, Any]) -> Probed:
    if not found.get("streams"):
        raise AudioError(
            AudioErrorKind.NOT_AUDIO,
            f"{shown(path)} has no stream of sound; replace it or take it out of the folder",
        )
    stream = found["streams"][0]
    codec = stream.get("codec_name", "unknown")
    if codec not in DECODERS:
        raise AudioError(
            AudioErrorKind.UNSUPPORTED,
            f"{shown(path)} is coded as codec={codec}, which is not read here; "
            "convert it to FLAC or MP3",
        )
    length = stream.get("duration") or found.get("format", {}).get("duration")
    seconds = float(length) if length not in (None, "N/A") else math.nan
    return Probed(
        codec=codec,
        sample_rate=int(stream.get("sample_rate", 0)),
        n_channels=int(stream.get("channels", 0)),
        seconds=seconds if 0 < seconds < math.inf else None,
    )
