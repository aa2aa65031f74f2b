"""labels.csv says what each file is: paths, genres, artist, split and fold."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.dataset.layouts import scan
from genre.dataset.layouts.entries import Entry
from genre.dataset.layouts.labels_csv import LABELS_CSV, find_by_labels
from genre.errors import DatasetError
from tests.dataset_examples import genres_of, write_labels, write_sound

MIXED = unicodedata.normalize("NFD", "é") + "/" + unicodedata.normalize("NFC", "ö") + " á.wav"


def test_labels_csv_wins_where_it_is(three: Path) -> None:
    write_labels(
        three,
        "path,mood,genres,artist,split,fold\n"
        "y.wav,sad,Jazz|Hip-Hop, A  B ,validation,2\n"
        "./x.wav,,pop,,,\n",
    )
    found = scan(three)
    assert found.layout == "labels-csv"
    assert genres_of(found) == {"x.wav": ("pop",), "y.wav": ("hiphop", "jazz")}
    x, y = found.tracks
    assert (y.artist, y.artist_source, y.split, y.fold) == ("A B", "labels", "val", 2)
    assert (x.artist, x.artist_source, x.split, x.fold) == ("x.wav", "track", None, None)
    assert found.notes == ("1 audio file left out, not in labels.csv",)


def test_paths_as_other_systems_write_them(tmp_path: Path) -> None:
    write_sound(tmp_path / unicodedata.normalize("NFD", "é") / "x.wav")
    write_labels(tmp_path, "path,genres\n" + unicodedata.normalize("NFC", "é") + "\\x.wav,jazz\n")
    assert len(scan(tmp_path).tracks) == 1
    write_labels(
        tmp_path, f"path,genres\n{tmp_path}/{unicodedata.normalize('NFD', 'é')}/x.wav,jazz\n"
    )
    assert len(scan(tmp_path).tracks) == 1


def test_names_are_compared_and_given_composed(tmp_path: Path) -> None:
    file = write_sound(tmp_path / MIXED)
    composed = unicodedata.normalize("NFC", MIXED)
    taken_apart = unicodedata.normalize("NFD", MIXED)
    for spelling in (MIXED, composed, taken_apart, taken_apart.replace("/", "\\")):
        write_labels(tmp_path, f"path,genres\n{spelling},jazz\n")
        found = scan(tmp_path)
        assert [(track.track_id, track.path) for track in found.tracks] == [(composed, file)]
        assert found.notes == ()
    write_labels(tmp_path, f"path,genres\n{composed},jazz\n{taken_apart},pop\n")
    with pytest.raises(DatasetError, match=r"line 3, column path: .* must be listed once, see 2"):
        scan(tmp_path)


@pytest.mark.parametrize("text", ["3", "3.0"])
def test_fold_as_table_programs_write_it(three: Path, text: str) -> None:
    write_labels(three, f"path,genres,fold\nx.wav,jazz,{text}\n")
    assert scan(three).tracks[0].fold == 3


def test_every_column_by_hand(three: Path) -> None:
    write_labels(three, "path,genres,artist,split,fold\nz.wav,Rock|jazz,  Z  ,Validation,0\n")
    (entry,) = find_by_labels(three).entries
    assert entry == Entry(
        track_id="z.wav",
        path=three / "z.wav",
        genres=("jazz", "rock"),
        artist="Z",
        split="val",
        fold=0,
        spellings=("Rock", "jazz"),
    )


def test_it_applies_where_the_table_lies(three: Path) -> None:
    assert not LABELS_CSV.applies(three)
    write_labels(three, "path,genres\n")
    assert LABELS_CSV.applies(three)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("path,artist\nx.wav,A\n", r"line 1, column genres: must be there; found: path, artist"),
        ("song,genres\nx.wav,A\n", r"line 1, column path: must be there; found: song, genres"),
        ("path,genres,Path\n", r"line 1, column path: must be there once"),
        ("path,genres\nx.wav,\n", r"line 2, column genres: must name at least one genre"),
        ("path,genres\nx.wav\n", r"line 2, column genres: must name at least one genre"),
        ("path,genres\nx.wav,jazz\ny.wav, | \n", r"line 3, column genres: must name"),
        ("path,genres,split\nx.wav,jazz,mid\n", r"line 2, column split: 'mid' must be one of: tra"),
        ("path,genres,fold\nx.wav,jazz,1.5\n", r"line 2, column fold: '1.5' must be a whole numb"),
        ("path,genres,fold\nx.wav,jazz,-1\n", r"line 2, column fold: '-1' must be a whole number"),
        ("path,genres,fold\nx.wav,jazz,²\n", r"line 2, column fold: '²' must be a whole number"),
        (
            "path,genres\nx.wav,a\n\n./x.wav,b\n",
            r"line 4, column path: .* must .* once, see 2",
        ),
        ("path,genres\nno.wav,jazz\n", r"line 2, column path: 'no.wav' must be an existing file"),
        ("path,genres\n.,jazz\n", r"line 2, column path: '.' must be an existing file"),
        ("path,genres\n,jazz\n", r"line 2, column path: must name a file"),
        ("path,genres\n../x.wav,jazz\n", r"line 2, column path: '../x.wav' must lie inside"),
        ("path,genres\n..\\x.wav,jazz\n", r"line 2, column path: .* must lie inside"),
        ("path,genres\n/etc/passwd,jazz\n", r"line 2, column path: '/etc/passwd' must lie inside"),
        ("path,genres\na\0b,jazz\n", r"line 2, column path: .* must be an existing file"),
        (f"path,genres\n{'x' * 5000},jazz\n", r"line 2, column path: .* must be a file: File name"),
        (b"path,genres\nx.wav,jazz\n\xe9.wav,a\n", r"line 3, column path: must be .* byte 0xe9"),
        (b"path,genres\rx.wav,a\ry.wav,\xe9\r", r"line 3, column genres: must be UTF-8"),
        (b'\xef\xbb\xbf"Path";genres\n"a;b\xe9.wav";a\n', r"line 2, column path: must be .* 0xe9"),
        (b"path,genres\nx.wav,jazz,\xe9\n", r"line 2, column 3: must be UTF-8"),
        (b"path,genres,pa\xefs\n", r"line 1, column 3: must be UTF-8"),
        ("path,genres\n".encode("utf-16"), r"line 1, column 1: must be UTF-8"),
        ('path,genres\nx.wav,a\n"y.wav,a\nz.wav,a\n', r"line 3, column path: must be a readable"),
        ('path,genres\nx.wav,"a\ny.wav,"b"\n', r"line 2, column genres: must .* closed before the"),
        ('path,mood,genres\n"x","a\n""b\n","jazz\n', r"line 4, column genres: must be a readable"),
        (f'path,genres\nx.wav,"a{"b" * 200000}\n', r"line 2, column genres: must .* field limit"),
        ('path,genres\n"x"y,jazz\n', r"line 2, column path: must be a readable CSV"),
        ('"path,genres\nx,jazz\n', r"line 1, column 1: must be a readable CSV"),
        ("path,genres\na,b.wav,jazz\n", r"line 2, column 3: 3 cells must be at most 2; put .* dou"),
        ("", r"line 1, column path: must have a first line with the columns path, genres"),
        ("\n\n", r"must have a first line"),
        ("\npath\n", r"line 2, column genres: must be there"),
        ("path,genres\n", r"No tracks found: looked in .*list the files in .*labels.csv"),
    ],
)
def test_what_is_wrong_in_labels_csv(three: Path, content: str | bytes, message: str) -> None:
    table = write_labels(three, content)
    with pytest.raises(DatasetError, match=message) as caught:
        scan(three)
    assert str(table) in str(caught.value)
    assert "\n" not in str(caught.value).replace(str(table), "")


def test_several_wrong_lines_are_counted(three: Path) -> None:
    write_labels(three, "path,genres\na.wav,jazz\nx.wav,\nb.wav,jazz\n")
    with pytest.raises(DatasetError, match=r"line 2, .*'a.wav'.* \(and 2 more wrong lines\)"):
        scan(three)


@given(st.binary(max_size=60))
def test_any_labels_csv_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    root = tmp_path_factory.mktemp("any")
    write_labels(root, b"path,genres\n" + content)
    with pytest.raises(DatasetError):  # no file of any name exists
        scan(root)


def test_absolute_paths_are_taken_however_the_folder_is_spelled(
    three: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A path means a file; how the folder or the file is spelled must not matter."""
    link = tmp_path_factory.mktemp("links") / "music"
    link.symlink_to(three, target_is_directory=True)
    write_labels(
        three, f"path,genres\n{three}/x.wav,jazz\n{link}/y.wav,pop\n{three.name}/../z.wav,rock\n"
    )
    monkeypatch.chdir(three.parent)
    expected = {"x.wav": ("jazz",), "y.wav": ("pop",), "z.wav": ("rock",)}
    for root in (three, link, Path(three.name), Path(three.name, "..", three.name)):
        assert genres_of(scan(root)) == expected
    monkeypatch.chdir(three)
    assert genres_of(scan(Path())) == expected


def test_a_link_to_a_file_elsewhere_is_the_file_that_the_table_names(
    three: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = write_sound(tmp_path_factory.mktemp("other") / "song.wav", 0.7)
    (three / "linked.wav").symlink_to(outside)
    write_labels(three, f"path,genres\nlinked.wav,jazz\n{three}/linked.wav,jazz\n")
    with pytest.raises(DatasetError, match=r"'linked\.wav' must be listed once"):
        scan(three)
    write_labels(three, f"path,genres\n{three}/linked.wav,jazz\n")
    assert genres_of(scan(three)) == {"linked.wav": ("jazz",)}


@pytest.mark.parametrize("hint", ["sep=;", "SEP=;", '"sep=;"', " sep=; ", "\ufeffsep=;"])
def test_the_hint_of_a_spreadsheet_is_no_row(three: Path, hint: str) -> None:
    write_labels(three, f"{hint}\r\npath;genres\r\nx.wav;jazz, pop\r\n")
    assert genres_of(scan(three)) == {"x.wav": ("jazz", "pop")}


def test_lines_are_counted_with_the_hint(three: Path) -> None:
    write_labels(three, "sep=,\npath,genres\nx.wav,jazz\ny.wav,\n")
    with pytest.raises(DatasetError, match="line 4, column genres"):
        scan(three)


@pytest.mark.parametrize("columns", ["file_name,label", "filename,genre", "File,Labels"])
def test_columns_as_published_sets_call_them(three: Path, columns: str) -> None:
    write_labels(three, f"{columns},artist\nx.wav,jazz,Ann\n")
    (track,) = scan(three).tracks
    assert (track.genres, track.artist) == (("jazz",), "Ann")


def test_our_columns_come_first(three: Path) -> None:
    write_labels(three, "file_name,path,label,genres\ny.wav,x.wav,pop,jazz\n")
    assert genres_of(scan(three)) == {"x.wav": ("jazz",)}


def test_files_without_a_row_are_counted_and_said(three: Path) -> None:
    write_labels(three, "path,genres\nx.wav,jazz\n")
    assert scan(three).notes == ("2 audio files left out, not in labels.csv",)
