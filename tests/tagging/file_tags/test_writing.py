"""Genres into files and back: the sound stays, the user's tags stay, nothing is half-written."""

import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mutagen
import mutagen.id3
import numpy as np
import pytest

from genre.errors import ConfigError, GenreError, TagError
from genre.hashing import hash_file
from genre.tagging.file_tags import genre_tags, rewriting, writing
from genre.tagging.file_tags.delta import Delta
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Change, Journal, RecordedChanges
from genre.tagging.file_tags.writing import Undone, sounds_alike, undo, write_genres
from tests.encoded import encode, needs_ffmpeg
from tests.sounds import tone, write
from tests.tagged_files import (
    EVERY,
    NEW,
    change,
    events_of,
    give_tags,
    make,
    needs_fork,
    samples_of,
    take_back,
)


@pytest.mark.parametrize("is_tagged", [False, True])
@pytest.mark.parametrize("name", EVERY)
def test_genres_are_written_and_the_sound_stays(name: str, is_tagged: bool, tmp_path: Path) -> None:
    path = make(tmp_path, name)
    if is_tagged:
        give_tags(path, title="Ünser Lied", artist="We", genre="Hip-Hop")
    assert read_genres(path) == (("Hip-Hop",) if is_tagged else ())
    before, sound = path.read_bytes(), samples_of(path)
    change(path, tmp_path / "j.jsonl")
    assert read_genres(path) == NEW
    assert samples_of(path) == sound
    assert path.read_bytes() != before
    if is_tagged:
        easy = mutagen.File(path, easy=True)
        assert easy["title"] == ["Ünser Lied"]
        assert easy["artist"] == ["We"]
    # what other programs see: several values, not one joined text
    assert mutagen.File(path, easy=True)["genre"] == list(NEW)
    assert take_back(tmp_path / "j.jsonl") == [Undone.RESTORED]
    assert path.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["j.jsonl", path.name]


def test_a_file_that_has_changed_since_is_left_alone(song: Path, tmp_path: Path) -> None:
    change(song, tmp_path / "j.jsonl")
    give_tags(song, title="Another title")
    now = song.read_bytes()
    with pytest.raises(TagError, match="has changed since its genres were written"):
        take_back(tmp_path / "j.jsonl")
    assert song.read_bytes() == now
    song.unlink()
    with pytest.raises(TagError, match="must be an existing file"):
        take_back(tmp_path / "j.jsonl")


def test_two_changes_of_one_file_are_taken_back_one_after_the_other(
    song: Path, tmp_path: Path
) -> None:
    before = song.read_bytes()
    record = Journal(tmp_path / "j.jsonl")
    write_genres(song, ("a",), record)
    write_genres(song, ("b", "c"), record)
    record.close()
    assert take_back(tmp_path / "j.jsonl") == [Undone.RESTORED, Undone.RESTORED]
    assert song.read_bytes() == before


def test_taking_back_twice_is_once(song: Path, tmp_path: Path) -> None:
    before = song.read_bytes()
    change(song, tmp_path / "j.jsonl")
    assert take_back(tmp_path / "j.jsonl") == [Undone.RESTORED]
    assert take_back(tmp_path / "j.jsonl") == [Undone.UNCHANGED]
    assert song.read_bytes() == before


def make_read_only(song: Path) -> None:
    song.chmod(0o444)


def make_second_name(song: Path) -> None:
    os.link(song, song.with_name("second.mp3"))


def make_a_wave(song: Path) -> None:
    write(song, tone(1.0, 44100))


def make_a_speex_page(song: Path) -> None:
    song.write_bytes(b"OggS" + bytes(24) + b"\x80theora" + bytes(100))


def make_a_folder(song: Path) -> None:
    song.unlink()
    song.mkdir()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (make_read_only, "is read-only; make it writable first"),
        (make_second_name, r"has 2 names \(hard links\)"),
        (make_a_wave, "is a file of type WAV, into which no genres are written; only into MP3"),
        (make_a_speex_page, "is an OGG file of neither Vorbis nor Opus, into which"),
        (make_a_folder, "must be a regular file"),
        (Path.unlink, "must be an existing file"),
    ],
)
def test_what_cannot_be_written(
    spoil: Callable[[Path], None], message: str, song: Path, tmp_path: Path
) -> None:
    spoil(song)
    before = song.read_bytes() if song.is_file() else None
    with pytest.raises(TagError, match=message):
        change(song, tmp_path / "j.jsonl")
    assert not (tmp_path / "j.jsonl").exists()
    if before is not None:
        assert song.read_bytes() == before


def test_a_tag_that_would_change_the_sound_is_not_written(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = song.read_bytes()
    set_genres = genre_tags.set_genres

    def careless(path: Path, genres: tuple[str, ...], _: object) -> None:
        set_genres(path, genres)
        with path.open("rb+") as file:
            file.seek(-2000, os.SEEK_END)
            file.write(bytes(500))

    monkeypatch.setattr(writing, "set_genres", careless)
    with pytest.raises(TagError, match="would sound otherwise"):
        change(song, tmp_path / "j.jsonl")
    monkeypatch.setattr(writing, "set_genres", lambda *_: None)
    with pytest.raises(TagError, match="would not keep genres"):
        change(song, tmp_path / "j.jsonl")
    assert song.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [song.name]


def test_another_program_writes_at_the_same_time(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_genres = genre_tags.set_genres

    def beside_us(path: Path, genres: tuple[str, ...], _: object) -> None:
        set_genres(path, genres)
        give_tags(song, title="Theirs, much longer than what was there before")

    monkeypatch.setattr(writing, "set_genres", beside_us)
    with pytest.raises(TagError, match="was changed by another program"):
        change(song, tmp_path / "j.jsonl")
    assert mutagen.File(song, easy=True)["title"][0].startswith("Theirs")
    assert read_genres(song) == ("Rock",)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the length of files there")
def test_a_full_disk_leaves_everything_as_it_was(song: Path, tmp_path: Path) -> None:
    # A limit on the length of files stands for the disk: writing fails where it is reached.
    before = song.read_bytes()
    code = f"""
import resource
from pathlib import Path
from genre.tagging.file_tags.journal import Journal
from genre.tagging.file_tags.writing import write_genres
resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) // 2}, -1))
write_genres(Path({str(song)!r}), ("jazz",), Journal(Path({str(tmp_path / "j.jsonl")!r})))
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "genre.errors.TagError" in answer.stderr
    assert "cannot be written (File too large)" in answer.stderr
    assert song.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [song.name]


def test_no_space_is_told_to_the_whole_run(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(rewriting, "_flush", full)
    with pytest.raises(OSError, match="No space left") as caught:
        change(song, tmp_path / "j.jsonl")
    assert caught.value.filename == str(song)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match=r"journal=.* must be writable \(No space left"):
        change(song, tmp_path / "k.jsonl")
    assert read_genres(song) == ("Rock",)


@needs_fork
@pytest.mark.parametrize("name", ["mp3", pytest.param("ogg", marks=pytest.mark.slow)])
def test_killed_at_any_moment(name: str, tmp_path: Path) -> None:
    path = make(tmp_path, name, seconds=0.5)
    give_tags(path, genre="Rock")
    before, moments, n_changed = path.read_bytes(), 0, 0
    while True:
        moments += 1
        journal = tmp_path / f"{moments}.jsonl"
        status = events_of(lambda: change(path, journal), end_at=moments)  # noqa: B023
        is_changed = path.read_bytes() != before
        n_changed += is_changed
        if is_changed:
            assert read_genres(path) == NEW
        if is_changed or (journal.exists() and journal.read_bytes().count(b"\n") > 1):
            # ... and the way back may be cut at any moment too
            back = 1
            while events_of(lambda: take_back(journal), end_at=back) == 9:  # noqa: B023
                assert path.read_bytes() == before or read_genres(path) == NEW
                back += 1
        assert path.read_bytes() == before
        if status == 0:
            break
    assert moments > 10
    assert n_changed >= 2  # once whole, and at least once cut after the renaming


def test_a_journal_with_other_bytes_than_were_there_is_not_believed(
    song: Path, tmp_path: Path
) -> None:
    change(song, tmp_path / "j.jsonl")
    found = RecordedChanges(tmp_path / "j.jsonl")[0]
    delta = Delta(found.delta.parts, bytes(len(found.delta.kept)))
    now = song.read_bytes()
    with pytest.raises(TagError, match="the journal is damaged"):
        undo(Change(**{**vars(found), "delta": delta}), tmp_path / "j.jsonl")
    assert song.read_bytes() == now


def a_change(path: Path, new: bytes, old: bytes) -> Change:
    """Make a change up: the file, which is there, would become what it was not."""
    path.write_bytes(new)
    return Change(
        path=path,
        before=hashlib.sha256(old).hexdigest(),
        after=hashlib.sha256(new).hexdigest(),
        mtime_ns=0,
        genres_before=(),
        genres_after=(),
        delta=Delta(((len(old),),), old),
    )


def test_a_journal_that_somebody_made_up_writes_nothing_but_sound(
    song: Path, tmp_path: Path
) -> None:
    """Neither is a file that is no sound brought back, nor sound made something else.

    Nor one container that this project does not write made another that it does.
    """
    sound, wave = song.read_bytes(), write(tmp_path / "w", tone(0.5, 8000), 8000).read_bytes()
    flac = write(tmp_path / "w", tone(0.5, 8000), 8000, format="FLAC").read_bytes()
    text = b"#!/bin/sh\nrm -rf ~\n"
    for new, old in [
        (b"password", sound),
        (sound, text),
        (wave, sound),
        (sound, wave),
        (sound, b""),
        (sound, flac),
        (flac, sound),
    ]:
        made_up = a_change(tmp_path / "file", new, old)
        with pytest.raises(GenreError, match="file"):
            undo(made_up, tmp_path / "j.jsonl")
        assert made_up.path.read_bytes() == new
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "song.mp3", "w"]


@pytest.mark.parametrize(
    "codec", ["libmp3lame -write_xing 0 -id3v2_version 0", "mp2 -b:a 160k -f mp2"]
)
@needs_ffmpeg
def test_an_mp3_that_does_not_say_its_length_is_written(codec: str, tmp_path: Path) -> None:
    """Its length is guessed from the size of the file; what is heard stays the same."""
    path = encode(tmp_path / "song.mp3", f"-c:a {codec}", seconds=1.0)
    before = path.read_bytes()
    change(path, tmp_path / "j.jsonl")
    assert read_genres(path) == NEW
    assert path.read_bytes().endswith(before)


def test_what_is_heard_is_compared(song: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.mp3"
    frames = song.read_bytes()
    assert sounds_alike(song, song)
    for content, is_alike in [
        (frames + frames[-417:], True),  # a frame more at the end
        (frames + frames[-4170:], False),
        (frames[:-4170], False),
        (frames[:3000] + bytes(300) + frames[3300:], False),
    ]:
        other.write_bytes(content)
        assert sounds_alike(song, other) is is_alike
        assert sounds_alike(other, song) is is_alike
    wave = write(tmp_path / "a.wav", tone(0.5, 8000), 8000)
    longer = write(tmp_path / "b.wav", np.append(tone(0.5, 8000), 0), 8000)
    assert not sounds_alike(wave, longer)


@pytest.mark.real
def test_conformance_streams_of_all_layers_are_written(shared_data: Path, tmp_path: Path) -> None:
    for source in sorted((shared_data / "hostile" / "mpeg_vectors").glob("l[12]-fl*.mp3")):
        path = tmp_path / source.name
        path.write_bytes(source.read_bytes())
        change(path, tmp_path / "j.jsonl")
        assert read_genres(path) == NEW


def test_a_tag_of_which_more_would_change_is_not_written(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = song.read_bytes()

    def careless(path: Path, genres: tuple[str, ...], _: object) -> None:
        give_tags(path, genre=genres[0], title="Another")

    monkeypatch.setattr(writing, "set_genres", careless)
    with pytest.raises(TagError, match="has a tag of which more than the genre would change"):
        change(song, tmp_path / "j.jsonl", ("jazz",))
    assert song.read_bytes() == before


@pytest.mark.slow
@pytest.mark.real
def test_real_files_come_back_byte_by_byte(shared_data: Path, tmp_path: Path) -> None:
    sources = [
        *sorted((shared_data / "open_music" / "audio").iterdir(), key=lambda p: p.stat().st_size)[
            :6
        ],
        *(shared_data / "hostile" / "tag_samples").iterdir(),
    ]
    n_written = 0
    record = Journal(tmp_path / "j.jsonl")
    before = {}
    for number, source in enumerate(sources):
        path = tmp_path / f"{number}{source.suffix}"
        path.write_bytes(source.read_bytes())
        path.chmod(0o644)
        before[path] = hash_file(path)
        try:
            write_genres(path, ("jazz",), record)
        except GenreError:
            assert hash_file(path) == before[path]
            continue
        n_written += 1
        assert sounds_alike(source, path)
        assert [name.casefold() for name in read_genres(path)] == ["jazz"]
    record.close()
    assert n_written > 60
    assert len(take_back(tmp_path / "j.jsonl")) == n_written
    assert {path: hash_file(path) for path in before} == before
