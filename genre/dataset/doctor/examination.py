"""What `genre doctor` finds out about a folder, which stays as it is."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from genre.addresses import Place
from genre.audio.sound import SoundFacts
from genre.dataset.doctor.artists import ArtistRow, artist_table
from genre.dataset.doctor.copies import recording_groups, same_findings
from genre.dataset.doctor.diagnosis import (
    GenreRow,
    PairRow,
    genre_table,
    together_table,
)
from genre.dataset.doctor.sound import Finding, sound_findings, steep_cutoff_hz
from genre.dataset.faults import Fault
from genre.dataset.layouts import Scan
from genre.dataset.music import Music
from genre.dataset.recordings import RecordingPair
from genre.dataset.tracks import Track, with_names
from genre.execution.bars import Bar
from genre.taxonomy import display_names
from genre.wording import shown


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
    root : Path or Address
        The folder.
    layout : str
        How the genres were found.
    files : tuple of ExaminedFile
        All audio files, sorted by name.
    tracks : tuple of Track
        The usable recordings, but for silent ones; files with the same bytes are one. Their genres,
        and those of the tables, are written as their owner does.
    genres : tuple of GenreRow
        By name; ``pandas.DataFrame`` makes a data frame of these and the next two.
    artists : tuple of ArtistRow
        The known ones, most tracks first.
    together : tuple of PairRow
        Genres on the same tracks, most tracks first.
    pairs : tuple of RecordingPair
        Recordings that are the same, though their bytes differ.
    notes : tuple of str
        What reading the folder left out or merged.
    doubts : tuple of str
        Why the folders may be no genres, in plain words.
    names : mapping of str to str
        How the genres of files are written for people.
    """

    root: Place
    layout: str
    files: tuple[ExaminedFile, ...]
    tracks: tuple[Track, ...]
    genres: tuple[GenreRow, ...]
    artists: tuple[ArtistRow, ...]
    together: tuple[PairRow, ...]
    pairs: tuple[RecordingPair, ...]
    notes: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

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


def examine(music: Music, *, progress: bool = False) -> Examination:
    """Put together everything that is known of a folder's files. Changes nothing.

    Parameters
    ----------
    music : Music
        The folder, read and decoded, as `genre.dataset.open_folder` returns it.
    progress : bool
        Whether to draw a bar.

    Raises
    ------
    DatasetError
        Where the store lacks a usable track.
    """
    found, pairs = music.found, music.duplicates.pairs
    audible = with_names(music.audible, found.display_names)
    facts = {track.sha256: music.store.facts(track) for track in music.tracks}
    seconds = {content: known.duration_seconds for content, known in facts.items()}
    broken = {fault.sha256: fault for fault in music.filled.faults}
    files = [
        *_readable(found, facts, broken),
        *(_unread(found, fault) for fault in found.problems),
    ]
    findings = _findings(music, facts, progress=progress)
    numbers = recording_groups(found.tracks, pairs, copies=found.copies)
    return Examination(
        root=found.root,
        layout=found.layout,
        files=tuple(
            replace(
                file,
                findings=tuple(findings.get(file.sha256, ())),
                recording=numbers.get(file.sha256),
            )
            for file in sorted(files, key=lambda file: file.name)
        ),
        tracks=audible,
        genres=genre_table(audible, seconds),
        artists=artist_table(audible, seconds),
        together=together_table(audible),
        pairs=pairs,
        notes=music.notes,
        doubts=found.doubts,
        names=display_names(
            {genre for track in found.tracks for genre in track.genres}, found.display_names
        ),
    )


def _readable(
    found: Scan, facts: Mapping[str, SoundFacts], broken: Mapping[str, Fault]
) -> list[ExaminedFile]:
    copies = {same[0].sha256: same for same in found.copies}
    return [
        ExaminedFile(
            name=found.name_of(member.path),
            # of one recording the best known artist holds for all copies
            track=replace(member, artist=track.artist, artist_source=track.artist_source),
            sha256=track.sha256,
            fault=_brief(broken.get(track.sha256), member.path),
            facts=facts.get(track.sha256),
        )
        for track in found.tracks
        for member in copies.get(track.sha256, (track,))
    ]


def _unread(found: Scan, fault: Fault) -> ExaminedFile:
    return ExaminedFile(
        name=found.name_of(fault.path),
        track=None,
        sha256=fault.sha256,
        fault=_brief(fault, fault.path),
    )


def _brief(fault: Fault | None, path: Place) -> Fault | None:
    """Leave out the folders, which the file's name in the table says already."""
    if fault is None:
        return None
    whole = shown(fault.path)
    message = fault.message.removeprefix(f"{whole} ").replace(whole, shown(Path(path.name)))
    return replace(fault, path=path, message=message)


def _findings(
    music: Music, facts: Mapping[str, SoundFacts], *, progress: bool
) -> dict[str, list[Finding]]:
    rates = Counter(known.sample_rate for known in facts.values())
    spelled = music.found.display_names
    findings = same_findings(
        with_names(music.found.tracks, spelled),
        music.duplicates.pairs,
        copies=[with_names(same, spelled) for same in music.duplicates.copies],
    )
    hidden = not (progress and music.tracks)
    for track in Bar(music.tracks, desc="examining", unit="track", disable=hidden):
        cutoff = steep_cutoff_hz(music.store.load(track), music.store.config.mel)
        findings[track.sha256] = [
            *findings.get(track.sha256, ()),
            *_artist_findings(track),
            *sound_findings(facts[track.sha256], sample_rates=rates, cutoff_hz=cutoff),
        ]
    return findings


def _artist_findings(track: Track) -> list[Finding]:
    if track.artist_source != "track":
        return []
    message = "no artist in labels.csv, in its tags, in its name or in its folders"
    return [Finding(kind="unknown_artist", message=message)]
