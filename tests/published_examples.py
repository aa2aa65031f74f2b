"""Small copies of published collections, each file in the form that its publishers gave it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from genre.dataset.layouts import Entry, Listing
from tests.dataset_examples import write_sound

# The columns of FMA's tracks.csv, behind the index.
FMA_COLUMNS: Mapping[str, str] = {
    "album": "comments date_created date_released engineer favorites id information listens "
    "producer tags title tracks type",
    "artist": "active_year_begin active_year_end associated_labels bio comments date_created "
    "favorites id latitude location longitude members name related_projects tags website "
    "wikipedia_page",
    "set": "split subset",
    "track": "bit_rate comments composer date_created date_recorded duration favorites genre_top "
    "genres genres_all information interest language_code license listens lyricist number "
    "publisher tags title",
}
FMA_NAMES = [f"{top}.{name}" for top, names in FMA_COLUMNS.items() for name in names.split()]
FMA_GENRES = (
    "genre_id,#tracks,parent,title,top_level\n"
    "2,5271,0,International,2\n8,1000,0,Old-Time / Historic,8\n12,32923,0,Rock,12\n"
    "21,8389,0,Hip-Hop,21\n25,9261,12,Punk,12\n89,2000,25,Post-Punk,12\n46,100,2,Latin America,2\n"
)


def write_fma_tracks(path: Path, tracks: Iterable[Mapping[str, str]], *, bio: str = "") -> None:
    """Write tracks.csv: two rows of names, one for the index, then a row for each track."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["", *(name.split(".")[0] for name in FMA_NAMES)])
        writer.writerow(["", *(name.split(".")[1] for name in FMA_NAMES)])
        writer.writerow(["track_id", *[""] * len(FMA_NAMES)])
        for track in tracks:
            told = {"artist.bio": bio} | dict(track)
            writer.writerow([track["track_id"], *(told.get(name, "") for name in FMA_NAMES)])


def fma_track(
    number: int, *, subset: str, split: str, artist: int, top: str, genres: str
) -> dict[str, str]:
    """Make what counts in a row of tracks.csv."""
    return {
        "track_id": str(number),
        "set.subset": subset,
        "set.split": split,
        "artist.id": str(artist),
        "track.genre_top": top,
        "track.genres": genres,
    }


def write_mtg_jamendo(
    root: Path, division: str, parts: Mapping[str, Sequence[str]], *, ends: str = "\n"
) -> None:
    """Write the three lists of a division; rows are parted by spaces here."""
    head = "TRACK_ID ARTIST_ID ALBUM_ID PATH DURATION TAGS"
    for part, rows in parts.items():
        path = root / "data" / "splits" / division / f"autotagging_genre-{part}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(row.replace(" ", "\t") + ends for row in (head, *rows))
        path.write_bytes(text.encode())


def write_quoted(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a table as MagnaTagATune's are: every cell quoted, parted by tabs."""
    lines = ["\t".join(f'"{cell}"' for cell in row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_sounds(root: Path, names: Iterable[str]) -> None:
    """Write files of different content, whatever their endings say."""
    for number, name in enumerate(sorted(names)):
        made = write_sound(root / "made.wav", 0.001 * (number + 1))
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        made.rename(root / name)


def by_id(listing: Listing) -> dict[str, Entry]:
    """Look entries up by their ids."""
    return {entry.track_id: entry for entry in listing.entries}


def only_note(listing: Listing, words: str) -> str:
    """Find the one note that has these words."""
    (note,) = [note for note in listing.notes if words in note]
    assert "\n" not in note
    return note
