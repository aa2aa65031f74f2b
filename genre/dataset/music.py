"""A folder of music that has been read and decoded: tracks, faults, duplicates, and a table."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from genre.addresses import Place
from genre.audio.decoder import FLAG_SILENT
from genre.dataset.faults import Fault
from genre.dataset.features import FeatureStore
from genre.dataset.filling import FillReport
from genre.dataset.layouts import Scan
from genre.dataset.recordings import SameRecordings, describe_recordings
from genre.dataset.tracks import Track
from genre.extras import explained
from genre.wording import counted, shown

if TYPE_CHECKING:
    import pandas

COLUMNS = (
    "track_id",
    "path",
    "genres",
    "artist",
    "artist_source",
    "duration_seconds",
    "sample_rate",
    "n_channels",
    "flags",
    "split",
    "fold",
    "sha256",
    "recording",
)


@dataclass(frozen=True, kw_only=True)
class Duplicates(SameRecordings):
    """What occurs more than once.

    Parameters
    ----------
    pairs : tuple of RecordingPair
        Tracks that sound the same though their bytes differ; sorted by their ids.
    groups : tuple of tuple of str
        Ids of the tracks that pairs connect; each group and the groups are sorted.
    copies : tuple of tuple of Track
        Files with the same bytes, two or more together, each as it was before they became one
        track.
    """

    copies: tuple[tuple[Track, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Music:
    """A folder of music, ready to be looked at, trained on and tagged.

    Parameters
    ----------
    tracks : tuple of Track
        The usable recordings, sorted by track_id; files with the same bytes are one, and those
        that sound the same carry the same `recording`.
    duplicates : Duplicates
        What occurs more than once.
    store : FeatureStore
        Their spectrograms on disk.
    found : Scan
        The folder as it was read, the tracks that could not be decoded still among the others.
    filled : FillReport
        What decoding told.
    """

    tracks: tuple[Track, ...]
    duplicates: Duplicates
    store: FeatureStore
    found: Scan = field(repr=False)
    filled: FillReport = field(repr=False)

    def __repr__(self) -> str:
        """Return the folder, and how much is in it."""
        return (
            f"Music({shown(self.root)!r}, {counted(len(self.tracks), 'track')}, "
            f"{counted(len(self.genres), 'genre')}, {counted(len(self.faults), 'bad file')})"
        )

    @property
    def root(self) -> Place:
        """The folder, or the manifest."""
        return self.found.root

    @property
    def layout(self) -> str:
        """How the genres were found, a key of `genre.dataset.layouts.LAYOUTS`."""
        return self.found.layout

    @cached_property
    def genres(self) -> dict[str, int]:
        """The genres in order of their names, and how many tracks each has."""
        return dict(sorted(Counter(name for track in self.tracks for name in track.genres).items()))

    @cached_property
    def audible(self) -> tuple[Track, ...]:
        """The tracks that a genre can be learned from: silence has none."""
        silent = {odd.sha256 for odd in self.filled.warnings if odd.kind == FLAG_SILENT}
        return tuple(track for track in self.tracks if track.sha256 not in silent)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The files that cannot be used, and why."""
        return (*self.found.problems, *self.filled.faults)

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading the folder left out or merged, in plain words."""
        return self.found.notes

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd about files that are used, and which sound the same, in plain words."""
        return (
            *(f"{fault.path}: {fault.message}" for fault in self.filled.warnings),
            *describe_recordings(self.tracks, self.duplicates),
        )

    @cached_property
    def table(self) -> "pandas.DataFrame":
        """A row per usable track: a DataFrame of shape (n_tracks, 13).

        Durations are in seconds and sample rates in Hz, both of the file; genres and flags
        (``partial``, ``truncated``, ``silent``, ``opposed``) are joined by ``|``; split, fold and
        recording are missing where a track has none.
        """
        with explained():
            import pandas  # a second to load, which training and tagging can spare

        table = pandas.DataFrame([self._row(track) for track in self.tracks], columns=COLUMNS)
        return table.astype({"fold": "Int64"})

    def _row(self, track: Track) -> tuple[object, ...]:
        facts = self.store.facts(track)
        return (
            track.track_id,
            str(track.path),
            "|".join(track.genres),
            track.artist,
            track.artist_source,
            facts.duration_seconds,
            facts.sample_rate,
            facts.n_channels,
            "|".join(facts.flags),
            track.split,
            track.fold,
            track.sha256,
            track.recording,
        )
