"""Which files below a folder are worth a look, and what they are called."""

import unicodedata
from pathlib import Path

import pytest

from genre.dataset.layouts import scan
from genre.dataset.layouts.files import composed, list_files, track_ids
from genre.errors import DatasetError
from tests.dataset_examples import genres_of, write_labels, write_sound


def test_what_is_no_music_is_passed_over(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav")
    for name in (".hidden.wav", "cover.jpg", ".DS_Store", "Thumbs.db", "list.m3u", "._a.wav"):
        (tmp_path / "jazz" / name).write_bytes(b"x")
    write_sound(tmp_path / ".trash" / "b.wav", 0.2)
    write_sound(tmp_path / "__MACOSX" / "b.wav", 0.2)
    (tmp_path / "README.md").write_text("x")
    found = scan(tmp_path)
    assert genres_of(found) == {"jazz/a.wav": ("jazz",)}
    assert found.problems == ()
    assert found.notes == (
        "2 folders passed over, hidden or kept by a system or program: .trash, __MACOSX",
    )


SYSTEM = (
    "#recycle #snapshot @Recycle @__thumb @Recently-Snapshot RECYCLER Recycle.Bin ~snapshot "
    "$RECYCLE.BIN RECYCLED @eaDir @tmp @sharebin lost+found found.000 .Trash-1000 .zfs .snapshot "
    ".git .stversions _gsdata_ snapshots TheVolumeSettingsFolder @SynoResource LOST.DIR Papierkorb "
    "Corbeille Papelera"
)


@pytest.mark.parametrize(
    "name",
    [
        *SYSTEM.split(),
        "System Volume Information",
        "Recycle Bin",
        "Network Trash Folder",
        "Temporary Items",
    ],
)
def test_bins_and_snapshots_are_no_genres_and_named(tmp_path: Path, name: str) -> None:
    """What systems, network drives and copying programs keep is passed over, and said, anywhere."""
    write_sound(tmp_path / "jazz" / "a.wav")
    write_sound(tmp_path / name / "b.wav", 0.2)
    write_sound(tmp_path / "jazz" / name / "c.wav", 0.3)
    found = scan(tmp_path)
    assert genres_of(found) == {"jazz/a.wav": ("jazz",)}
    assert found.notes == (f"2 folders passed over, hidden or kept by a system or program: {name}",)
    write_labels(tmp_path, "path,genres\njazz/a.wav,jazz\n")
    assert genres_of(scan(tmp_path)) == {"jazz/a.wav": ("jazz",)}


@pytest.mark.parametrize("name", ["#1 Hits", "Recycled Beats", "Snapshot", "Trashcore", "@home"])
def test_genres_that_look_a_little_like_bins_stay(tmp_path: Path, name: str) -> None:
    write_sound(tmp_path / name / "a.wav")
    found = scan(tmp_path)
    assert (len(found.tracks), found.notes) == (1, ())


def test_unknown_endings_are_counted(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav")
    for name in ("b.xyz", "c.xyz", "d"):
        (tmp_path / "jazz" / name).write_bytes(b"x")
    assert scan(tmp_path).notes == ("3 files left out for the ending: none (1), .xyz (2)",)


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    write_sound(tmp_path / "jazz" / "a.wav")
    (tmp_path / "jazz" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "blues").symlink_to(tmp_path / "jazz", target_is_directory=True)
    assert genres_of(scan(tmp_path)) == {"blues/a.wav": ("blues", "jazz")}


def test_files_that_differ_only_in_the_way_of_writing_stay_two(tmp_path: Path) -> None:
    names = [unicodedata.normalize(form, "jazz/é.wav") for form in ("NFC", "NFD")]
    for number, name in enumerate(names):
        write_sound(tmp_path / name, 0.1 + number / 10)
    if len(list((tmp_path / "jazz").iterdir())) < 2:
        pytest.skip("this disk holds the two names for one")
    assert {track.track_id for track in scan(tmp_path).tracks} == set(names)
    write_labels(tmp_path, f"path,genres\n{names[0]},jazz\n{names[1]},pop\n")
    assert genres_of(scan(tmp_path)) == {names[0]: ("jazz",), names[1]: ("pop",)}


def test_files_are_listed_in_order_and_the_others_counted(tmp_path: Path) -> None:
    for name in ("b.MP3", "a/z.flac", "a/.hidden.mp3", "x.doc", "y.doc", "noending", "cover.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    files = list_files(tmp_path)
    assert files.audio == (tmp_path / "a" / "z.flac", tmp_path / "b.MP3")
    assert files.unknown == {"": 1, ".doc": 2}
    assert files.notes() == ("3 files left out for the ending: none (1), .doc (2)",)
    assert list_files(tmp_path / "a").notes() == ()


def test_ids_are_composed_unless_two_files_would_share_one(tmp_path: Path) -> None:
    apart, together = (unicodedata.normalize(form, "é.wav") for form in ("NFD", "NFC"))
    assert composed(apart) == together
    lone = tmp_path / "x" / apart
    assert track_ids(tmp_path, [lone]) == {lone: f"x/{together}"}
    both = [tmp_path / "x" / apart, tmp_path / "x" / together]
    assert track_ids(tmp_path, both) == {both[0]: f"x/{apart}", both[1]: f"x/{together}"}


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"folder=.*gone must be readable: No such file"):
        list_files(tmp_path / "gone")
