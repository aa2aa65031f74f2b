"""The genres that files name themselves: genre.tagging.file_tags.genre_tags."""

from pathlib import Path

from genre.tagging.file_tags.genre_tags import read_genres
from tests.tagged_files import change, id3, take_back


def test_an_mp3_gets_a_tag_of_version_2_4_and_keeps_the_rest(song: Path, tmp_path: Path) -> None:
    tags = id3.ID3(song)
    tags.add(id3.APIC(mime="image/png", data=bytes(range(256)) * 200))
    tags.add(id3.TXXX(desc="mine", text=["kept"]))
    tags.setall("TCON", [id3.TCON(text=["(17)"])])
    tags.update_to_v23()
    tags.save(song, v1=2, v2_version=3)
    before = song.read_bytes()
    assert before[3] == 3
    assert before[-128:-125] == b"TAG"
    assert read_genres(song) == ("Rock",)
    change(song, tmp_path / "j.jsonl", ("Rock", "jazz"))
    after = id3.ID3(song)
    assert song.read_bytes()[3] == 4
    assert after["TCON"].text == ["Rock", "jazz"]
    assert after["APIC:"].data == bytes(range(256)) * 200
    assert after["TXXX:mine"].text == ["kept"]
    take_back(tmp_path / "j.jsonl")
    assert song.read_bytes() == before
