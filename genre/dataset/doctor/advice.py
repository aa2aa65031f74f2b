"""What each kind of fault and oddity means, and what to do about it."""

from dataclasses import dataclass


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
        title="shorter than 0.1 s",
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
        what_to_do="Take them out: a model would learn that silence has their genre.",
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
        title="shorter than one window of 4 s",
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
            "22,050 Hz lacks, a model can hear."
        ),
    ),
    "odd_channels": Advice(
        title="more than two channels",
        what_to_do="They are mixed to mono; a stereo version may sound more like the others.",
    ),
    "copy": Advice(
        title="the same bytes again",
        what_to_do="Each counts once, with the genres of all its copies; the others can go.",
    ),
}
