"""What `genre doctor` finds out about a folder."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas

from genre.audio.sound import SoundFacts
from genre.dataset.doctor.sound import Finding
from genre.dataset.faults import Fault
from genre.dataset.recordings import RecordingPair
from genre.dataset.tracks import Track


@dataclass(frozen=True, kw_only=True)
class ExaminedFile:
    """One file and everything found out about it.

    Parameters
    ----------
    name : str
        POSIX path below the folder, as the disk spells it.
    track : Track or None
        As the labels know the file, before copies become one track; None where it has no genre or
        could not be read.
    sha256 : str
        Empty where the file was never read.
    fault : Fault or None
        Why it cannot be used; its message names no folders.
    facts : SoundFacts or None
        What decoding told; None where there is a fault.
    findings : tuple of Finding
        What is odd about it.
    recording : int or None
        Number of the recording, from 1, where several files hold the same one.
    """

    name: str
    track: Track | None
    sha256: str
    fault: Fault | None = None
    facts: SoundFacts | None = None
    findings: tuple[Finding, ...] = ()
    recording: int | None = None


@dataclass(frozen=True, kw_only=True)
class Examination:
    """What was found in a folder.

    Parameters
    ----------
    root : Path
        The folder.
    layout : str
        How the genres were found.
    files : tuple of ExaminedFile
        All audio files, sorted by name.
    tracks : tuple of Track
        The usable recordings; files with the same bytes are one.
    genres : DataFrame of shape (n_genres, 5)
        Per genre: n_tracks, n_artists, hours, top_artist, top_artist_share in [0, 1].
    artists : DataFrame of shape (n_artists, 4)
        Per known artist, most tracks first: n_tracks, hours, genres, source.
    together : DataFrame of shape (n_pairs, 5)
        Genres on the same tracks, most tracks first: first, second, n_tracks, and the share in
        [0, 1] of the first's and of the second's tracks.
    pairs : tuple of RecordingPair
        Recordings that are the same, though their bytes differ.
    notes : tuple of str
        What reading the folder left out or merged.
    warnings : tuple of str
        What follows for training from the usable recordings, in plain words.
    """

    root: Path
    layout: str
    files: tuple[ExaminedFile, ...]
    tracks: tuple[Track, ...]
    genres: pandas.DataFrame
    artists: pandas.DataFrame
    together: pandas.DataFrame
    pairs: tuple[RecordingPair, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    @cached_property
    def bad(self) -> tuple[ExaminedFile, ...]:
        """The files that cannot be used."""
        return tuple(file for file in self.files if file.fault is not None)

    @cached_property
    def by_fault(self) -> dict[str, list[ExaminedFile]]:
        """The files that cannot be used, per kind of fault, the most frequent first."""
        found: defaultdict[str, list[ExaminedFile]] = defaultdict(list)
        for file in self.bad:
            if file.fault is not None:
                found[file.fault.kind].append(file)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    @cached_property
    def by_finding(self) -> dict[str, list[ExaminedFile]]:
        """The files in which each kind of oddity was found."""
        found: defaultdict[str, list[ExaminedFile]] = defaultdict(list)
        for file in self.files:
            for kind in dict.fromkeys(finding.kind for finding in file.findings):
                found[kind].append(file)
        return dict(found)

    @cached_property
    def recordings(self) -> dict[int, list[ExaminedFile]]:
        """The files that hold the same recording, by its number."""
        found: defaultdict[int, list[ExaminedFile]] = defaultdict(list)
        for file in self.files:
            if file.recording is not None:
                found[file.recording].append(file)
        return dict(sorted(found.items()))

    @cached_property
    def seconds(self) -> tuple[float, ...]:
        """Durations of the usable recordings, each once however many copies there are."""
        by_content = {file.sha256: file.facts for file in self.files if file.facts is not None}
        return tuple(facts.duration_seconds for facts in by_content.values())
