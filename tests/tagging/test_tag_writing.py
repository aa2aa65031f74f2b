"""Genres into files and back: the sound stays, the user's tags stay, nothing is ever half-written.

The modules of genre.tagging.file_tags: writing, genre_tags, rewriting, journal, delta.
"""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mutagen
import mutagen.id3
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from genre.errors import ConfigError, GenreError, TagError
from genre.hashing import hash_file
from genre.tagging.file_tags import rewriting, writing
from genre.tagging.file_tags.delta import Delta, difference, restore
from genre.tagging.file_tags.genre_tags import read_genres
from genre.tagging.file_tags.journal import Change, Journal, RecordedChanges
from genre.tagging.file_tags.writing import Undone, sound_digest, undo, write_genres
from tests.encoded import needs_ffmpeg
from tests.sounds import FORMATS, tone, write

NEW = ("jazz", "drum_and_bass", "Ópera")
WITH_LIBSNDFILE = {"mp3": "mp3", "flac": "flac", "ogg": "ogg-vorbis", "opus": "ogg-opus"}
FFMPEG_OPTIONS = {
    "m4a": "-c:a aac",
    "m4a-faststart": "-c:a aac -movflags +faststart",
    "m4a-alac": "-c:a alac",
}
EVERY = [*WITH_LIBSNDFILE, *(pytest.param(name, marks=needs_ffmpeg) for name in FFMPEG_OPTIONS)]


def make(folder: Path, name: str, *, seconds: float = 3.0) -> Path:
    """Write two different channels, noisy enough to fill many frames."""
    rate = 48000 if name == "opus" else 44100
    left = tone(seconds, rate) + np.random.default_rng(0).normal(0, 0.05, round(seconds * rate))
    samples = np.stack([left, tone(seconds, rate, frequency=300.0)], axis=1)
    if name in WITH_LIBSNDFILE:
        return write(folder / f"song.{name}", samples, rate, **FORMATS[WITH_LIBSNDFILE[name]])
    source = write(folder / "source.wav", samples, rate)
    path = folder / "song.m4a"
    options = FFMPEG_OPTIONS[name].split()
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source), *options, str(path)]
    subprocess.run(command, check=True, timeout=60)
    source.unlink()
    return path


def samples_of(path: Path) -> bytes:
    """Decode all channels by what the project's own decoder is built on, at their own rate."""
    if path.suffix != ".m4a":
        return soundfile.read(path, dtype="float32")[0].tobytes()
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-f", "f32le", "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def give_tags(path: Path, **values: str) -> None:
    """Write what a user has in a file before."""
    file = mutagen.File(path, easy=True)
    if file.tags is None:
        file.add_tags()
    for key, value in values.items():
        file[key] = value
    file.save()


def change(path: Path, journal: Path, genres: tuple[str, ...] = NEW) -> None:
    record = Journal(journal)
    try:
        write_genres(path, genres, record)
    finally:
        record.close()


def take_back(journal: Path) -> list[Undone]:
    changes = RecordedChanges(journal)
    return [undo(changes[index]) for index in reversed(range(len(changes)))]


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = make(tmp_path, "mp3", seconds=1.0)
    give_tags(path, title="Ours", genre="Rock")
    return path


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


def test_an_mp3_gets_a_tag_of_version_2_4_and_keeps_the_rest(song: Path, tmp_path: Path) -> None:
    tags = mutagen.id3.ID3(song)
    tags.add(mutagen.id3.APIC(mime="image/png", data=bytes(range(256)) * 200))
    tags.add(mutagen.id3.TXXX(desc="mine", text=["kept"]))
    tags.setall("TCON", [mutagen.id3.TCON(text=["(17)"])])
    tags.update_to_v23()
    tags.save(song, v1=2, v2_version=3)
    before = song.read_bytes()
    assert before[3] == 3
    assert before[-128:-125] == b"TAG"
    assert read_genres(song) == ("Rock",)
    change(song, tmp_path / "j.jsonl", ("Rock", "jazz"))
    after = mutagen.id3.ID3(song)
    assert song.read_bytes()[3] == 4
    assert after["TCON"].text == ["Rock", "jazz"]
    assert after["APIC:"].data == bytes(range(256)) * 200
    assert after["TXXX:mine"].text == ["kept"]
    take_back(tmp_path / "j.jsonl")
    assert song.read_bytes() == before


def test_the_journal_keeps_little(tmp_path: Path) -> None:
    for name in WITH_LIBSNDFILE:
        path = make(tmp_path, name, seconds=10.0)
        give_tags(path, title="Ours", genre="Rock")
        journal = tmp_path / f"{name}.jsonl"
        change(path, journal)
        assert journal.stat().st_size < 0.05 * path.stat().st_size, name


def test_where_all_bytes_changed_the_original_is_kept(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(bytes(range(1, 101)))
    new.write_bytes(bytes(100))
    assert difference(old, new) == Delta(((100,),), bytes(range(1, 101)))


pieces = st.lists(st.binary(min_size=1, max_size=80), min_size=1, max_size=8)


@settings(max_examples=60)
@given(old=pieces, new=pieces, shared=st.binary(min_size=30, max_size=300))
def test_the_old_file_is_made_of_the_new_one(
    old: list[bytes], new: list[bytes], shared: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("delta")
    (folder / "old").write_bytes(shared.join(old))
    (folder / "new").write_bytes(shared.join(new))
    delta = difference(folder / "old", folder / "new")
    plain = json.loads(json.dumps(delta.to_plain()))
    made: list[bytes] = []
    with (folder / "new").open("rb") as file:
        restore(Delta.from_plain(plain["parts"], plain["kept"]), file, made.append)
    assert b"".join(made) == shared.join(old)
    assert len(delta.kept) <= len(shared.join(old))


def test_a_grown_head_and_a_changed_tail_cost_what_they_are(tmp_path: Path) -> None:
    sound = np.random.default_rng(0).bytes(10_000_000)  # longer than what is compared at once
    (tmp_path / "old").write_bytes(b"head" + sound + b"tail" * 8)
    (tmp_path / "new").write_bytes(b"another head" + sound + b"TAIL" * 8)
    delta = difference(tmp_path / "old", tmp_path / "new")
    assert delta.kept == b"tail" * 8 or delta.kept == b"head" + b"tail" * 8
    assert len(delta.parts) <= 3


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


def test_mode_stays_and_the_time_of_the_old_file_comes_back(song: Path, tmp_path: Path) -> None:
    song.chmod(0o640)
    os.utime(song, ns=(10**18, 10**18 + 7))
    change(song, tmp_path / "j.jsonl")
    assert song.stat().st_mode & 0o777 == 0o640
    assert song.stat().st_mtime_ns > 10**18 + 7  # players and backups look at it
    take_back(tmp_path / "j.jsonl")
    assert song.stat().st_mode & 0o777 == 0o640
    assert song.stat().st_mtime_ns == 10**18 + 7


@pytest.mark.skipif(sys.platform == "win32", reason="files have no group there")
def test_a_group_that_may_stay_stays_where_the_owner_may_not(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def as_anybody(path: Path, user: int, group: int) -> None:
        if user != -1:
            raise PermissionError(errno.EPERM, "only root gives files away")
        given.append((path.parent, group))

    monkeypatch.setattr(os, "chown", as_anybody)
    change(song, tmp_path / "j.jsonl")
    assert given == [(tmp_path, song.stat().st_gid)]
    assert read_genres(song) == NEW


def test_who_has_the_old_file_open_reads_the_old_file(song: Path, tmp_path: Path) -> None:
    before = song.read_bytes()
    with song.open("rb") as reader:
        change(song, tmp_path / "j.jsonl")
        assert reader.read() == before  # not written over: renamed over
    now = song.read_bytes()
    with song.open("rb") as reader:
        take_back(tmp_path / "j.jsonl")
        assert reader.read() == now


def test_a_link_stays_a_link(song: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.mp3"
    link.symlink_to(song)
    change(link, tmp_path / "j.jsonl")
    assert link.is_symlink()
    assert read_genres(song) == NEW
    assert [item.name for item in (tmp_path / "elsewhere").iterdir()] == ["link.mp3"]


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
        (make_a_wave, "is wav, which must be MP3, FLAC, OGG Vorbis, Opus or M4A"),
        (make_a_speex_page, "holds neither Vorbis nor Opus"),
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
    set_genres = writing.set_genres

    def careless(path: Path, genres: tuple[str, ...]) -> None:
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
    set_genres = writing.set_genres

    def beside_us(path: Path, genres: tuple[str, ...]) -> None:
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


def events_of(act: Callable[[], object], *, end_at: int) -> int:
    """Run in a child that ends without a word at its n-th dealing with the file system."""
    child = os.fork()
    if child == 0:
        left = end_at

        def count(event: str, _: object) -> None:
            nonlocal left
            if event.startswith(("open", "os.", "shutil.", "tempfile.")):
                left -= 1
                if left == 0:
                    os._exit(9)

        try:
            sys.addaudithook(count)
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


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


@needs_fork
def test_what_a_killed_run_left_is_cleared_an_hour_later(song: Path, tmp_path: Path) -> None:
    def killed() -> None:
        with rewriting.replacing(song):
            os._exit(9)

    assert events_of(killed, end_at=10**9) == 9
    (leftover,) = tmp_path.glob(".*")
    rewriting.remove_leftovers(tmp_path)
    assert leftover.exists()  # another run may be at it
    os.utime(leftover, (0, 0))
    rewriting.remove_leftovers(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == [song.name]


def test_a_journal_goes_on_where_it_was(song: Path, tmp_path: Path) -> None:
    journal = tmp_path / "j.jsonl"
    before = song.read_bytes()
    change(song, journal, ("a",))
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"path": "torn by a machine that sto')
    change(song, journal, ("b",))
    assert journal.read_bytes().startswith(whole)
    assert journal.read_bytes().count(b"\n") == 3
    assert take_back(journal) == [Undone.RESTORED, Undone.RESTORED]
    assert song.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"mine", b'{"kind": "genre tag journal", "format": 1}'])
def test_another_file_is_never_written_over(content: bytes, song: Path, tmp_path: Path) -> None:
    (tmp_path / "j.jsonl").write_bytes(content)
    for name in ("j.jsonl", "."):
        with pytest.raises(ConfigError, match="must not exist yet, or be one of"):
            Journal(tmp_path / name)
    assert (tmp_path / "j.jsonl").read_bytes() == content
    late = Journal(tmp_path / "late.jsonl")
    (tmp_path / "late.jsonl").write_bytes(content)
    with pytest.raises(ConfigError, match="must not exist yet, or be one of"):
        write_genres(song, NEW, late)
    assert (tmp_path / "late.jsonl").read_bytes() == content
    assert read_genres(song) == ("Rock",)


def test_two_runs_do_not_write_one_journal(song: Path, tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    journal = tmp_path / "j.jsonl"
    first = Journal(journal)
    write_genres(song, ("a",), first)
    second = Journal(journal)
    with pytest.raises(ConfigError, match="must not be in use by another run"):
        write_genres(song, ("b",), second)
    write_genres(song, ("c",), first)
    first.close()
    write_genres(song, ("d",), second)
    second.close()
    assert len(take_back(journal)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not flushed there")
def test_the_disk_has_the_name_of_a_journal_before_the_first_change(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "journals").mkdir()
    events = []
    fsync, replace = os.fsync, Path.replace

    def flush(descriptor: int) -> None:
        if os.path.samestat(os.fstat(descriptor), (tmp_path / "journals").stat()):
            events.append("the name is on the disk")
        fsync(descriptor)

    def rename(path: Path, target: Path) -> Path:
        events.append(f"{target.name} is changed")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(Path, "replace", rename)
    change(song, tmp_path / "journals" / "j.jsonl")
    assert events == ["the name is on the disk", "song.mp3 is changed"]


def test_a_torn_last_line_is_passed_over_and_a_damaged_one_is_named(
    song: Path, tmp_path: Path
) -> None:
    journal = tmp_path / "j.jsonl"
    before = song.read_bytes()
    change(song, journal)
    whole = journal.read_bytes()
    header, line = whole.splitlines(keepends=True)
    journal.write_bytes(whole + line[: len(line) // 2])
    assert len(RecordedChanges(journal)) == 1
    journal.write_bytes(header + line.replace(b'"kept"', b'"kapt"'))
    with pytest.raises(TagError, match="line 2: damaged"):
        take_back(journal)
    journal.write_bytes(header + line.replace(b'"parts": [[', b'"parts": [[1], ['))
    with pytest.raises(TagError, match="line 2: damaged"):
        take_back(journal)
    assert song.read_bytes() != before
    journal.write_bytes(whole)
    take_back(journal)
    assert song.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[1]\n", b"\xff\n", b"path,genres\n"])
def test_what_is_no_journal(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(TagError, match="must be a file that `genre tag --write-tags --apply`"):
        RecordedChanges(tmp_path / "x")
    with pytest.raises(TagError, match="must be a readable file"):
        RecordedChanges(tmp_path / "none")


def test_a_journal_with_other_bytes_than_were_there_is_not_believed(
    song: Path, tmp_path: Path
) -> None:
    change(song, tmp_path / "j.jsonl")
    found = RecordedChanges(tmp_path / "j.jsonl")[0]
    delta = Delta(found.delta.parts, bytes(len(found.delta.kept)))
    now = song.read_bytes()
    with pytest.raises(TagError, match="the journal is damaged"):
        undo(Change(**{**vars(found), "delta": delta}))
    assert song.read_bytes() == now


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
            sound = sound_digest(path)
            write_genres(path, ("jazz",), record)
        except GenreError:
            assert hash_file(path) == before[path]
            continue
        n_written += 1
        assert sound_digest(path) == sound
        assert read_genres(path) == ("jazz",)
    record.close()
    assert n_written > 60
    assert len(take_back(tmp_path / "j.jsonl")) == n_written
    assert {path: hash_file(path) for path in before} == before
