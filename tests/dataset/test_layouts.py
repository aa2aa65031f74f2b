"""What lies in a data folder: the three layouts, artists, copies, and every way to get it wrong."""

import os
import unicodedata
from pathlib import Path
from typing import Literal

import mutagen.id3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.dataset.labels import select_genres
from genre.dataset.layouts import (
    LAYOUTS,
    Scan,
    artist_from_name,
    artist_key,
    known_artist,
    read_tags,
    scan,
    unify_artists,
)
from genre.errors import DatasetError
from tests.dataset_examples import make_track, write_sound


def _genres(found: Scan) -> dict[str, tuple[str, ...]]:
    return {track.track_id: track.genres for track in found.tracks}


def _labels(root: Path, content: str | bytes) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    table = root / "labels.csv"
    table.write_bytes(content if isinstance(content, bytes) else content.encode())
    return table


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Three files x.wav, y.wav, z.wav of different content in a folder."""
    for number, name in enumerate(("x", "y", "z")):
        write_sound(tmp_path / f"{name}.wav", 0.1 * (number + 1))
    return tmp_path


# folders


def test_folder_per_genre_at_any_depth(tmp_path: Path) -> None:
    write_sound(tmp_path / "Hip-Hop" / "artist" / "album" / "a.WAV", 0.1)
    write_sound(tmp_path / "jazz+hiphop" / "b.flac", 0.2)
    write_sound(tmp_path / "Ópera 🎭" / "c.ogg", 0.3)
    found = scan(tmp_path)
    assert found.layout == "folder-per-genre"
    assert _genres(found) == {
        "Hip-Hop/artist/album/a.WAV": ("hiphop",),
        "jazz+hiphop/b.flac": ("hiphop", "jazz"),
        "Ópera 🎭/c.ogg": ("ópera_🎭",),
    }
    assert found.tracks[0].path == tmp_path / "Hip-Hop/artist/album/a.WAV"
    assert (found.problems, found.notes) == ((), ())


def test_what_is_no_music_is_passed_over(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav")
    for name in (".hidden.wav", "cover.jpg", ".DS_Store", "Thumbs.db", "list.m3u", "._a.wav"):
        (tmp_path / "jazz" / name).write_bytes(b"x")
    write_sound(tmp_path / ".trash" / "b.wav", 0.2)
    write_sound(tmp_path / "__MACOSX" / "b.wav", 0.2)
    (tmp_path / "README.md").write_text("x")
    found = scan(tmp_path)
    assert _genres(found) == {"jazz/a.wav": ("jazz",)}
    assert (found.problems, found.notes) == ((), ())


def test_unknown_endings_are_counted(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav")
    for name in ("b.xyz", "c.xyz", "d"):
        (tmp_path / "jazz" / name).write_bytes(b"x")
    assert scan(tmp_path).notes == ("3 files left out for the ending: none (1), .xyz (2)",)


def test_audio_without_a_genre_is_a_problem(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav", 0.1)
    write_sound(tmp_path / "b.wav", 0.2)
    write_sound(tmp_path / "---" / "c.wav", 0.3)
    problems = scan(tmp_path).problems
    assert [(fault.path.name, fault.stage, fault.kind) for fault in problems] == [
        ("c.wav", "scan", "no_genre"),
        ("b.wav", "scan", "no_genre"),
    ]
    assert "folder '---' must hold at least one letter" in problems[0].message
    assert "move it to <genre>/" in problems[1].message


def test_empty_and_unreadable_files_are_problems(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav")
    (tmp_path / "jazz" / "empty.wav").touch()
    (tmp_path / "jazz" / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    os.mkfifo(tmp_path / "jazz" / "pipe.wav")
    found = scan(tmp_path)
    assert _genres(found) == {"jazz/a.wav": ("jazz",)}
    assert [(fault.path.name, fault.kind) for fault in found.problems] == [
        ("empty.wav", "empty"),
        ("gone.wav", "unreadable"),
        ("pipe.wav", "unreadable"),
    ]


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav")
    (tmp_path / "jazz" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "blues").symlink_to(tmp_path / "jazz", target_is_directory=True)
    assert _genres(scan(tmp_path)) == {"blues/a.wav": ("blues", "jazz")}


def test_the_same_recording_in_several_folders_has_several_genres(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "Nina - One.wav", 0.1)
    write_sound(tmp_path / "hip hop" / "copy.wav", 0.1)
    write_sound(tmp_path / "jazz" / "two.wav", 0.2)
    found = scan(tmp_path)
    assert _genres(found) == {"hip hop/copy.wav": ("hiphop", "jazz"), "jazz/two.wav": ("jazz",)}
    assert found.tracks[0].artist == "Nina"
    (note,) = found.notes
    assert note.startswith("1 file found again, byte for byte, counted once (hip hop/copy.wav = ")


# labels.csv


def test_labels_csv_wins_where_it_is(three: Path) -> None:
    _labels(
        three,
        "path,mood,genres,artist,split,fold\n"
        "y.wav,sad,Jazz|Hip-Hop, A  B ,validation,2\n"
        "./x.wav,,pop,,,\n",
    )
    found = scan(three)
    assert found.layout == "labels-csv"
    assert _genres(found) == {"x.wav": ("pop",), "y.wav": ("hiphop", "jazz")}
    x, y = found.tracks
    assert (y.artist, y.artist_source, y.split, y.fold) == ("A B", "labels", "val", 2)
    assert (x.artist, x.artist_source, x.split, x.fold) == ("x.wav", "track", None, None)
    assert found.notes == ("1 audio file left out, not in labels.csv",)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfpath,genres\nx.wav,jazz\n",
        b"path,genres\r\nx.wav,jazz\r\n\r\n",
        b"path,genres\rx.wav,jazz",
        b"path;genres\nx.wav;jazz\n",
        b"path\tgenres\nx.wav\tjazz\n",
        b'"Path"," GENRES "\n"x.wav","jazz"\n,\n',
        b"path,genres,split\nx.wav,jazz\n",
    ],
)
def test_labels_csv_as_different_programs_write_it(three: Path, content: bytes) -> None:
    _labels(three, content)
    assert _genres(scan(three)) == {"x.wav": ("jazz",)}


def test_paths_as_other_systems_write_them(tmp_path: Path) -> None:
    write_sound(tmp_path / unicodedata.normalize("NFD", "é") / "x.wav")
    _labels(tmp_path, "path,genres\n" + unicodedata.normalize("NFC", "é") + "\\x.wav,jazz\n")
    assert len(scan(tmp_path).tracks) == 1
    _labels(tmp_path, f"path,genres\n{tmp_path}/{unicodedata.normalize('NFD', 'é')}/x.wav,jazz\n")
    assert len(scan(tmp_path).tracks) == 1


MIXED = unicodedata.normalize("NFD", "é") + "/" + unicodedata.normalize("NFC", "ö") + " á.wav"


def test_names_are_compared_and_given_composed(tmp_path: Path) -> None:
    file = write_sound(tmp_path / MIXED)
    composed = unicodedata.normalize("NFC", MIXED)
    taken_apart = unicodedata.normalize("NFD", MIXED)
    for spelling in (MIXED, composed, taken_apart, taken_apart.replace("/", "\\")):
        _labels(tmp_path, f"path,genres\n{spelling},jazz\n")
        found = scan(tmp_path)
        assert [(track.track_id, track.path) for track in found.tracks] == [(composed, file)]
        assert found.notes == ()
    _labels(tmp_path, f"path,genres\n{composed},jazz\n{taken_apart},pop\n")
    with pytest.raises(DatasetError, match=r"line 3, column path: .* must be listed once, see 2"):
        scan(tmp_path)


@pytest.mark.parametrize("labels", ["folders", "tags"])
def test_track_ids_are_composed_in_every_layout(
    tmp_path: Path, labels: Literal["folders", "tags"]
) -> None:
    file = write_sound(tmp_path / "jazz" / Path(MIXED).with_suffix(".flac"), genre="Jazz")
    (track,) = scan(tmp_path, labels=labels).tracks
    assert track.track_id == unicodedata.normalize("NFC", f"jazz/{MIXED}").replace("wav", "flac")
    assert track.path == file


def test_files_that_differ_only_in_the_way_of_writing_stay_two(tmp_path: Path) -> None:
    names = [unicodedata.normalize(form, "jazz/é.wav") for form in ("NFC", "NFD")]
    for number, name in enumerate(names):
        write_sound(tmp_path / name, 0.1 + number / 10)
    if len(list((tmp_path / "jazz").iterdir())) < 2:
        pytest.skip("this disk holds the two names for one")
    assert {track.track_id for track in scan(tmp_path).tracks} == set(names)
    _labels(tmp_path, f"path,genres\n{names[0]},jazz\n{names[1]},pop\n")
    assert _genres(scan(tmp_path)) == {names[0]: ("jazz",), names[1]: ("pop",)}


@pytest.mark.parametrize("text", ["3", "3.0"])
def test_fold_as_table_programs_write_it(three: Path, text: str) -> None:
    _labels(three, f"path,genres,fold\nx.wav,jazz,{text}\n")
    assert scan(three).tracks[0].fold == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("path,artist\nx.wav,A\n", r"line 1, column genres: must be there; found: path, artist"),
        ("file,genres\nx.wav,A\n", r"line 1, column path: must be there; found: file, genres"),
        ("path,genres,Path\n", r"line 1, column path: must be there once"),
        ("path,genres\nx.wav,\n", r"line 2, column genres: must name at least one genre"),
        ("path,genres\nx.wav\n", r"line 2, column genres: must name at least one genre"),
        ("path,genres\nx.wav,jazz\ny.wav, | \n", r"line 3, column genres: must name"),
        ("path,genres,split\nx.wav,jazz,dev\n", r"line 2, column split: 'dev' must be one of: tra"),
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
    table = _labels(three, content)
    with pytest.raises(DatasetError, match=message) as caught:
        scan(three)
    assert str(table) in str(caught.value)
    assert "\n" not in str(caught.value).replace(str(table), "")


def test_several_wrong_lines_are_counted(three: Path) -> None:
    _labels(three, "path,genres\na.wav,jazz\nx.wav,\nb.wav,jazz\n")
    with pytest.raises(DatasetError, match=r"line 2, .*'a.wav'.* \(and 2 more wrong lines\)"):
        scan(three)


def test_a_labels_csv_that_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").mkdir()
    with pytest.raises(DatasetError, match=r"labels.csv must be readable"):
        scan(tmp_path, labels="csv")


@given(st.binary(max_size=60))
def test_any_labels_csv_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    root = tmp_path_factory.mktemp("any")
    _labels(root, b"path,genres\n" + content)
    with pytest.raises(DatasetError):  # no file of any name exists
        scan(root)


# tags


@pytest.mark.parametrize("suffix", [".flac", ".ogg", ".mp3"])
def test_embedded_tags(tmp_path: Path, suffix: str) -> None:
    write_sound(tmp_path / f"a{suffix}", 0.1, genre=["Jazz", "Hip-Hop/Rap"], artist="Nina")
    write_sound(tmp_path / f"deep/b{suffix}", 0.2, genre="Rock; Pop")
    write_sound(tmp_path / f"c{suffix}", 0.3, artist="Bob")
    write_sound(tmp_path / f"d{suffix}", 0.4, genre="Other")
    found = scan(tmp_path, labels="tags")
    assert found.layout == "embedded-tags"
    assert _genres(found) == {
        f"a{suffix}": ("hiphop", "jazz"),
        f"deep/b{suffix}": ("pop", "rock"),
    }
    assert (found.tracks[0].artist, found.tracks[0].artist_source) == ("Nina", "tag")
    assert [(fault.path.stem, fault.kind) for fault in found.problems] == [
        ("c", "no_genre"),
        ("d", "no_genre"),
    ]


def test_numbered_genres_of_old_id3_tags(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.mp3")
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TCON(encoding=3, text=["(8)(2)"]))
    tags.add(mutagen.id3.TPE1(encoding=1, text=["Björk", "Guest"]))
    tags.save(path)
    assert read_tags(path).genres == ("country", "jazz")
    assert read_tags(path).artist == "Björk"


def test_wav_carries_id3_too(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav")
    file = mutagen.File(path)
    file.add_tags()
    file.tags.add(mutagen.id3.TCON(encoding=3, text=["Jazz"]))
    file.save()
    assert read_tags(path).genres == ("jazz",)


def test_no_tags_in_what_is_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    for content in (b"", b"<html>", b"ID3\x04\x00\x00\xff\xff\xff\xff", b"fLaC" + bytes(40)):
        path.write_bytes(content)
        assert read_tags(path) == read_tags(tmp_path / "nowhere.mp3")


# artists


def test_where_the_artist_comes_from(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz/Name - One.flac", 0.1, artist="Tag")
    write_sound(tmp_path / "jazz/Name - Two.flac", 0.2, artist="Various Artists")
    write_sound(tmp_path / "jazz/three.flac", 0.3)
    artists = {
        track.path.name: (track.artist, track.artist_source) for track in scan(tmp_path).tracks
    }
    assert artists == {
        "Name - One.flac": ("Tag", "tag"),
        "Name - Two.flac": ("Name", "name"),
        "three.flac": ("jazz/three.flac", "track"),
    }
    _labels(tmp_path, "path,genres,artist\njazz/Name - One.flac,jazz,Label\n")
    assert (scan(tmp_path).tracks[0].artist, scan(tmp_path).tracks[0].artist_source) == (
        "Label",
        "labels",
    )


def test_artists_of_the_labels_are_cleaned_too(tmp_path: Path) -> None:
    rows = {
        "a.flac": ("Daft Punk feat. Someone", "Daft Punk", "labels"),
        "b.flac": ("Daft  Punk", "Daft Punk", "labels"),
        "c.flac": ("Various Artists", "Tag", "tag"),
        "Name - d.flac": ("VA", "Name", "name"),
        "e.flac": ("Unknown", "e.flac", "track"),
        "f.flac": ("1-100032", "1-100032", "labels"),
    }
    for number, name in enumerate(rows):
        tags = {"artist": "Tag"} if name == "c.flac" else {}
        write_sound(tmp_path / name, 0.1 + number / 10, **tags)
    lines = [f"{name},jazz,{labelled}\n" for name, (labelled, *_) in rows.items()]
    _labels(tmp_path, "path,genres,artist\n" + "".join(lines))
    found = {track.track_id: (track.artist, track.artist_source) for track in scan(tmp_path).tracks}
    assert found == {name: (artist, source) for name, (_, artist, source) in rows.items()}


@pytest.mark.parametrize(
    ("name", "artist"),
    [
        ("Nina Simone - Feeling Good.mp3", "Nina Simone"),
        ("01 - Nina Simone - Feeling Good.mp3", "Nina Simone"),
        ("01. Nina Simone - Feeling Good.mp3", "Nina Simone"),
        ("Kevin_MacLeod_-_Vibe_Ace.hq.ogg", "Kevin MacLeod"),
        ("Björk \u2013 Jóga.mp3", "Björk"),
        ("Jay-Z - Song.mp3", "Jay-Z"),
        ("50 Cent - Song.mp3", "50 Cent"),
        ("A feat. B - Song.mp3", "A"),
        ("Unknown Artist - Song.mp3", None),
        ("01 - Feeling Good.mp3", None),
        ("1-100032-A.ogg", None),
        ("Feeling Good.mp3", None),
        (" - x.mp3", None),
    ],
)
def test_artist_from_name(name: str, artist: str | None) -> None:
    assert artist_from_name(Path("/any/where") / name) == artist


@pytest.mark.parametrize(
    ("name", "artist"),
    [
        (None, None),
        ("  ", None),
        ("VA", None),
        ("Daft  Punk ft. Someone", "Daft Punk"),
        ("Daft Punk (feat. Someone)", "Daft Punk"),
        ("Featherstone", "Featherstone"),
    ],
)
def test_known_artist(name: str | None, artist: str | None) -> None:
    assert known_artist(name) == artist


def test_artists_are_one_whatever_case_and_space() -> None:
    assert (
        artist_key("Kevin  MacLeod") == artist_key("kevin macleod ") == artist_key("KEVINMACLEOD")
    )
    tracks = [
        make_track("1", "jazz", "kevin macleod", source="name"),
        make_track("2", "jazz", "Kevin MacLeod", source="tag"),
        make_track("3", "jazz", "Kevin MacLeod", source="tag"),
        make_track("a.wav", "jazz"),
        make_track("A.wav", "jazz"),
    ]
    unified = unify_artists(tracks)
    assert [track.artist for track in unified] == [*["Kevin MacLeod"] * 3, "a.wav", "A.wav"]
    assert [track.artist_source for track in unified] == [track.artist_source for track in tracks]
    assert [track.artist for track in unify_artists(tracks[::-1])][::-1] == [
        track.artist for track in unified
    ]


def test_a_scan_unifies_artists(three: Path) -> None:
    _labels(three, "path,genres,artist\nx.wav,jazz,nina\ny.wav,jazz,Nina\nz.wav,pop,NINA \n")
    assert {track.artist for track in scan(three).tracks} == {"NINA"}


# nothing found, and the real sets


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"data=.*/no must be an existing folder"):
        scan(tmp_path / "no")


def test_unknown_labels_option(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="labels='x' must be one of: auto, csv, folders, tags"):
        scan(tmp_path, labels="x")  # type: ignore[arg-type]


def test_no_tracks_found_says_where_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        DatasetError,
        match=rf"No tracks found: looked in {tmp_path} \(folder-per-genre\) and saw no audio files;"
        rf" put audio files in {tmp_path}/<genre>/, or write labels.csv, or .* --labels tags",
    ):
        scan(tmp_path)
    write_sound(tmp_path / "a.wav")
    (tmp_path / "b.xyz").touch()
    with pytest.raises(DatasetError, match=r"saw 1 audio file, none usable .*\.xyz \(1\); put"):
        scan(tmp_path)
    with pytest.raises(DatasetError, match=r"\(embedded-tags\) .*; write genre tags"):
        scan(tmp_path, labels="tags")
    with pytest.raises(DatasetError, match=r"labels.csv must be readable: No such file"):
        scan(tmp_path, labels="csv")


def test_every_layout_is_registered_under_its_option(three: Path) -> None:
    assert set(LAYOUTS) == {"labels-csv", "folder-per-genre", "embedded-tags"}
    _labels(three, "path,genres\nx.wav,jazz\n")
    for layout in LAYOUTS.values():
        assert [entry.track_id for entry in layout(three).entries] in ([], ["x.wav"])


def test_the_bar_is_drawn_on_demand(three: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _labels(three, "path,genres\nx.wav,jazz\n")
    scan(three)
    assert capsys.readouterr().err == ""
    scan(three, progress=True)
    assert "1/1" in capsys.readouterr().err


@pytest.mark.real
def test_open_music(shared_data: Path) -> None:
    found = scan(shared_data / "open_music")
    assert (found.layout, len(found.tracks), found.problems) == ("labels-csv", 25, ())
    selection = select_genres(found.tracks)
    assert selection.vocabulary.genres == ("classical", "folk", "hiphop")
    assert set(selection.dropped) == {"electronic", "game", "jazz", "pop", "soundtrack"}
    assert (len(selection.tracks), selection.n_tracks_dropped) == (16, 9)


@pytest.mark.real
def test_esc10_by_table_and_by_folder(shared_data: Path) -> None:
    by_table = scan(shared_data / "esc10", labels="csv")
    by_folder = scan(shared_data / "esc10", labels="folders")
    assert len(by_table.tracks) == 398
    assert _genres(by_table) == _genres(by_folder)
    assert {track.fold for track in by_table.tracks} == {1, 2, 3, 4, 5}
    # the artist is the second part of every name, "1-100032-A.ogg"
    assert all(track.artist == track.path.name.split("-")[1] for track in by_table.tracks)


@pytest.mark.real
def test_odd_files_never_stop_a_scan(shared_data: Path) -> None:
    found = scan(shared_data / "hostile", labels="tags")
    artists = {track.path.name: track.artist for track in found.tracks}
    assert artists["classical.m4a"] == artists["classical.mp3"] == artists["classical.ogg"]
    assert len(found.tracks) > 20
    by_folder = scan(shared_data / "hostile", labels="folders")
    assert {fault.kind for fault in by_folder.problems} <= {"empty", "no_genre"}
