"""genre.review.book: labels.csv is written at once, whole, and never over another's change."""

import errno
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import pytest

from genre.errors import ConfigError, DatasetError, GenreError
from genre.review import book as book_module
from genre.review.answers import Wish
from genre.review.book import LabelBook
from genre.review.history import Event, Pen
from genre.review.table import ChangedMeanwhileError
from tests.dataset_examples import write_labels, write_sound

TEXT = "mood,path,genres,artist\ncalm,a.wav,Jazz,Ann\n,b.wav,rock|Drum & Bass,Bob\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        write_sound(tmp_path / f"{name}.wav")
    write_labels(tmp_path, TEXT)
    return tmp_path


def book_of(root: Path) -> LabelBook:
    return LabelBook(root, root / "labels.csv")


def wish(root: Path, name: str, before: str | None, after: str | None) -> Wish:
    return Wish(
        file=root / name,
        before=None if before is None else tuple(before.split("|")),
        after=None if after is None else tuple(after.split("|")),
    )


def test_an_answer_is_written_at_once_and_everything_else_stays(root: Path) -> None:
    book = book_of(root)
    book.answer(
        [wish(root, "b.wav", "drum_and_bass|rock", "drum_and_bass|Ska")], who="me", said="x"
    )
    assert book.path.read_text() == TEXT.replace("rock|Drum & Bass", "Drum & Bass|Ska")
    assert book.labels()[root / "b.wav"] == ("drum_and_bass", "ska")
    assert sorted(path.name for path in root.iterdir()) == [
        *("a.wav", "b.wav", "c.wav", "labels.csv", "labels.history.jsonl")
    ]


def test_who_said_what_and_when_is_kept_and_any_state_comes_back(root: Path) -> None:
    book = book_of(root)
    states = [TEXT]
    for after in ("pop", None, "Ska"):
        before = book.labels().get(root / "a.wav")
        wanted = None if after is None else (after,)
        a_wish = Wish(file=root / "a.wav", before=before, after=wanted)
        book.answer([a_wish], who="me", said="said")
        states.append(book.path.read_text())
    events = book.history.events()
    assert [(event.who, event.said) for event in events] == [
        ("me", "found"), ("me", "said"), ("me", "said"), ("me", "said")
    ]  # fmt: skip
    assert events[1].changes[0].before == "Jazz"
    assert events[1].changes[0].after == "pop"
    assert events[1].when.endswith("+00:00")
    for number in (2, 0, 3, 1):
        book.restore(str(number), who="me")
        assert book.path.read_text() == states[number]
    book.restore(events[-1].when, who="me")  # all within a second: the last of them


def test_an_answer_is_taken_back(root: Path) -> None:
    book = book_of(root)
    number = book.answer(
        [wish(root, "a.wav", "jazz", None), wish(root, "b.wav", "drum_and_bass|rock", "pop")],
        who="me",
        said="not music",
    )
    book.undo(number, who="me")
    assert book.path.read_text() == TEXT
    number = book.answer([wish(root, "c.wav", None, "Ska")], who="me", said="add")
    assert book.path.read_text() == TEXT + ",c.wav,Ska,\n"
    book.undo(number, who="me")
    assert book.path.read_text() == TEXT
    number = book.answer([wish(root, "a.wav", "jazz", "pop")], who="me", said="add")
    book.answer([wish(root, "a.wav", "pop", "rock")], who="you", said="add")
    with pytest.raises(ChangedMeanwhileError, match=r"now 'rock'"):
        book.undo(number, who="me")


def test_two_pages_do_not_overwrite_each_other(root: Path) -> None:
    one, other = book_of(root), book_of(root)
    one.answer([wish(root, "a.wav", "jazz", "pop")], who="me", said="x")
    with pytest.raises(ChangedMeanwhileError, match="changed meanwhile: it is now 'pop'"):
        other.answer([wish(root, "a.wav", "jazz", "rock")], who="you", said="x")
    other.answer([wish(root, "b.wav", "drum_and_bass|rock", "ska")], who="you", said="x")
    assert one.labels() == {root / "a.wav": ("pop",), root / "b.wav": ("ska",)}


def test_what_an_editor_saved_meanwhile_stays_and_is_in_the_history(root: Path) -> None:
    book = book_of(root)
    book.answer([wish(root, "a.wav", "jazz", "pop")], who="me", said="x")
    edited = book.path.read_text().replace("calm", "wild")
    book.path.write_text(edited)
    book.answer([wish(root, "b.wav", "drum_and_bass|rock", "ska")], who="me", said="x")
    assert book.path.read_text() == edited.replace("rock|Drum & Bass", "ska")
    assert [event.said for event in book.history.events()][2] == "edited elsewhere"
    book.restore("2", who="me")
    assert book.path.read_text() == edited


def test_a_save_at_this_very_moment_wins(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_of(root)
    add = Pen.add

    def saved_meanwhile(pen: Pen, events: Sequence[Event]) -> None:
        add(pen, events)
        if not events[-1].is_state:
            book.path.write_text(TEXT.replace("calm", "wild"))

    monkeypatch.setattr(Pen, "add", saved_meanwhile)
    with pytest.raises(ChangedMeanwhileError, match="this very moment"):
        book.answer([wish(root, "a.wav", "jazz", "pop")], who="me", said="x")
    assert book.path.read_text() == TEXT.replace("calm", "wild")
    assert book.history.events() == []


def test_a_full_disk_loses_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_of(root)
    book.answer([wish(root, "a.wav", "jazz", "pop")], who="me", said="x")
    before, told = book.path.read_text(), book.history.path.read_bytes()

    def full(_path: Path, _text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(book_module, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        book.answer([wish(root, "a.wav", "pop", "rock")], who="me", said="x")
    assert (book.path.read_text(), book.history.path.read_bytes()) == (before, told)


def test_a_place_that_cannot_be_written_is_said_first(tmp_path: Path) -> None:
    book = LabelBook(tmp_path, tmp_path / "absent" / "labels.csv")
    with pytest.raises(ConfigError, match="name another one with --labels-file"):
        book.check_writable()
    LabelBook(tmp_path, tmp_path / "labels.csv").check_writable()
    assert list(tmp_path.iterdir()) == []


def test_a_table_is_made_once_and_can_go_away_again(tmp_path: Path) -> None:
    write_sound(tmp_path / "a.wav")
    book = LabelBook(tmp_path, tmp_path / "labels.csv", first=lambda: "path,genres\na.wav,jazz\n")
    with pytest.raises(GenreError, match="must be made before"):
        book.answer([wish(tmp_path, "a.wav", "jazz", "pop")], who="me", said="x")
    book.make(who="me")
    book.answer([wish(tmp_path, "a.wav", "jazz", "pop")], who="me", said="x")
    book.make(who="me")
    assert book.path.read_text() == "path,genres\na.wav,pop\n"
    book.restore("0", who="me")
    assert not book.is_there
    book.restore("2", who="me")
    assert book.path.read_text() == "path,genres\na.wav,pop\n"


def test_no_track_is_left_without_a_genre_and_a_broken_table_is_said(root: Path) -> None:
    book = book_of(root)
    nothing = Wish(file=root / "a.wav", before=("jazz",), after=())
    with pytest.raises(GenreError, match="must have a genre"):
        book.answer([nothing], who="me", said="x")
    book.path.write_bytes(b"path,genres\na.wav,\xff\n")
    with pytest.raises(DatasetError, match="must be UTF-8"):
        book.answer([wish(root, "a.wav", "jazz", "pop")], who="me", said="x")


def _answer(root: Path, name: str) -> None:
    before: tuple[str, ...] = ("jazz",)
    book = book_of(root)
    for number in range(12):
        book.answer([Wish(file=root / name, before=before, after=(f"g{number}",))],
                    who=name, said="x")  # fmt: skip
        before = (f"g{number}",)


@pytest.mark.slow
def test_two_processes_that_answer_at_once_lose_nothing(root: Path) -> None:
    write_labels(root, "path,genres\na.wav,jazz\nb.wav,jazz\n")
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_answer, args=(root, name)) for name in ("a.wav", "b.wav")]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    book = book_of(root)
    assert book.path.read_text() == "path,genres\na.wav,g11\nb.wav,g11\n"
    events = book.history.events()
    assert len(events) == 25
    book.restore("0", who="me")
    assert book.path.read_text() == "path,genres\na.wav,jazz\nb.wav,jazz\n"
