"""Layout ``speech_commands``: 35 words in a folder each, with the official split by speaker.

``validation_list.txt`` and ``testing_list.txt`` name files as ``<word>/<speaker>_nohash_<n>.wav``;
all others are to train on. ``_background_noise_`` is no word.

Reference: P. Warden (2018), Speech commands: a dataset for limited-vocabulary speech recognition,
arXiv:1804.03209.
"""

from pathlib import Path, PurePath

from genre.dataset.layouts.entries import Layout, Listing
from genre.dataset.layouts.files import list_files
from genre.dataset.layouts.published.gathering import Row, gather
from genre.dataset.layouts.published.lists import find_list, need_list, read_lines
from genre.errors import DatasetError

LISTS = {"val": "validation_list.txt", "test": "testing_list.txt"}
WORDS = frozenset(
    """
    backward bed bird cat dog down eight five follow forward four go happy house learn left marvin
    nine no off on one right seven sheila six stop three tree two up visual wow yes zero
    """.split()  # noqa: SIM905 - a list would take as many lines as there are words
)
TEN_WORDS = frozenset({"yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"})
UNKNOWN = "unknown"
_LONGEST_NAME = 1024
_OF_12 = (
    "of the 12 classes there are 11 here: ten words, and all clips of the 25 others as unknown; "
    "silence is cut from _background_noise_ and is no file of its own"
)
CITATION = (
    "Speech Commands v0.02 (Warden 2018, arXiv:1804.03209), with its official split by speaker; CC "
    "BY 4.0"
)


def find_speech_commands(root: Path, *, protocol: str = "35") -> Listing:
    """Label the clips of Speech Commands by their words.

    Parameters
    ----------
    root : Path
        The data folder.
    protocol : {"35", "12"}
        All words, or ten of them and all others as one.

    Returns
    -------
    Listing

    Raises
    ------
    DatasetError
        Where a list is not there or cannot be read, or names something else than clips.
    """
    part_of: dict[str, str] = {}
    for part, name in LISTS.items():
        path = need_list(root, [name], of="Speech Commands")
        for line in read_lines(path):
            key = _key(PurePath(line.strip()))
            if key is None:
                raise DatasetError(
                    f"{path}: {line!r} must be of the form <word>/<speaker>_nohash_<n>.wav"
                )
            part_of[key] = part
    below = (PurePath(path.relative_to(root)) for path in list_files(root).audio)
    keys = dict.fromkeys([*part_of, *filter(None, map(_key, below))])
    return gather(
        root,
        [_row(key, part_of.get(key, "train"), protocol) for key in keys],
        citation=CITATION,
        key=_key,
        notes=[_OF_12] if protocol == "12" else [],
    )


def _row(key: str, part: str, protocol: str) -> Row:
    word, _, name = key.partition("/")
    genre = word if protocol == "35" or word in TEN_WORDS else UNKNOWN
    return Row(key=key, genres=(genre,), artist=name.partition("_nohash_")[0], split=part)


def _key(path: PurePath) -> str | None:
    word = path.parent.name
    return f"{word}/{path.stem}" if word in WORDS and "_nohash_" in path.stem else None


def _is_speech_commands(root: Path) -> bool:
    paths = [find_list(root, [name]) for name in LISTS.values()]
    return all(path is not None and _names_a_clip(path) for path in paths)


def _names_a_clip(path: Path) -> bool:
    """Whether the first line of a list is a clip's name, or there is none."""
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST_NAME).decode("utf-8-sig", "replace").strip()
    except OSError:
        return False
    return not line or _key(PurePath(line)) is not None


SPEECH_COMMANDS = Layout(
    name="speech_commands",
    option="speech_commands",
    source="the words of Speech Commands' folders",
    advice="unpack Speech Commands into {root}: a folder for each word, and its two lists",
    find=find_speech_commands,
    applies=_is_speech_commands,
    citation=CITATION,
    choices={"protocol": ("35", "12")},
)
