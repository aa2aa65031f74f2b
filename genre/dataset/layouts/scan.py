"""From a folder to tracks: choose the layout, hash the files, find the artists, merge copies."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from genre.addresses import Address, Place
from genre.dataset.content_index import ContentIndex
from genre.dataset.duplicates import describe_copies, group_copies, merge_same_content
from genre.dataset.faults import Fault
from genre.dataset.layouts.artist_guesses import guess_artists
from genre.dataset.layouts.artist_names import known_artist
from genre.dataset.layouts.artists import unify_artists
from genre.dataset.layouts.doubts import artist_doubts, sibling_hint
from genre.dataset.layouts.entries import Entry, Layout, Listing
from genre.dataset.layouts.manifest import MANIFEST
from genre.dataset.layouts.registry import AUTO, choose_layout
from genre.dataset.layouts.tags import read_tags
from genre.dataset.manifest import is_manifest
from genre.dataset.tracks import ArtistSource, Track
from genre.dataset.unlabelled import N_READERS, content_of
from genre.errors import AddressError, ConfigError, DatasetError
from genre.execution.bars import Bar
from genre.taxonomy import usual_spellings
from genre.wording import counted

_Guesses = Mapping[str, tuple[str, ArtistSource]]


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What lies in a data folder.

    Parameters
    ----------
    root : Path or Address
        The folder, or the manifest.
    layout : str
        ``manifest``, or a key of `genre.dataset.layouts.LAYOUTS`: how the genres were found.
    labels : str
        The option that finds them so again, with what was chosen: ``fma:small``.
    tracks : tuple of Track
        Sorted by track_id; files with the same bytes are one track.
    problems : tuple of Fault
        Audio files that cannot be used: no genre, empty, unreadable.
    notes : tuple of str
        What was left out or merged, in plain words.
    copies : tuple of tuple of Track
        Files with the same bytes, two or more together, each as it was before they became one
        track; sorted by track_id.
    doubts : tuple of str
        Why the folders may be no genres, in plain words: `genre train` stops, unless it is told
        that they are.
    display_names : mapping of str to str
        How the labels spell each genre most often.
    """

    root: Place
    layout: str
    labels: str = AUTO
    tracks: tuple[Track, ...]
    problems: tuple[Fault, ...]
    notes: tuple[str, ...] = ()
    copies: tuple[tuple[Track, ...], ...] = ()
    doubts: tuple[str, ...] = ()
    display_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def n_files(self) -> int:
        """How many files there are, the bad ones too; files with the same bytes are one."""
        return len(self.tracks) + len(self.problems)

    def name_of(self, path: Place) -> str:
        """Name a file for people, as short as can be.

        Parameters
        ----------
        path : Path or Address
            Of a track or a fault.

        Returns
        -------
        str
            From the folder on, or from that of the manifest; as it is where it lies elsewhere.
        """
        top = self.root.parent if self.layout == MANIFEST.name else self.root
        if isinstance(path, Address) or isinstance(top, Address):
            return str(path).removeprefix(f"{top}/")
        return (path.relative_to(top) if path.is_relative_to(top) else path).as_posix()


def scan(
    root: Place,
    *,
    labels: str = AUTO,
    progress: bool = False,
    may_lack_tracks: bool = False,
    index: ContentIndex | None = None,
) -> Scan:
    """Find the tracks in a data folder.

    Parameters
    ----------
    root : Path or Address
        The data folder, or a manifest.
    labels : str
        Where the genres come from: the option of a layout (``csv``, ``folders``, ``tags``,
        ``fma:small`` …), or ``auto``: labels.csv where there is one, else a published collection
        that is known, else the folders.
    progress : bool
        Draw a bar while the files are read.
    may_lack_tracks : bool
        Audio files of which none can be used are an answer too, not an error.
    index : ContentIndex, optional
        Hashes of files that need not be read again; brought up to date and saved.

    Raises
    ------
    ConfigError
        On labels that no layout has.
    DatasetError
        On a folder that is not there, an unusable labels.csv or manifest, or where there are no
        tracks.
    """
    layout = _layout(root, labels)
    listing = layout.find(root)
    read = _read_all(listing, index, progress=progress)
    if index is not None:
        index.save()
    found = unify_artists([item for item in read if isinstance(item, Track)])
    problems = (*listing.problems, *(item for item in read if isinstance(item, Fault)))
    if not found and not (problems and may_lack_tracks):
        raise DatasetError(_nothing_found(root, layout, listing, problems))
    return Scan(
        root=root,
        layout=layout.name,
        labels=layout.option,
        tracks=merge_same_content(found),
        problems=problems,
        notes=(*listing.notes, *describe_copies(found)),
        copies=group_copies(found),
        doubts=(*listing.doubts, *_artist_doubts(root, layout, found)),
        display_names=usual_spellings(
            spelling for entry in listing.entries for spelling in entry.spellings
        ),
    )


def _layout(root: Place, labels: str) -> Layout:
    if is_manifest(root):
        if labels != AUTO:
            raise ConfigError(
                f"labels={labels!r} must be left out: the manifest {root} names the genres"
            )
        return MANIFEST
    if isinstance(root, Address):
        raise DatasetError(
            f"data={root} must be a manifest, a .csv or .parquet file: write one with "
            f"genre scan {root} --out manifest.csv"
        )
    if root.is_file():
        raise DatasetError(
            f"data={root} must be a folder or a manifest (.csv, .parquet), and is another file; "
            f"use --data {root.parent}"
        )
    if not root.is_dir():
        raise DatasetError(
            f"data={root} must be an existing folder: no tracks there; put them into "
            f"{root}/<genre>/ or name their folder with --data DIR"
        )
    return choose_layout(root, labels)


def _artist_doubts(root: Place, layout: Layout, found: Sequence[Track]) -> tuple[str, ...]:
    if not layout.is_by_folders or isinstance(root, Address):
        return ()
    told = [track for track in found if track.artist_source in ("tag", "name")]
    return artist_doubts(root, [(track.genres, track.artist) for track in told])


def _read_all(
    listing: Listing, index: ContentIndex | None, *, progress: bool
) -> list[Track | Fault]:
    entries, total = listing.entries, len(listing.entries)
    hidden = not (progress and total)
    guesses = None if listing.tells_artists else guess_artists(entries)
    index = index or ContentIndex(Path())
    with ThreadPoolExecutor(N_READERS) as pool:
        results = pool.map(partial(_read, guesses=guesses, index=index), entries)
        return list(Bar(results, total=total, desc="reading", unit="file", disable=hidden))


def _read(entry: Entry, *, guesses: _Guesses | None, index: ContentIndex) -> Track | Fault:
    content = _content(entry, index)
    if isinstance(content, Fault):
        return content
    artist, source = artist_of(entry, guesses)
    return Track(
        track_id=entry.track_id,
        path=entry.path,
        genres=entry.genres,
        artist=artist,
        artist_source=source,
        sha256=content,
        split=entry.split,
        fold=entry.fold,
    )


def _content(entry: Entry, index: ContentIndex) -> str | Fault:
    """Find the SHA-256 of a file, without reading it where a manifest says it and nothing changed.

    A file elsewhere is not looked at where its hash is known: whoever reads it, checks it.
    """
    path = entry.path
    if isinstance(path, Path):
        sha256, stamp = entry.sha256, entry.stamp
        if sha256 and stamp is not None and index.believe(path, stamp, sha256):
            return sha256
        return content_of(path, index.hash)
    index.expect(path, entry.stamp)
    try:
        return entry.sha256 or index.hash(path)
    except AddressError as error:
        return Fault(path=path, sha256="", stage="scan", kind="unreadable", message=str(error))


def artist_of(entry: Entry, guesses: _Guesses | None) -> tuple[str, ArtistSource]:
    """Find who made a recording.

    Parameters
    ----------
    entry : Entry
        The recording.
    guesses : mapping of str to (str, str), optional
        What names and folders tell, by track_id; None where nobody is to look further than the
        entry.
    """
    if (labelled := known_artist(entry.artist)) is not None:
        return labelled, "labels"
    if guesses is None:
        return entry.track_id, "track"
    tagged = known_artist(read_tags(entry.path).artist) if isinstance(entry.path, Path) else None
    if tagged is not None:
        return tagged, "tag"
    return guesses.get(entry.track_id, (entry.track_id, "track"))


def _nothing_found(root: Place, layout: Layout, listing: Listing, problems: Sequence[Fault]) -> str:
    seen = (
        [f"{counted(len(problems), 'audio file')}, none usable ({problems[0].message})"]
        if problems
        else []
    )
    seen += listing.notes
    found = "; ".join(seen) or "no audio files"
    hint = "" if layout is MANIFEST or isinstance(root, Address) else sibling_hint(root)
    where = root.resolve() if isinstance(root, Path) else root
    return (
        f"No tracks found: looked in {where} ({layout.name}) and saw {found}; "
        f"{layout.advice_for(root)}" + (f"; {hint}" if hint else "")
    )
