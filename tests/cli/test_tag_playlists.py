"""`genre tag --m3u-per-genre`: genre.cli.tag_playlists."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre.cli import main
from genre.cli.tag_playlists import UNSURE, file_names
from tests.bundles import small_bundle, write_bundle
from tests.tagged_files import tag_words


def contents(folder: Path) -> dict[Path, bytes]:
    """Read every file below a folder."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def tracks_in(playlist: Path) -> list[str]:
    lines = playlist.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#EXTM3U"
    assert all(line.startswith("#EXTINF:5,") for line in lines[1::2])
    return lines[2::2]


def test_each_genre_has_a_list(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = replace(
        small_bundle(), thresholds=(0.0, 0.0, 1.0), display_names={"a": "AC/DC", "b": "Ünï"}
    )
    write_bundle(model, tmp_path / "model")
    lists = tmp_path / "lists"
    before = contents(music)
    words = tag_words(tmp_path / "model", music, "--m3u-per-genre", lists)
    assert main(words) == 1  # one file is broken
    assert sorted(path.name for path in lists.iterdir()) == ["AC-DC.m3u8", "Ünï.m3u8"]
    expected = ["../music/a.wav", '../music/b, "q".wav', "../music/deep/er/ünï 日本.wav"]
    for name in ("AC-DC", "Ünï"):
        assert tracks_in(lists / f"{name}.m3u8") == expected
    for track in expected:
        assert (lists / track).is_file()
    assert contents(music) == before
    assert "bad.mp3" in capsys.readouterr().err


def test_the_unsure_have_a_list_of_their_own(music: Path, tmp_path: Path) -> None:
    write_bundle(replace(small_bundle(), thresholds=(1.0,) * 3), tmp_path / "model")
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "A.m3u8").write_text("#EXTM3U\n#EXTINF:5,old\nold.wav\n")  # of an earlier model
    (lists / "Mine.m3u8").write_text("mine")
    assert main(tag_words(tmp_path / "model", music / "a.wav", "--m3u-per-genre", lists)) == 0
    assert tracks_in(lists / f"{UNSURE}.m3u8") == ["../music/a.wav"]
    assert tracks_in(lists / "A.m3u8") == []
    assert (lists / "Mine.m3u8").read_text() == "mine"


def test_lists_come_beside_every_other_form(
    bundle: Path, songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("--csv", "--json", "--write-tags"):
        lists = tmp_path / f"lists{form}"
        words = tag_words(bundle, songs / "b.ogg", form, "--m3u-per-genre", lists)
        assert main(words) == 0
        assert sorted(path.name for path in lists.iterdir()) == ["A.m3u8", "B.m3u8"]
    capsys.readouterr()


def test_lists_are_never_written_into_the_music(
    bundle: Path, music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(music)
    assert main(tag_words(bundle, music, "--m3u-per-genre", music / "lists")) == 1
    assert "--m3u-per-genre" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(tag_words(bundle, music, "--m3u-per-genre", tmp_path / "file")) == 1
    assert "m3u-per-genre=" in capsys.readouterr().err
    options: list[Path | str] = ["--m3u-per-genre", tmp_path / "l", "--out", tmp_path / "o"]
    assert main(tag_words(bundle, music, *options)) == 1
    assert "must come without --out" in capsys.readouterr().err
    assert contents(music) == before


@given(st.lists(st.text(max_size=8) | st.sampled_from(["CON", "con", "a.", "a", "A", "/", ":"])))
def test_names_of_files_are_safe_and_differ(titles: list[str]) -> None:
    names = file_names(titles)
    assert len({name.casefold() for name in names}) == len(titles)
    for name in names:
        stem = name.removesuffix(".m3u8")
        assert stem == stem.strip(" .") != ""
        assert not set(stem) & set('\\/:*?"<>|\n\r\0')
        assert stem.casefold() not in ("con", "nul", "aux", "prn")
