"""Make the sample dataset in a folder: once, in parallel, without touching anybody else's files.

`sample.json` in the folder says what was made from which configuration. While it says that the
dataset is not finished, another call makes it again; files that it does not list are not ours.
"""

import csv
import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from genre.atomic import write_text
from genre.config import fingerprint, to_mapping
from genre.errors import DatasetError
from genre.execution import ExecutionConfig, run_units
from genre.execution.bars import Bar
from genre.hashing import hash_file
from genre.json_files import MAX_INDEX_MB, load_json
from genre.sample.planning import SampleConfig, TrackPlan, plan_tracks
from genre.sample.rendering import render_track
from genre.sample.writing import write_track

MARKER, _LABELS = "sample.json", "labels.csv"
# Goes up whenever the same configuration gives other music.
_RECIPE = 2


@dataclass(frozen=True, kw_only=True)
class SampleSummary:
    """What lies in the folder of a sample dataset.

    Parameters
    ----------
    root : Path
        The folder.
    n_tracks, n_artists, n_two_genres : int
        Tracks, artists, and tracks with two genres.
    total_seconds : float
        Length of all tracks together.
    n_written : int
        Tracks made by this call; 0 where the dataset was there already.
    """

    root: Path
    n_tracks: int
    n_artists: int
    n_two_genres: int
    total_seconds: float
    n_written: int

    def __str__(self) -> str:
        done = f"made {self.n_written} tracks" if self.n_written else "it was there already"
        return (
            f"{self.n_tracks} tracks of {self.n_artists} invented artists, {self.n_two_genres} "
            f"tracks in two genres, {self.total_seconds / 60:.0f} minutes in all: {done}\n"
            f"sample dataset: {self.root}"
        )


@dataclass(frozen=True)
class _Unit:
    root: Path
    plan: TrackPlan


def make_sample_dataset(
    root: Path,
    config: SampleConfig | None = None,
    *,
    n_workers: int = 0,
    progress: bool = False,
) -> SampleSummary:
    """Make the sample dataset, unless the folder holds this very one already.

    Parameters
    ----------
    root : Path
        Made where absent. A sample dataset of another configuration in it is replaced; other files
        stay as they are.
    config : SampleConfig, optional
        By default, the dataset of the demo.
    n_workers : int, at least 0
        Processes; 0 for one per core.
    progress : bool
        Show a bar.

    Returns
    -------
    SampleSummary

    Raises
    ------
    DatasetError
        Where a file that is not ours is in the way.
    """
    config = config or SampleConfig()
    plans = plan_tracks(config)
    marker = _read_marker(root)
    wanted = {"config": to_mapping(config), "fingerprint": fingerprint(config), "recipe": _RECIPE}
    if _is_complete(root, marker, wanted):
        return _summary(root, plans, n_written=0)
    _refuse_foreign_files(root, plans, ours=set(marker.get("files", {})))
    _remove_former(root, marker)
    _make_all(root, plans, wanted, n_workers=n_workers, progress=progress)
    return _summary(root, plans, n_written=len(plans))


def is_made_here(root: Path, sha256: str) -> bool:
    """Check whether a recording in a folder is one that this project made, by its own bytes.

    Parameters
    ----------
    root : Path
        The folder.
    sha256 : str
        Of the recording.

    Raises
    ------
    DatasetError
        Where the folder's marker is damaged.
    """
    return sha256 in _read_marker(root).get("files", {}).values()


def _make_all(
    root: Path,
    plans: tuple[TrackPlan, ...],
    wanted: dict[str, Any],
    *,
    n_workers: int,
    progress: bool,
) -> None:
    planned = dict.fromkeys((plan.relative_path for plan in plans), "")
    _write_marker(root, wanted | {"finished": False, "files": planned})
    digests = _make_tracks(root, plans, n_workers=n_workers, progress=progress)
    write_text(root / _LABELS, _labels(plans))
    _write_marker(root, wanted | {"finished": True, "files": digests})


def _make_tracks(
    root: Path, plans: tuple[TrackPlan, ...], *, n_workers: int, progress: bool
) -> dict[str, str]:
    units = [_Unit(root, plan) for plan in plans]
    outcomes = run_units(_make_track, units, config=ExecutionConfig(n_workers=n_workers))
    digests = {}
    for outcome in Bar(
        outcomes, total=len(units), desc="making", unit="track", disable=not progress
    ):
        if outcome.error is not None:
            raise outcome.error
        digests[outcome.unit.plan.relative_path] = outcome.result or ""
    return digests


def _make_track(unit: _Unit) -> str:
    path = unit.root / unit.plan.relative_path
    write_track(
        path,
        render_track(unit.plan),
        sample_rate=unit.plan.sample_rate,
        artist=unit.plan.artist.name,
        title=unit.plan.title,
        genres=unit.plan.genres,
    )
    return hash_file(path)


def _read_marker(root: Path) -> dict[str, Any]:
    path = root / MARKER
    if root.exists() and not root.is_dir():
        raise DatasetError(f"root={str(root)!r} must be a folder, but it is a file")
    if not path.exists():
        return {}
    try:
        marker = load_json(path, max_mb=MAX_INDEX_MB)
    except ValueError as error:
        raise DatasetError(
            f"{path} must be JSON: {error}; move it away to make the dataset anew"
        ) from error
    if not isinstance(marker, dict) or not isinstance(marker.get("files"), dict):
        raise DatasetError(f"{path} must be written by this program; move it away first")
    return marker


def _write_marker(root: Path, marker: dict[str, Any]) -> None:
    write_text(root / MARKER, json.dumps(marker, indent=1, sort_keys=True) + "\n")


def _is_complete(root: Path, marker: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return (
        bool(marker.get("finished"))
        and all(marker.get(key) == value for key, value in wanted.items())
        and (root / _LABELS).is_file()
        and all((root / name).is_file() for name in marker["files"])
    )


def _refuse_foreign_files(root: Path, plans: tuple[TrackPlan, ...], *, ours: set[str]) -> None:
    planned = [plan.relative_path for plan in plans if plan.relative_path not in ours]
    for name in [*planned, *([] if ours else [_LABELS])]:
        if (root / name).exists():
            raise DatasetError(
                f"root={str(root)!r} must be empty or hold a sample dataset, but {name} is there "
                "and is not part of one; choose another folder"
            )


def _remove_former(root: Path, marker: dict[str, Any]) -> None:
    # Only what an earlier call wrote and nobody changed since.
    for name, digest in marker.get("files", {}).items():
        path = root / name
        if digest and path.is_file() and hash_file(path) == digest:
            path.unlink()


def _labels(plans: tuple[TrackPlan, ...]) -> str:
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("path", "genres", "artist"))
    for plan in plans:
        table.writerow((plan.relative_path, "|".join(plan.genres), plan.artist.name))
    return text.getvalue()


def _summary(root: Path, plans: tuple[TrackPlan, ...], *, n_written: int) -> SampleSummary:
    return SampleSummary(
        root=root,
        n_tracks=len(plans),
        n_artists=len({plan.artist.name for plan in plans}),
        n_two_genres=sum(len(plan.genres) == 2 for plan in plans),
        total_seconds=sum(plan.duration_seconds for plan in plans),
        n_written=n_written,
    )
