"""A split: which tracks are in which part, checked for leaks, on disk with its hash."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from genre.atomic import write_text
from genre.dataset.tracks import Track
from genre.errors import DatasetError
from genre.json_files import MAX_INDEX_MB, load_json

SplitBy = Literal["artist", "track"]
PARTS = ("train", "val", "test")


@dataclass(frozen=True, kw_only=True)
class Split:
    """Tracks to learn from, to choose on, and to be tested on.

    Parameters
    ----------
    train, val, test : tuple of str
        Track ids, sorted; no id is in two parts.
    by : {"artist", "track"}
        The unit that is in one part only.
    fold : int or None
        Which fold is tested, where there are folds.
    warnings : tuple of str
        What could not be had, in plain words; no part of the identity.
    """

    train: tuple[str, ...]
    val: tuple[str, ...]
    test: tuple[str, ...]
    by: SplitBy = "artist"
    fold: int | None = None
    warnings: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """16 hexadecimal digits that name the parts, whatever the order of the ids."""
        content = [self.by, self.fold, *(sorted(getattr(self, part)) for part in PARTS)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def check_leaks(tracks: Sequence[Track], split: Split) -> None:
    """Make sure that nothing to be tested on was learned from.

    Parameters
    ----------
    tracks : sequence of Track
        Every track of the split, and maybe others.
    split : Split
        What is to be checked.

    Raises
    ------
    DatasetError
        On a track, a recording (the same bytes, or the same sound) or, when split by artist, an
        artist in two parts; or on a track id that is not among the tracks.
    """
    known = {track.track_id: track for track in tracks}
    part_of: dict[tuple[str, str], str] = {}
    for part in PARTS:
        members: tuple[str, ...] = getattr(split, part)
        if len(set(members)) < len(members):
            raise DatasetError(f"the {part} part must list each track once")
        for track_id in members:
            if track_id not in known:
                raise DatasetError(
                    f"track_id={track_id!r} of the {part} part must be among the {len(known)} "
                    "tracks; was the data folder changed after the split?"
                )
            for kind, name in _marks(known[track_id], split.by):
                other = part_of.setdefault((kind, name), part)
                if other != part:
                    raise DatasetError(
                        f"{kind}={name!r} must be in one part only, is in {other} and {part}"
                    )


def _marks(track: Track, by: SplitBy) -> Iterator[tuple[str, str]]:
    """List everything of a track that may be in one part only."""
    yield "track", track.track_id
    yield "recording (sha256)", track.sha256
    if track.recording is not None:
        yield "recording (by its sound)", track.recording
    if by == "artist":
        yield "artist", track.artist


def save_split(split: Split, path: Path) -> None:
    """Write a split as JSON with its hash; the file is there in full or not at all.

    Parameters
    ----------
    split : Split
        What is to be kept.
    path : Path
        Its folder is made where it is missing.
    """
    content = {
        "by": split.by,
        "fold": split.fold,
        "hash": split.hash,
        "warnings": split.warnings,
        **{part: getattr(split, part) for part in PARTS},
    }
    write_text(path, json.dumps(content, indent=1) + "\n")


def load_split(path: Path) -> Split:
    """Read a split back; the inverse of `save_split`.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    DatasetError
        On a file that is missing, no split, or not what its hash says.
    """
    try:
        content = load_json(path, max_mb=MAX_INDEX_MB)
    except OSError as error:
        raise DatasetError(f"split={path} must be a readable file: {error.strerror}") from error
    except ValueError as error:
        raise DatasetError(f"split={path} must be JSON: {error}") from error
    split = _from_content(path, content)
    if split.hash != content["hash"]:
        raise DatasetError(
            f"split={path} must have the hash {content['hash']}, has {split.hash}: it was changed "
            "after it was made"
        )
    return split


def _from_content(path: Path, content: Any) -> Split:  # noqa: ANN401 - any JSON
    keys = (*PARTS, "by", "fold", "hash", "warnings")
    if not isinstance(content, Mapping) or set(content) != set(keys):
        raise DatasetError(f"split={path} must be an object with the keys {', '.join(keys)}")
    lists = {key: content[key] for key in (*PARTS, "warnings")}
    if not all(
        isinstance(items, list) and all(isinstance(item, str) for item in items)
        for items in lists.values()
    ):
        raise DatasetError(f"split={path} must hold lists of track ids under {', '.join(PARTS)}")
    if content["by"] not in ("artist", "track"):
        raise DatasetError(f"by={content['by']!r} must be one of: artist, track ({path})")
    parts = {key: tuple(items) for key, items in lists.items()}
    return Split(by=content["by"], fold=content["fold"], **parts)
