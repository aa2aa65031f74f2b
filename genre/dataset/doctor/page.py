"""``doctor.html``: the whole examination on one page that needs nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from genre.audio.decoder import LENGTH_TOLERANCE
from genre.audio.mel import MelConfig
from genre.audio.silence import SILENCE_PEAK
from genre.audio.windows import WindowConfig
from genre.dataset.doctor.advice import ODDITIES, steps
from genre.dataset.doctor.artists import SOURCES
from genre.dataset.doctor.diagnosis import (
    LARGE_SHARE,
    N_ARTISTS_TO_SPLIT,
    dominated_genres,
    most_tracks_first,
    rare_genres,
)
from genre.dataset.doctor.examination import Examination, ExaminedFile
from genre.dataset.doctor.pictures import duration_histogram, suspicious, thumbnail
from genre.dataset.doctor.prospects import outlook
from genre.dataset.doctor.sound import (
    BANDS_BETWEEN,
    CLIPPED_FRACTION,
    COMMON_SAMPLE_RATES,
    LOW_SAMPLE_RATE,
    STEEP_DROP_DB,
    TIMES_RARER,
    seconds_text,
    visible_cutoffs_hz,
)
from genre.dataset.doctor.tables import headline
from genre.dataset.features import FeatureStore
from genre.dataset.layouts import layout_named
from genre.dataset.places import title_of
from genre.pages import page_templates
from genre.wording import percent

Item = TypeVar("Item")

MAX_THUMBNAILS = 24
# Whatever the size of the folder, the page stays small: the rest is in doctor.csv.
MAX_ROWS = 60
MAX_LINES = 20
MAX_FILES_PER_RECORDING = 6

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Capped(Generic[Item]):
    """The beginning of a long list.

    Parameters
    ----------
    shown : sequence
        What the page shows.
    n_more : int
        How many it leaves out.
    """

    shown: Sequence[Item]
    n_more: int


def capped(items: Sequence[Item], limit: int) -> Capped[Item]:
    """Cut a list to what a page can show.

    Parameters
    ----------
    items : sequence
        The whole list.
    limit : int
        The most items that are shown.
    """
    return Capped(shown=items[:limit], n_more=max(0, len(items) - limit))


def page_text(examination: Examination, store: FeatureStore) -> str:
    """Write the page.

    Parameters
    ----------
    examination : Examination
        What was found in the folder.
    store : FeatureStore
        Where the spectrograms of its tracks are.

    Returns
    -------
    str
        HTML without scripts, external files or anything that a name in the folder could start.
    """
    environment = page_templates(_FOLDER)
    environment.filters["seconds"] = seconds_text
    return environment.get_template("page.html").render(
        name=title_of(examination.root) or str(examination.root),
        headline=headline(examination),
        examination=examination,
        steps=steps(examination),
        outlook=capped(outlook(examination), MAX_LINES),
        source=layout_named(examination.layout).source,
        artist_sources=SOURCES,
        notes=capped(examination.notes, MAX_LINES),
        rules=_rules(store.config.mel),
        **_tables(examination),
        **_files(examination),
        **_pictures(examination, store),
    )


def _tables(examination: Examination) -> dict[str, object]:
    genres = most_tracks_first(examination.genres)
    n_genres = [len(track.genres) for track in examination.tracks]
    return {
        "genres": capped(genres, MAX_ROWS),
        "most_tracks": genres[0].n_tracks if genres else 0,
        "artists": capped(examination.artists, MAX_LINES),
        "together": capped(examination.together, MAX_LINES),
        "n_with_several": sum(number > 1 for number in n_genres),
        "rare": rare_genres(examination.genres),
        "dominated": dominated_genres(examination.genres),
    }


def _files(examination: Examination) -> dict[str, object]:
    groups = [
        {
            "files": capped(
                [(file.name, _written(file, examination.names)) for file in files],
                MAX_FILES_PER_RECORDING,
            ),
            "is_same_bytes": len({file.sha256 for file in files}) == 1,
        }
        for files in examination.recordings.values()
    ]
    listed = {
        kind: [(file.name, file.fault.message) for file in files if file.fault is not None]
        for kind, files in examination.by_fault.items()
    }
    for kind in ODDITIES:
        if kind in examination.by_finding and kind not in ("copy", "same_recording"):
            listed[kind] = _with_message(examination.by_finding[kind], kind)
    return {
        "files": {kind: capped(lines, MAX_LINES) for kind, lines in listed.items()},
        "recordings": capped(groups, MAX_ROWS),
    }


def _written(file: ExaminedFile, names: Mapping[str, str]) -> str:
    genres = () if file.track is None else file.track.genres
    return ", ".join(names.get(genre, genre) for genre in genres)


def _with_message(files: Sequence[ExaminedFile], kind: str) -> list[tuple[str, str]]:
    says_more = kind != "unknown_artist"
    return [
        (file.name, finding.message if says_more else "")
        for file in files
        for finding in file.findings
        if finding.kind == kind
    ]


def _pictures(examination: Examination, store: FeatureStore) -> dict[str, object]:
    chosen = [
        (file, store.load(file.track))
        for file in suspicious(examination, limit=MAX_THUMBNAILS)
        if file.track is not None
    ]
    n_suspicious = len(suspicious(examination, limit=len(examination.files)))
    return {
        "histogram": duration_histogram(examination.seconds),
        "thumbnails": [thumbnail(file, mel, store.config.mel) for file, mel in chosen],
        "n_suspicious": n_suspicious,
    }


def _rules(mel: MelConfig) -> tuple[tuple[str, str], ...]:
    lowest, highest = visible_cutoffs_hz(mel)
    usual_rates = " or ".join(f"{rate:,}" for rate in COMMON_SAMPLE_RATES)
    return (
        (
            "clipped",
            (
                f"more than {100 * CLIPPED_FRACTION:g} % of the frames reach full scale in some "
                "channel; a few peaks at full scale are usual on a loud master"
            ),
        ),
        ("silent", f"nothing moves by more than {100 * SILENCE_PEAK:g} % of full scale"),
        (
            "truncated",
            f"what sounds and the length in the header differ by over {percent(LENGTH_TOLERANCE)}",
        ),
        ("short", f"less than one window of {WindowConfig().window_seconds:g} s"),
        (
            "low bit rate or upsampled",
            (
                f"the level falls by at least {STEEP_DROP_DB:g} dB within {BANDS_BETWEEN} mel "
                f"bands, above which nothing comes back; only cutoffs between {lowest / 1000:g} "
                f"and about {highest / 1000:.0f} kHz can be seen"
            ),
        ),
        (
            "unusual sample rate",
            (
                f"below {LOW_SAMPLE_RATE} Hz, or no multiple of {usual_rates} Hz where at least "
                f"{TIMES_RARER} times more files have another"
            ),
        ),
        ("too rare to split", f"tracks by fewer than {N_ARTISTS_TO_SPLIT} artists"),
        (
            "one artist made most",
            f"more than {percent(LARGE_SHARE)} of the tracks of a genre that has several artists",
        ),
    )
