"""`genre doctor FILE`: one audio file, without the folder that it lies in."""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from genre.cli.tag_output import name_of
from genre.cli.terminal import put
from genre.dataset.content_index import CONTENTS_NAME, ContentIndex
from genre.dataset.doctor.sound import seconds_text, sound_findings, steep_cutoff_hz
from genre.dataset.features import FeatureStore
from genre.dataset.layouts.artist_guesses import artist_from_name
from genre.dataset.layouts.tags import read_tags
from genre.dataset.tracks import Track
from genre.dataset.unlabelled import read_unlabelled
from genre.execution import ExecutionConfig
from genre.wording import printable


def examine_file(path: Path, store: FeatureStore, execution: ExecutionConfig) -> int:
    """Print whether a file can be used, what it is, and what is odd about it.

    Parameters
    ----------
    path : Path
        The file; it stays as it is.
    store : FeatureStore
        Keeps its spectrogram, which training then finds.
    execution : ExecutionConfig
        The limits of the worker that decodes it.

    Returns
    -------
    int
        0: it was examined, whatever was found.
    """
    index = ContentIndex(store.cache / CONTENTS_NAME)
    tracks, unread = read_unlabelled({path: path.name}, index)
    faults = [*unread, *store.fill(tracks, execution=execution, index=index).faults]
    for fault in faults:
        reason = fault.message.removeprefix(f"{path} ")
        put(f"{name_of(path)}: cannot be used ({fault.kind}): {printable(reason)}\n")
    if not faults:
        put(f"{name_of(path)}: can be used\n")
        put("".join(f"{line}\n" for line in _lines(tracks[0], path, store)))
    return 0


def _lines(track: Track, path: Path, store: FeatureStore) -> Iterator[str]:
    facts, tags = store.facts(track), read_tags(path)
    peak = f"{20 * math.log10(facts.peak):.1f} dBFS" if facts.peak > 0 else "none"
    channels = {1: "mono", 2: "stereo"}.get(facts.n_channels, f"{facts.n_channels} channels")
    artist = artist_from_name(path)
    rows = {
        "sound": f"{facts.container}, {facts.sample_rate:,} Hz, {channels}",
        "length": seconds_text(facts.duration_seconds),
        "peak": peak,
        "genres": ", ".join(tags.spellings) or tags.no_genre.removeprefix("has "),
        "artist": tags.artist or (f"{artist} (from its name)" if artist else "unknown"),
    }
    width = max(map(len, rows))
    yield from (f"  {title:{width}}  {printable(told)}" for title, told in rows.items())
    findings = sound_findings(
        facts,
        sample_rates=Counter([facts.sample_rate]),
        cutoff_hz=steep_cutoff_hz(store.load(track), store.config.mel),
    )
    yield from (f"  odd: {printable(finding.message)}" for finding in findings)
    if not findings:
        yield "  nothing is odd about it"
