"""genre.review.complete: the first labels.csv lets the next training see the same tracks."""

from pathlib import Path

from genre.dataset.labels import Vocabulary
from genre.dataset.layouts import scan
from genre.dataset.splits import Split, SplitConfig, make_folds, make_split, save_split
from genre.dataset.tracks import tracks_hash
from genre.evaluation.inputs import ExperimentFolder
from genre.review import LabelBook
from genre.review.complete import complete_table, load_splits, part_column
from tests.dataset_examples import write_sound


def folders(root: Path) -> Path:
    """Write a folder per genre; names that need care, and a recording in two folders."""
    for number in range(12):
        genre = ("Drum & Bass", "jazz")[number % 2]
        write_sound(root / genre / f"Artist {number}, the - Song.wav", 0.01 * (number + 1))
    write_sound(root / "rock+pop" / "nobody.wav", 0.9)
    write_sound(root / "jazz" / "copy.wav", 0.01)
    return root


def test_the_same_tracks_genres_artists_and_parts_are_read_again(tmp_path: Path) -> None:
    root = folders(tmp_path / "music")
    found = scan(root)
    vocabulary = Vocabulary(("drum_and_bass", "jazz", "pop", "rock"))
    split = make_split(found.tracks, vocabulary, SplitConfig())
    text = complete_table(found, [split])
    (root / "labels.csv").write_text(text)
    again = scan(root)
    assert again.layout == "labels-csv"
    seen = [(t.track_id, t.genres, t.artist, t.sha256) for t in found.tracks]
    assert [(t.track_id, t.genres, t.artist, t.sha256) for t in again.tracks] == seen
    assert "Drum & Bass" in text
    config = SplitConfig(seed=7)
    assert make_split(again.tracks, vocabulary, config).hash == split.hash
    # and now they cannot change any more by what else the table says
    assert tracks_hash(again.tracks) == tracks_hash(scan(root).tracks)


def test_folds_are_kept_as_folds(tmp_path: Path) -> None:
    found = scan(folders(tmp_path / "music"))
    vocabulary = Vocabulary(("drum_and_bass", "jazz", "pop", "rock"))
    folds = make_folds(found.tracks, vocabulary, n_folds=3)
    for fold in folds:
        save_split(fold, ExperimentFolder(tmp_path / "exp").split(fold.fold))
    read = load_splits(ExperimentFolder(tmp_path / "exp"))
    (tmp_path / "music" / "labels.csv").write_text(complete_table(found, read))
    again = scan(tmp_path / "music")
    for fold in folds:
        assert {t.track_id for t in again.tracks if t.fold == fold.fold} == set(fold.test)


def test_a_table_without_parts_gets_those_of_now(tmp_path: Path) -> None:
    root = folders(tmp_path / "music")
    listed = "".join(f'"{t.track_id}",{"|".join(t.genres)}\n' for t in scan(root).tracks)
    (root / "labels.csv").write_text(f"path,genres\n{listed}jazz/copy.wav,jazz\n")
    vocabulary = Vocabulary(("drum_and_bass", "jazz", "pop", "rock"))
    found = scan(root)
    split = make_split(found.tracks, vocabulary, SplitConfig())
    book = LabelBook(root, root / "labels.csv", column=part_column(found, [split]))
    lacked = book.lacks_column
    book.make(who="me")
    assert (lacked, book.lacks_column) == (True, False)
    again = scan(root)
    assert [t.track_id for t in again.tracks] == [t.track_id for t in found.tracks]
    # even where other labels would divide them otherwise
    text = book.path.read_text().replace(",jazz,", ",pop,")
    book.path.write_text(text)
    assert text.splitlines()[0] == "path,genres,split"
    other = make_split(scan(root).tracks, vocabulary, SplitConfig(seed=7))
    assert (
        other.hash == split.hash != make_split(found.tracks, vocabulary, SplitConfig(seed=7)).hash
    )
    book.restore("0", who="me")
    assert book.path.read_text() == f"path,genres\n{listed}jazz/copy.wav,jazz\n"
    fold = Split(train=(), val=(), test=(found.tracks[0].track_id,), fold=3)
    name, of_file = part_column(found, [fold]) or ("", {})
    assert (name, of_file[found.tracks[0].file]) == ("fold", "3")
    assert part_column(found, []) is None


def test_tracks_of_no_part_have_none(tmp_path: Path) -> None:
    found = scan(folders(tmp_path / "music"))
    none = Split(train=(), val=(), test=())
    assert complete_table(found, [none]).splitlines()[-1] == "rock+pop/nobody.wav,pop|rock,,,"
