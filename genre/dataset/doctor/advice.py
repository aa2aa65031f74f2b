"""What each kind of fault and oddity means, and what to mend first."""

from dataclasses import dataclass

from genre.audio.decode import DecodeConfig
from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.dataset.doctor.diagnosis import (
    N_ARTISTS_TO_SPLIT,
    dominated_genres,
    rare_genres,
)
from genre.dataset.doctor.examination import Examination
from genre.dataset.doctor.sound import MAX_USUAL_CHANNELS
from genre.wording import counted, listed

_NAMES_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A kind of fault or oddity.

    Parameters
    ----------
    title : str
        What it is; stands behind a number of files and a colon.
    what_to_do : str
        A sentence or two.
    """

    title: str
    what_to_do: str


# Files that cannot be used: the kinds of `Fault`.
FAULTS: dict[str, Advice] = {
    "no_genre": Advice(
        title="no genre",
        what_to_do="Move them into a folder named after the genre, or list them in labels.csv.",
    ),
    "unsupported": Advice(
        title="a format that is not read here",
        what_to_do="Do what the message says: install ffmpeg, or convert them to FLAC or MP3.",
    ),
    "corrupt": Advice(
        title="broken",
        what_to_do="Copy or download them again, or export them anew from the source.",
    ),
    "not_audio": Advice(
        title="no sound inside, whatever the name says",
        what_to_do="Replace them by the real files, or take them out.",
    ),
    "empty": Advice(
        title="0 bytes",
        what_to_do="Copy or download them again.",
    ),
    "missing": Advice(
        title="cannot be opened",
        what_to_do="Check where links lead and whether you may read the files.",
    ),
    "unreadable": Advice(
        title="cannot be read",
        what_to_do="Check the permissions and the disk; pipes and devices do not belong here.",
    ),
    "unsafe": Advice(
        title="no regular file",
        what_to_do="Take them out: a folder of music should hold nothing but files.",
    ),
    "too_short": Advice(
        title=f"shorter than {DecodeConfig().min_seconds:g} s",
        what_to_do="Take them out.",
    ),
    "too_long": Advice(
        title="longer than a file may be",
        what_to_do="Cut them into tracks.",
    ),
    "too_large": Advice(
        title="larger than a file may be",
        what_to_do="Cut them into tracks, or convert them to FLAC.",
    ),
    "timeout": Advice(
        title="took too long to decode",
        what_to_do="Try again with a larger --timeout-seconds, else export them anew.",
    ),
    "crashed": Advice(
        title="the decoder crashed or ran out of memory",
        what_to_do="Try again with a larger --memory-mb, else export them anew.",
    ),
    "error": Advice(
        title="failed for another reason",
        what_to_do="Read the message.",
    ),
}

# Usable files with something odd: the kinds of `Finding`, the gravest first.
ODDITIES: dict[str, Advice] = {
    "label_conflict": Advice(
        title="the same recording under different labels",
        what_to_do="Decide which labels are right and give them to all copies, or keep one copy.",
    ),
    "same_recording": Advice(
        title="the same recording, encoded anew or trimmed",
        what_to_do="Keep the best copy: several count one performance several times.",
    ),
    "unknown_artist": Advice(
        title="unknown artist",
        what_to_do=(
            "Write an artist column in labels.csv, tag the files, or name them Artist - Title: "
            "what one artist made must not stand in training and test."
        ),
    ),
    "silent": Advice(
        title="silent",
        what_to_do="Take them out: silence has no genre, and training leaves them out.",
    ),
    "opposed": Advice(
        title="channels that cancel each other", what_to_do="Nothing: they are turned and heard."
    ),
    "partial": Advice(
        title="the sound breaks off",
        what_to_do="Copy or download them again; until then what could be decoded is used.",
    ),
    "truncated": Advice(
        title="not as long as the header says",
        what_to_do="Where they are too short, copy or download them again.",
    ),
    "short": Advice(
        title=f"shorter than one window of {WindowConfig().window_seconds:g} s",
        what_to_do="They are filled up with silence; longer excerpts teach more.",
    ),
    "clipped": Advice(
        title="clipped",
        what_to_do="Take a better source where there is one; one genre should not have most.",
    ),
    "low_pass": Advice(
        title="sounds like an upsampled or low-bitrate file",
        what_to_do=(
            "Take a better source where there is one. Where one genre has most of them, a model "
            "may learn the encoder instead of the music."
        ),
    ),
    "odd_sample_rate": Advice(
        title="unusual or low sample rate",
        what_to_do=(
            "All files are brought to one rate, so nothing must be done; but what a rate below "
            f"{FrontEndConfig().mel.sample_rate:,} Hz lacks, a model can hear."
        ),
    ),
    "odd_channels": Advice(
        title=f"more than {MAX_USUAL_CHANNELS} channels",
        what_to_do="They are mixed to mono; a stereo version may sound more like the others.",
    ),
    "copy": Advice(
        title="the same bytes again",
        what_to_do="Each counts once, with the genres of all its copies; the others can go.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to mend.

    Parameters
    ----------
    kind : str
        For links and machines: ``rare``, ``dominated`` or a key of `FAULTS` or `ODDITIES`.
    count : str
        How many: ``3 files``.
    title : str
        What they are.
    what_to_do : str
        A sentence or two.
    """

    kind: str
    count: str
    title: str
    what_to_do: str


def steps(examination: Examination) -> tuple[Step, ...]:
    """List what to mend, the gravest first.

    Parameters
    ----------
    examination : Examination
        What was found in the folder.

    Returns
    -------
    tuple of Step
        Empty where nothing was found.
    """
    bad = [
        Step(
            kind=kind,
            count=counted(len(files), "file"),
            title=FAULTS[kind].title,
            what_to_do=FAULTS[kind].what_to_do,
        )
        for kind, files in examination.by_fault.items()
    ]
    odd = {
        kind: Step(
            kind=kind,
            count=counted(len(examination.by_finding[kind]), "file"),
            title=advice.title,
            what_to_do=advice.what_to_do,
        )
        for kind, advice in ODDITIES.items()
        if kind in examination.by_finding
    }
    grave = ("label_conflict", "same_recording", "unknown_artist")
    first = [odd.pop(kind) for kind in grave if kind in odd]
    return (*bad, *first, *_genre_steps(examination), *odd.values())


def _genre_steps(examination: Examination) -> list[Step]:
    found = []
    if rare := rare_genres(examination.genres):
        found.append(
            Step(
                kind="rare",
                count=counted(len(rare), "genre"),
                title=f"fewer than {N_ARTISTS_TO_SPLIT} artists",
                what_to_do=(
                    f"Add tracks by others to {listed(rare, limit=_NAMES_SHOWN)}, or merge them "
                    "with a related genre; training leaves such genres out."
                ),
            )
        )
    if dominated := dominated_genres(examination.genres):
        found.append(
            Step(
                kind="dominated",
                count=counted(len(dominated), "genre"),
                title="one artist made most",
                what_to_do=(
                    f"Add tracks by others to {listed(dominated, limit=_NAMES_SHOWN)}: else a "
                    "model learns the artist, not the genre."
                ),
            )
        )
    return found
