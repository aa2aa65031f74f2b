"""Files that hold the same recording: what to say of each, and the number they share."""

from collections import defaultdict
from collections.abc import Sequence

from genre.dataset.doctor.sound import Finding
from genre.dataset.recordings import RecordingPair, group_pairs
from genre.dataset.tracks import Track
from genre.wording import listed

_NAMES_SHOWN = 3


def recording_groups(
    tracks: Sequence[Track], pairs: Sequence[RecordingPair], *, copies: Sequence[Sequence[Track]]
) -> dict[str, int]:
    """Assign a number to each recording that several files hold.

    Parameters
    ----------
    tracks : sequence of Track
        Each content once.
    pairs : sequence of RecordingPair
        What is the same as a pair's other side is the same as its own.
    copies : sequence of sequence of Track
        Files with the same bytes.

    Returns
    -------
    dict of str to int
        From the SHA-256 to the number, from 1, in the order of the tracks; a recording that one
        file alone holds has none.
    """
    group_of = {track_id: group[0] for group in group_pairs(pairs) for track_id in group}
    several = {same[0].sha256 for same in copies}
    numbers: dict[str, int] = {}
    contents: dict[str, int] = {}
    for track in tracks:
        if track.track_id in group_of or track.sha256 in several:
            name = group_of.get(track.track_id, track.track_id)
            contents[track.sha256] = numbers.setdefault(name, len(numbers) + 1)
    return contents


def same_findings(
    tracks: Sequence[Track], pairs: Sequence[RecordingPair], *, copies: Sequence[Sequence[Track]]
) -> dict[str, list[Finding]]:
    """Describe for each content what it is the same as.

    Parameters
    ----------
    tracks : sequence of Track
        Each content once.
    pairs : sequence of RecordingPair
        Tracks that sound the same though their bytes differ.
    copies : sequence of sequence of Track
        Files with the same bytes.

    Returns
    -------
    dict of str to list of Finding
        By SHA-256.
    """
    by_id = {track.track_id: track for track in tracks}
    others: defaultdict[str, list[tuple[Track, float]]] = defaultdict(list)
    for pair in pairs:
        others[pair.first].append((by_id[pair.second], pair.offset_seconds))
        others[pair.second].append((by_id[pair.first], pair.offset_seconds))
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for track_id, same in others.items():
        findings[by_id[track_id].sha256] += _same(by_id[track_id], same)
    for files in copies:
        findings[files[0].sha256].append(_copies(files))
    return dict(findings)


def _same(track: Track, others: Sequence[tuple[Track, float]]) -> list[Finding]:
    alike = [_named(*other) for other in others if other[0].genres == track.genres]
    found = []
    if unlike := [other for other in others if other[0].genres != track.genres]:
        names = [f"{_named(*other)}: {', '.join(other[0].genres)}" for other in unlike]
        message = (
            f"labelled {', '.join(track.genres)}, but the same recording has other labels as "
            f"{listed(names, limit=_NAMES_SHOWN, separator='; ')}"
        )
        found.append(Finding(kind="label_conflict", message=message))
    if alike:
        found.append(
            Finding(
                kind="same_recording",
                message=f"same recording as {listed(alike, limit=_NAMES_SHOWN)}",
            )
        )
    return found


def _named(track: Track, offset_seconds: float) -> str:
    shift = f"{abs(offset_seconds):.1f}"
    return track.track_id if shift == "0.0" else f"{track.track_id} ({shift} s off)"


def _copies(same: Sequence[Track]) -> Finding:
    names = listed([track.track_id for track in same], limit=_NAMES_SHOWN)
    message = f"same bytes: {names}"
    if len({track.genres for track in same}) > 1:
        genres = sorted({genre for track in same for genre in track.genres})
        message += f"; together labelled {', '.join(genres)}"
    return Finding(kind="copy", message=message)
