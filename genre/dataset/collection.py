"""The front door of a folder of music: its tracks, what is wrong with it, and their spectrograms.

`open_folder` does it all. Whoever has something to check in between takes its three steps one by
one: `read_folder` finds and hashes the files, `decode_tracks` computes the spectrograms that are
missing and leaves out what cannot be decoded, `mark_duplicates` looks for the same recordings.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from genre.addresses import Place, place
from genre.audio.frontend import FrontEndConfig
from genre.dataset.content_index import CONTENTS_NAME, ContentIndex
from genre.dataset.features import FeatureStore
from genre.dataset.layouts import AUTO, Scan, scan
from genre.dataset.music import Duplicates, Music
from genre.dataset.places import check_cache, local_folder, refuse_inside
from genre.dataset.recordings import mark_recordings, same_recordings
from genre.dataset.sampled import KeptFrames, SampledFrontEnd
from genre.errors import DatasetError
from genre.execution import ExecutionConfig
from genre.plugins import load_plugins


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A folder whose files have been found and hashed, and no more.

    Parameters
    ----------
    found : Scan
        What lies in it.
    cache : Path or Address
        Folder of the computed spectrograms.
    index : ContentIndex
        The hashes of its files, kept in the cache.
    """

    found: Scan
    cache: Place
    index: ContentIndex


def open_folder(
    root: Place | str,
    *,
    cache: Place | str = Path("data/cache"),
    labels: str = AUTO,
    execution: ExecutionConfig | None = None,
    front_end: FrontEndConfig | None = None,
    find_duplicates: bool = True,
    may_lack_tracks: bool = False,
    progress: bool = True,
) -> Music:
    """Find the tracks of a folder, decode what is new, and look for faults and duplicates.

    The folder stays as it is. What was computed once is in the cache, so that a second call takes
    moments, and so do training and ``genre doctor`` with the same cache.

    Parameters
    ----------
    root : Path, Address or str
        A folder per genre, any folder with a labels.csv or with tagged files, or a manifest.
    cache : Path, Address or str
        Folder of the computed spectrograms; can be shared between folders, and deleted.
    labels : str
        Where the genres come from: ``csv``, ``folders``, ``tags``, the option of another layout
        such as ``fma:small``, or ``auto``, which takes labels.csv where there is one, else a
        published collection that it knows, else the folders.
    execution : ExecutionConfig, optional
        How many processes decode, and how long and how large each may grow; the default way if
        None.
    front_end : FrontEndConfig, optional
        How the spectrograms are computed; the default way if None.
    find_duplicates : bool
        Whether to look for recordings that sound the same.
    may_lack_tracks : bool
        Whether files of which none can be used are an answer too, not an error.
    progress : bool
        Whether to draw bars on the terminal.

    Returns
    -------
    Music

    Raises
    ------
    ConfigError
        On labels that no layout has, and a cache inside the folder.
    DatasetError
        Where there is no such folder, its labels.csv cannot be used, or it has no usable track.

    Examples
    --------
    Two artists, one of whom a second file repeats, and a file that is no music:

    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy
    >>> import soundfile
    >>> from genre.dataset import open_folder
    >>> from genre.execution import ExecutionConfig
    >>> rng = numpy.random.default_rng(0)
    >>> one, two = 0.1 * rng.standard_normal((2, 2 * 22050))
    >>> sounds = {"jazz/Ann - One": one, "rock/Ann - Copy": one[1000:], "rock/Bob - Two": two}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, samples in sounds.items():
    ...         path = Path(folder, "music", f"{name}.wav")
    ...         path.parent.mkdir(parents=True, exist_ok=True)
    ...         soundfile.write(path, samples, 22050)
    ...     _ = Path(folder, "music", "rock", "page.mp3").write_text("<html>")
    ...     music = open_folder(
    ...         f"{folder}/music",
    ...         cache=f"{folder}/cache",
    ...         execution=ExecutionConfig(n_workers=1),
    ...         progress=False,
    ...     )
    ...     table = music.table
    >>> music.genres
    {'jazz': 1, 'rock': 2}
    >>> [(fault.path.name, fault.kind) for fault in music.faults]
    [('page.mp3', 'not_audio')]
    >>> music.duplicates.groups
    (('jazz/Ann - One.wav', 'rock/Ann - Copy.wav'),)
    >>> print(table[["track_id", "artist", "duration_seconds"]].round(2).to_string(index=False))
               track_id artist  duration_seconds
     jazz/Ann - One.wav    Ann              2.00
    rock/Ann - Copy.wav    Ann              1.95
     rock/Bob - Two.wav    Bob              2.00
    """
    refuse_inside([place(root)], cache=place(cache))
    load_plugins()
    reading = read_folder(
        root, cache=cache, labels=labels, may_lack_tracks=may_lack_tracks, progress=progress
    )
    music = decode_tracks(reading, front_end=front_end, execution=execution, progress=progress)
    if not music.tracks and not may_lack_tracks:
        first = music.faults[0]
        raise DatasetError(
            f"data={root} must hold a file that can be decoded: all {len(music.faults)} are bad, "
            f"the first one: {first.message}"
        )
    return mark_duplicates(music, progress=progress) if find_duplicates else music


def read_folder(
    root: Place | str,
    *,
    cache: Place | str,
    labels: str = AUTO,
    may_lack_tracks: bool = False,
    progress: bool = False,
) -> Reading:
    """Find and hash the files of a folder; the first step of `open_folder`.

    Parameters
    ----------
    root : Path, Address or str
        The folder, or the manifest.
    cache : Path, Address or str
        Folder of the computed spectrograms; the hashes of the files are kept there too.
    labels : str
        Where the genres come from, as in `open_folder`.
    may_lack_tracks : bool
        Whether files of which none can be used are an answer too, not an error.
    progress : bool
        Whether to draw a bar.

    Returns
    -------
    Reading

    Raises
    ------
    ConfigError
        Where the cache cannot be made.
    GenreError
        As `genre.dataset.layouts.scan`.
    """
    root, cache = place(root), place(cache)
    check_cache(cache)
    index = ContentIndex(local_folder(cache) / CONTENTS_NAME)
    found = scan(
        root, labels=labels, progress=progress, may_lack_tracks=may_lack_tracks, index=index
    )
    return Reading(found=found, cache=cache, index=index)


def decode_tracks(
    reading: Reading,
    *,
    front_end: KeptFrames | None = None,
    execution: ExecutionConfig | None = None,
    progress: bool = False,
) -> Music:
    """Compute the spectrograms that are missing; the second step of `open_folder`.

    Parameters
    ----------
    reading : Reading
        From `read_folder`.
    front_end : FrontEndConfig or SampledFrontEnd, optional
        How the spectrograms are computed, and what of them is kept; all, the default way, if None.
    execution : ExecutionConfig, optional
        How many processes decode; the default way if None.
    progress : bool
        Whether to draw a bar.

    Returns
    -------
    Music
        Without the search for recordings that sound the same; maybe without a single track.
    """
    store = FeatureStore(reading.cache, front_end)
    found = reading.found
    filled = store.fill(found.tracks, execution=execution, progress=progress, index=reading.index)
    bad = {fault.path for fault in filled.faults}
    return Music(
        tracks=tuple(track for track in found.tracks if track.path not in bad),
        duplicates=Duplicates(pairs=(), groups=(), copies=found.copies),
        store=store,
        found=found,
        filled=filled,
    )


def mark_duplicates(music: Music, *, progress: bool = False) -> Music:
    """Look for tracks that sound the same; the third step of `open_folder`.

    Parameters
    ----------
    music : Music
        From `decode_tracks`; where windows alone were kept, which lie elsewhere in a copy that was
        trimmed, none are looked for.
    progress : bool
        Whether to draw bars.

    Returns
    -------
    Music
        With `duplicates`, and with each track's `recording`.
    """
    if isinstance(music.store.kept, SampledFrontEnd):
        return music
    same = same_recordings(music.tracks, music.store, progress=progress and bool(music.tracks))
    return replace(
        music,
        tracks=mark_recordings(music.tracks, same.groups),
        duplicates=replace(music.duplicates, pairs=same.pairs, groups=same.groups),
    )
