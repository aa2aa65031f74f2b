"""Look at a user's whole folder before anyone trains on it; the folder stays as it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from genre.audio.sound import SoundFacts
from genre.dataset.doctor.diagnosis import diagnose
from genre.dataset.doctor.examination import Examination, ExaminedFile
from genre.dataset.doctor.sameness import recording_groups, same_findings
from genre.dataset.doctor.sound import Finding, sound_findings, steep_cutoff_hz
from genre.dataset.doctor.tables import artist_table, genre_table, together_table
from genre.dataset.faults import Fault
from genre.dataset.features import FeatureStore
from genre.dataset.layouts import Scan
from genre.dataset.recordings import RecordingPair
from genre.dataset.tracks import Track
from genre.wording import shown


def examine(
    found: Scan,
    store: FeatureStore,
    faults: Sequence[Fault],
    *,
    pairs: Sequence[RecordingPair] = (),
    progress: bool = False,
) -> Examination:
    """Put together everything that is known of a folder's files. Changes nothing.

    Parameters
    ----------
    found : Scan
        The folder.
    store : FeatureStore
        Filled with the folder's tracks.
    faults : sequence of Fault
        Tracks that filling could not decode.
    pairs : sequence of RecordingPair
        Recordings that are the same, though their bytes differ.
    progress : bool
        Draw a bar.

    Raises
    ------
    DatasetError
        Where the store lacks a track that has no fault.
    """
    broken = {fault.sha256: fault for fault in faults}
    tracks = tuple(track for track in found.tracks if track.sha256 not in broken)
    facts = {track.sha256: store.facts(track) for track in tracks}
    seconds = {content: known.duration_seconds for content, known in facts.items()}
    files = [
        *_readable(found, facts, broken),
        *(_unread(found.root, fault) for fault in found.problems),
    ]
    findings = _findings(found, tracks, facts, pairs, store=store, progress=progress)
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
        tracks=tracks,
        genres=genre_table(tracks, seconds),
        artists=artist_table(tracks, seconds),
        together=together_table(tracks),
        pairs=tuple(pairs),
        notes=found.notes,
        warnings=diagnose(tracks, []).warnings,
    )


def _readable(
    found: Scan, facts: Mapping[str, SoundFacts], broken: Mapping[str, Fault]
) -> list[ExaminedFile]:
    copies = {same[0].sha256: same for same in found.copies}
    return [
        ExaminedFile(
            name=member.path.relative_to(found.root).as_posix(),
            # of one recording the best known artist holds for all copies
            track=replace(member, artist=track.artist, artist_source=track.artist_source),
            sha256=track.sha256,
            fault=_brief(broken.get(track.sha256), member.path),
            facts=facts.get(track.sha256),
        )
        for track in found.tracks
        for member in copies.get(track.sha256, (track,))
    ]


def _unread(root: Path, fault: Fault) -> ExaminedFile:
    return ExaminedFile(
        name=fault.path.relative_to(root).as_posix(),
        track=None,
        sha256=fault.sha256,
        fault=_brief(fault, fault.path),
    )


def _brief(fault: Fault | None, path: Path) -> Fault | None:
    """Leave out the folders, which the file's name in the table says already."""
    if fault is None:
        return None
    whole = shown(fault.path)
    message = fault.message.removeprefix(f"{whole} ").replace(whole, shown(Path(path.name)))
    return replace(fault, path=path, message=message)


def _findings(
    found: Scan,
    tracks: Sequence[Track],
    facts: Mapping[str, SoundFacts],
    pairs: Sequence[RecordingPair],
    *,
    store: FeatureStore,
    progress: bool,
) -> dict[str, list[Finding]]:
    rates = Counter(known.sample_rate for known in facts.values())
    findings = same_findings(found.tracks, pairs, copies=found.copies)
    hidden = not (progress and tracks)
    for track in tqdm(tracks, desc="examining", unit="track", disable=hidden):
        cutoff = steep_cutoff_hz(store.load(track), store.config.mel)
        findings[track.sha256] = [
            *findings.get(track.sha256, ()),
            *_artist_findings(track),
            *sound_findings(facts[track.sha256], sample_rates=rates, cutoff_hz=cutoff),
        ]
    return findings


def _artist_findings(track: Track) -> list[Finding]:
    if track.artist_source != "track":
        return []
    message = "no artist in labels.csv, in its tags or in its name"
    return [Finding(kind="unknown_artist", message=message)]
