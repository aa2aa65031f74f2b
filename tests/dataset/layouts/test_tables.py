"""Which file of a folder is its table of labels.

The rule: a file that is called nearly ``labels.csv`` and has its columns is it, where it is the
only one; any other is named with the reason, never passed over in silence.
"""

from pathlib import Path

import pytest

from genre.dataset.layouts import scan
from genre.dataset.layouts.tables import find_table, unused_tables
from tests.dataset_examples import genres_of, write_sound

TABLE = "path,genres\nrock/a.wav,jazz\n"
NEARLY = [
    "Labels.csv",
    "LABELS.CSV",
    "labels.CSV",
    "label.csv",
    "labels.tsv",
    "labels.txt",
    "labels.csv.csv",
    "labels.csv.txt",
    "labels.txt.csv",
    "metadata.csv",
    "genres.csv",
    "annotations.csv",
    "tracks.csv",
]


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Make a folder that says rock, for a file that a table may call otherwise."""
    write_sound(tmp_path / "rock" / "a.wav")
    return tmp_path


@pytest.mark.parametrize("name", NEARLY)
@pytest.mark.parametrize("labels", ["auto", "csv"])
def test_a_name_that_is_nearly_right_is_taken_and_said(music: Path, name: str, labels: str) -> None:
    (music / name).write_text(TABLE)
    found = scan(music, labels=labels)
    assert (found.layout, genres_of(found)) == ("labels-csv", {"rock/a.wav": ("jazz",)})
    assert found.notes == (f"{name} is read as the labels, there is no labels.csv",)


def test_tabs_and_published_columns_are_taken_too(music: Path) -> None:
    (music / "metadata.tsv").write_text("file_name\tlabel\nrock/a.wav\tjazz\n")
    assert genres_of(scan(music)) == {"rock/a.wav": ("jazz",)}


def test_what_has_not_the_columns_is_named(music: Path) -> None:
    (music / "metadata.csv").write_text("id,mood\n1,sad\n")
    assert scan(music).notes == (
        "metadata.csv is not read as the labels: it has no column path and no column genres",
    )
    assert find_table(music) is None


def test_of_two_that_fit_none_is_taken(music: Path) -> None:
    for name in ("labels.tsv", "metadata.csv"):
        (music / name).write_text(TABLE)
    found = scan(music)
    assert genres_of(found) == {"rock/a.wav": ("rock",)}
    assert found.notes == (
        "labels.tsv is not read as the labels: there is metadata.csv too",
        "metadata.csv is not read as the labels: there is labels.tsv too",
    )


def test_labels_csv_comes_first(music: Path) -> None:
    (music / "labels.csv").write_text(TABLE)
    (music / "metadata.csv").write_text(TABLE)
    found = scan(music)
    assert genres_of(found) == {"rock/a.wav": ("jazz",)}
    assert found.notes == ("metadata.csv is not read as the labels: labels.csv is",)


@pytest.mark.parametrize("name", ["labels.xlsx", "Labels.ods", "metadata.xls", "labels.numbers"])
def test_a_spreadsheet_is_named(music: Path, name: str) -> None:
    (music / name).write_bytes(b"PK\x03\x04")
    assert unused_tables(music) == (f"{name} is not read; save it as labels.csv (CSV UTF-8)",)
    assert f"{name} is not read" in " ".join(scan(music).notes)


@pytest.mark.parametrize("name", ["notes.txt", "cover.txt", "relabels.txt"])
def test_other_files_are_nobodys_business(music: Path, name: str) -> None:
    (music / name).write_text(TABLE)
    assert scan(music).notes == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("train.csv", "filename,label\nrock/a.wav,jazz\n"),
        ("playlist.csv", TABLE),
        ("features_30_sec.tsv", "filename\tlength\tlabel\na.wav\t3\tjazz\n"),
        ("meta/esc50.csv", "filename,fold,target,category\na.wav,1,0,dog\n"),
        ("rock/metadata.csv", "file_name,label\na.wav,jazz\n"),
        ("rock/metadata.jsonl", '{"file_name": "a.wav", "label": "jazz"}\n'),
    ],
)
def test_a_table_elsewhere_is_named(tmp_path: Path, name: str, text: str) -> None:
    """Whatever it is called: beside the music, with the columns of labels, it is no secret."""
    root = tmp_path / "music"
    write_sound(root / "rock" / "a.wav")
    (root / name).resolve().parent.mkdir(exist_ok=True)
    (root / name).resolve().write_text(text)
    found = scan(root)
    assert genres_of(found) == {"rock/a.wav": ("rock",)}
    (note,) = found.notes
    assert note == (
        f"not read, but like a table of labels: {name}; for the genres in it write "
        f"{root / 'labels.csv'}, columns path and genres, and split for parts of a split"
    )
    (root / "labels.csv").write_text(TABLE)
    assert scan(root).notes == ()


@pytest.mark.parametrize("name", ["metadata.jsonl", "train.json", "labels.parquet"])
def test_other_kinds_of_tables_are_named(music: Path, name: str) -> None:
    (music / name).write_text("{}")
    assert scan(music).notes == (f"{name} is not read; save it as labels.csv (CSV UTF-8)",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("../features_30_sec.csv", "filename,label\na.wav,jazz\n"),  # beside: another's folder
        ("../results/x.csv", TABLE),
        ("rock/list.csv", "title,rating\na,5\n"),
        ("empty.csv", ""),
    ],
)
def test_tables_of_something_else_are_nobodys_business(
    tmp_path: Path, name: str, text: str
) -> None:
    root = tmp_path / "music"
    write_sound(root / "rock" / "a.wav")
    (root / name).resolve().parent.mkdir(exist_ok=True)
    (root / name).resolve().write_text(text)
    assert scan(root).notes == ()
