"""genre.review.session: answers change labels, the queue follows, and the last can be undone."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.errors import GenreError
from genre.genre_tree import GenreTree
from genre.review.answers import Answer
from genre.review.book import LabelBook
from genre.review.queue import Item
from genre.review.reasons import UNLABELLED, Reason
from genre.review.session import Session
from genre.review.table import ChangedMeanwhileError
from tests.browser import write_noise
from tests.review.examples import small_folder, small_session


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("review")
    return small_session(small_folder(folder / "music"), folder / "cache")


@pytest.fixture
def session(whole: Session) -> Session:
    for path in whole.book.root.glob("labels.*"):
        path.unlink()
    return replace(whole, _done=[])


def key(session: Session, name: str) -> str:
    return session.key_of(session.book.root / name)


def answer(session: Session, name: str, action: str, before: str, **more: str) -> int:
    wanted = Answer(key=key(session, name), action=action, before=tuple(before.split("|")), **more)
    return session.answer(wanted)


TWO = "jazz/Ann - Two.wav"


def test_nothing_is_written_before_it_was_asked(session: Session) -> None:
    assert session.lacks_table
    with pytest.raises(GenreError, match="must be made before"):
        answer(session, TWO, "accept", "jazz")
    session.make_table()
    assert session.book.path.read_text().splitlines()[:3] == [
        "path,genres,artist,split,fold",
        "jazz/Ann - One.wav,jazz,Ann,,",
        "jazz/Ann - Two.wav,jazz,Ann,,",
    ]


def test_an_answer_leaves_the_queue_and_comes_back_when_it_is_taken_back(session: Session) -> None:
    session.make_table()
    before = [item.track_id for item in session.queue().items]
    assert TWO in before
    assert answer(session, TWO, "change", "jazz", label="jazz", genre="rock") == 1
    queue = session.queue()
    assert TWO not in [item.track_id for item in queue.items]
    progress = session.progress(queue)
    assert (progress.n_answered, progress.n_changed) == (1, 1)
    assert progress.of_genre["rock"][:2] == (3, 1)
    session.undo()
    assert [item.track_id for item in session.queue().items] == before
    with pytest.raises(GenreError, match="no answer of this session"):
        session.undo()


def test_every_action_does_what_it_says(session: Session) -> None:
    session.make_table()
    one = "jazz/Ann - One.wav"
    path = session.book.root / one
    answer(session, one, "add", "jazz", genre="Ska Punk")
    assert session.book.labels()[path] == ("jazz", "ska_punk")
    answer(session, one, "remove", "jazz|ska_punk", label="jazz")
    assert session.book.labels()[path] == ("ska_punk",)
    with pytest.raises(GenreError, match="must have a genre"):
        answer(session, one, "remove", "ska_punk", label="ska_punk")
    answer(session, one, "accept", "ska_punk")
    answer(session, one, "not music", "ska_punk")
    assert path not in session.book.labels()
    assert one not in [track.track_id for track in session.tracks()]
    with pytest.raises(GenreError, match="control characters"):
        answer(session, TWO, "add", "jazz", genre="a|b\n")
    with pytest.raises(GenreError, match="action="):
        answer(session, TWO, "sing", "jazz")


def test_other_names_of_a_tree_are_its_genres_and_stay_as_they_are_written(
    session: Session,
) -> None:
    session.make_table()
    session.book.path.write_text(
        session.book.path.read_text().replace("Two.wav,jazz", "Two.wav,Swing|Be Bop|pop")
    )
    names = {"jazz": "JAZZ"}
    tree = GenreTree(also={"swing": "jazz", "be_bop": "jazz"}, names=names)
    session = replace(session, tree=tree, _done=[])
    item = next(item for item in session.queue().items if item.track_id == TWO)
    assert item.genres == ("jazz", "pop")
    assert item.reasons[0].words.endswith("rather than its label JAZZ (0.10)")
    answer(session, TWO, "add", "jazz|pop", genre="rock")
    assert "Two.wav,Swing|Be Bop|pop|rock," in session.book.path.read_text()
    answer(session, TWO, "remove", "jazz|pop|rock", label="jazz")
    assert "Two.wav,pop|rock," in session.book.path.read_text()


def test_a_whole_artist_or_album_is_answered_at_once(session: Session) -> None:
    session.make_table()
    assert answer(session, TWO, "add", "jazz", genre="Swing", scope="artist") == 2
    labels = session.book.labels()
    assert [labels[path] for path in sorted(labels)][:2] == [("jazz", "swing")] * 2
    session.undo()
    assert answer(session, TWO, "accept", "jazz", scope="album") == 2
    assert len(session.book.answered()) == 2


def test_two_pages_see_each_other(session: Session) -> None:
    session.make_table()
    other = replace(session, book=LabelBook(session.book.root, session.book.path), _done=[])
    answer(other, TWO, "change", "jazz", label="jazz", genre="rock")
    with pytest.raises(ChangedMeanwhileError, match="it is now rock"):
        answer(session, TWO, "change", "jazz", label="jazz", genre="pop")
    assert TWO not in [item.track_id for item in session.queue().items]


def test_only_tracks_of_the_review_are_served(session: Session, tmp_path: Path) -> None:
    assert session.file_of(key(session, TWO)) == session.book.root / TWO
    assert session.file_of("../labels.csv") is None
    outside = write_noise(tmp_path / "outside.wav", 0.2)
    link = session.book.root / "jazz" / "Ann - One.wav"
    kept = link.read_bytes()
    link.unlink()
    link.symlink_to(outside)
    try:
        assert session.file_of(key(session, "jazz/Ann - One.wav")) is None
    finally:
        link.unlink()
        link.write_bytes(kept)


def test_new_tracks_get_a_table_of_their_own(session: Session, tmp_path: Path) -> None:
    file = write_noise(tmp_path / "new.wav", 0.2)
    reason = Reason(kind=UNLABELLED, words="new", weight=1.0, suggested="rock")
    item = Item(track_id="new.wav", file=file, genres=(), artist="", album="", reasons=(reason,))
    book = LabelBook(tmp_path, tmp_path / "labels.csv")
    both = replace(session, newcomers=(item,), new_book=book, _done=[])
    both.make_table()
    assert item in both.queue().items
    both.answer(Answer(key=both.key_of(file), action="change", before=(), genre="rock"))
    assert book.path.read_text() == "path,genres\nnew.wav,rock\n"
    assert item not in both.queue().items
    both.undo()
    assert book.path.read_text() == "path,genres\n"
    assert item in both.queue().items


def test_one_file_that_is_listed_twice_is_answered_as_one(tmp_path: Path) -> None:
    root = small_folder(tmp_path / "music")
    (root / "copy.wav").write_bytes((root / TWO).read_bytes())
    table = "".join(f"{p.relative_to(root)},{p.parent.name}\n" for p in root.rglob("*/*.wav"))
    (root / "labels.csv").write_text(f"path,genres\n{table}copy.wav,rock\n")
    session = small_session(root, tmp_path / "cache")
    # the first of the two by name is the one that stands for both
    item = next(item for item in session.queue().items if item.track_id == "copy.wav")
    assert item.genres == ("jazz", "rock")
    assert item.reasons[0].words.startswith("the same file lies there 2 times")
    answer(session, "copy.wav", "remove", "jazz|rock", label="rock")
    labels = session.book.labels()
    assert labels[root / "copy.wav"] == labels[root / TWO] == ("jazz",)
    session.undo()
    assert session.book.path.read_text() == f"path,genres\n{table}copy.wav,rock\n"
