"""`genre review` as a user sees it: genre.cli.review."""

import json
from pathlib import Path

import pytest

from genre.cli import main
from genre.evaluation.scores import PartScores, RunScores, save_scores
from genre.review.answers import Answer
from genre.review.session import Session
from tests.review.examples import GENRES, SCORES, small_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    small_folder(folder / "music")
    return folder


@pytest.fixture
def experiment(folder: Path, tmp_path: Path) -> Path:
    """Write an experiment of one run that judges all tracks but one."""
    import numpy as np

    for path in (folder / "music").glob("labels.*"):
        path.unlink()
    run = tmp_path / "exp" / "attnTrue_lossbce" / "seed0"
    names = np.array(sorted(SCORES)[1:])
    truth = np.array([[genre == name.split("/")[0] for genre in GENRES] for name in names])
    part = PartScores(
        track_id=names,
        artist=names,
        y_true=truth,
        y_score=np.array([SCORES[str(name)] for name in names]),
        window_score=np.array([SCORES[str(name)] for name in names]),
        window_track=np.arange(len(names)),
    )
    empty = PartScores(
        track_id=names[:0],
        artist=names[:0],
        y_true=truth[:0],
        y_score=part.y_score[:0],
        window_score=part.y_score[:0],
        window_track=np.arange(0),
    )
    save_scores(
        run / "scores.npz",
        RunScores(
            genres=GENRES,
            thresholds=np.full(3, 0.5),
            train_prior=np.full(3, 0.3),
            val=empty,
            test=part,
        ),
    )
    (run / "record.json").write_text('{"finished": true}')
    description = {"data": str(folder / "music")}
    (tmp_path / "exp" / "experiment.json").write_text(json.dumps(description))
    return tmp_path / "exp"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Session]:
    """Answer one track in place of a person at the page."""
    sessions: list[Session] = []

    def serve(session: Session, *_: object, **__: object) -> None:
        sessions.append(session)
        session.make_table()
        two = next(item for item in session.queue().items if item.track_id.endswith("Two.wav"))
        session.answer(
            Answer(
                key=session.key_of(two.file),
                action="change",
                before=two.genres,
                label="jazz",
                genre="rock",
            )
        )

    monkeypatch.setattr("genre.serving.reviewing.serve_review", serve)
    return sessions


def words(experiment: Path, folder: Path, *more: str) -> list[str]:
    return ["review", str(experiment), "--cache", str(folder / "cache"), "--who", "me", *more]


def test_answers_go_beside_the_music_and_come_back(
    experiment: Path, folder: Path, served: list[Session], capsys: pytest.CaptureFixture[str]
) -> None:
    music = folder / "music"
    before = {path: path.read_bytes() for path in music.rglob("*.wav")}
    assert main(words(experiment, folder, "--n-workers", "1")) == 0
    assert len(served) == 1
    said = capsys.readouterr().out
    assert "of 5 tracks" in said
    assert "1 track could not be judged: every run trained on them" in said
    assert "jazz/Ann - Two.wav,rock,Ann,," in (music / "labels.csv").read_text()
    assert main(words(experiment, folder, "--history")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("2  ")
    assert lines[2].endswith("me  change  jazz/Ann - Two.wav: jazz → rock")
    assert main(words(experiment, folder, "--restore", "1")) == 0
    assert "is again as on" in capsys.readouterr().out
    assert "jazz/Ann - Two.wav,jazz,Ann,," in (music / "labels.csv").read_text()
    # nothing else was written, and no audio file was touched
    assert {path: path.read_bytes() for path in music.rglob("*.wav")} == before
    assert sorted(path.name for path in music.glob("*.*")) == ["labels.csv", "labels.history.jsonl"]


def test_the_table_may_lie_elsewhere_and_begins_as_labels_csv(
    experiment: Path, folder: Path, served: list[Session], tmp_path: Path
) -> None:
    own = folder / "music" / "labels.csv"
    listed = "\n".join(f"calm,{name},{name.split('/')[0]}" for name in sorted(SCORES))
    own.write_text(f"mood,path,genres\n{listed}\n")
    elsewhere = tmp_path / "mine.csv"
    options = ("--labels-file", str(elsewhere), "--n-workers", "1")
    assert main(words(experiment, folder, *options)) == 0
    assert served[0].book.path == elsewhere
    assert elsewhere.read_text() == own.read_text().replace("Two.wav,jazz", "Two.wav,rock")
    assert (tmp_path / "mine.history.jsonl").is_file()


def test_the_tree_of_genres_is_that_of_training(
    experiment: Path,
    folder: Path,
    served: list[Session],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    genres = tmp_path / "mine.toml"
    genres.write_text('[ROCK]\nparents = ["pop"]\n')
    options = ("--genres", str(genres), "--n-workers", "1")
    assert main(words(experiment, folder, *options)) == 0
    assert served[0].called("rock") == "ROCK"
    assert served[0].tree.whole(["rock"]) == ("pop", "rock")
    genres.write_text('[ROCK]\nparents = ["popp"]\n')
    assert main(words(experiment, folder, *options)) == 1
    assert "did you mean pop?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--data", "absent"), "data=absent must be the folder of tracks"),
        (("--labels-file", "absent/x.csv"), "name another one with --labels-file FILE"),
        (("--restore", "3"), "must have a history"),
        (("--new", "absent"), "new=absent must be a folder of audio files"),
    ],
)
def test_wrong_words_are_said(
    experiment: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    message: str,
) -> None:
    assert main(words(experiment, folder, "--n-workers", "1", *more)) == 1
    assert message in capsys.readouterr().err


def test_a_folder_that_is_no_experiment_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", str(tmp_path / "absent")]) == 1
    assert "must be the folder of an experiment" in capsys.readouterr().err
