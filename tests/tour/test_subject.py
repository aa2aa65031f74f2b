"""What a tour reads of music and experiment."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre.addresses import place
from genre.errors import DatasetError
from genre.evaluation.inputs import RunPlace
from genre.evaluation.inputs.records import Winner
from genre.tour import Tour
from genre.tour.subject import Subject


def test_the_run_shown_is_the_one_chosen(small_tour: Tour) -> None:
    subject = small_tour.subject
    assert subject.best.place.name == "attnTrue_lossbce/seed0"
    assert subject.bundle.genres == subject.selection.vocabulary.genres
    assert [track.track_id for track in subject.test_tracks] == list(subject.split.test)
    assert sorted(subject.run.track_id) == sorted(subject.split.test)
    assert subject.example in subject.test_tracks
    assert subject.mel.shape[1] == subject.mel_config.n_mels


@pytest.mark.parametrize(
    ("winner", "shown"),
    [
        ("attnTrue_lossbce/seed1/fold1", "attnTrue_lossbce/seed1/fold1"),
        ("baselines/fold1", "attnTrue_lossbce/seed0/fold1"),
        ("baselines", "attnTrue_lossbce/seed0/fold0"),
    ],
)
def test_the_run_shown_has_not_learned_what_the_model_is_tested_on(
    winner: str, shown: str, small_tour: Tour
) -> None:
    known = small_tour.subject.experiment
    places = [
        RunPlace(configuration="attnTrue_lossbce", seed=seed, fold=fold)
        for seed in (0, 1)
        for fold in (0, 1)
    ]
    records = tuple(replace(known.records[0], place=place) for place in places)
    described = replace(known.description, winner=Winner(run=winner, config_name="x"))
    subject = Subject(
        small_tour.subject.music, replace(known, records=records, description=described)
    )
    vars(subject)["comparison"] = small_tour.subject.comparison
    assert subject.best.place.name == shown


def test_only_what_was_made_here_is_heard(small_tour: Tour) -> None:
    subject = small_tour.subject
    (sound,) = subject.sound_of(subject.example)
    assert len(sound.samples) == 10 * sound.sample_rate
    assert subject.sound_of(replace(subject.example, sha256="0" * 64)) == ()


def test_without_a_training_of_it_nothing_can_be_shown(small_tour: Tour) -> None:
    known = small_tour.subject.experiment
    frozen = replace(known.records[0].record, config={"architecture": "frozen"})
    for records in ((), (replace(known.records[0], record=frozen),)):
        subject = Subject(small_tour.subject.music, replace(known, records=records))
        vars(subject)["comparison"] = small_tour.subject.comparison
        with pytest.raises(DatasetError, match="must hold a finished training of a network"):
            _ = subject.best


def test_of_a_frozen_winner_the_best_trained_network_is_shown(small_tour: Tour) -> None:
    known = small_tour.subject.experiment
    (name,) = known.runs
    (record,) = known.records
    winner = replace(
        record,
        place=replace(record.place, configuration="frozen_x"),
        record=replace(record.record, config={"architecture": "frozen"}),
    )
    runs = {name: known.runs[name], "frozen_x": known.runs[name]}
    described = replace(known.description, winner=Winner(config_name="frozen_x"))
    experiment = replace(known, records=(winner, record), runs=runs, description=described)
    subject = Subject(small_tour.subject.music, experiment)
    vars(subject)["comparison"] = replace(small_tour.subject.comparison, experiment=experiment)
    assert subject.best.place.configuration == name


def test_what_lies_elsewhere_is_not_heard(small_tour: Tour) -> None:
    subject = Subject(small_tour.subject.music, small_tour.subject.experiment)
    far = replace(small_tour.subject.example, path=place("s3://far/a.wav"))
    vars(subject)["example"] = far
    with pytest.raises(DatasetError, match="must lie on this machine"):
        _ = subject.waveform


def test_genres_are_written_as_their_owner_does(small_tour: Tour) -> None:
    subject = small_tour.subject
    described = replace(subject.experiment.description, display_names={"rock": "Rock & Roll"})
    other = Subject(subject.music, replace(subject.experiment, description=described))
    assert "Rock & Roll" in other.genres
    rock = next(track for track in subject.selection.tracks if track.genres == ("rock",))
    assert other.genres_of(rock) == "Rock & Roll"
    assert Path(str(rock.path)).exists()


def test_attention_is_shown_of_the_best_that_has_any(small_tour: Tour) -> None:
    known = small_tour.subject.experiment
    (name,) = known.runs
    (record,) = known.records
    plain = {**record.record.config, "model": {"channel_attention": False}}
    other = replace(
        record,
        place=replace(record.place, configuration="attnFalse_lossbce"),
        record=replace(record.record, config=plain),
    )
    runs = {"attnFalse_lossbce": known.runs[name], name: known.runs[name]}
    described = replace(known.description, winner=Winner(config_name="attnFalse_lossbce"))
    experiment = replace(known, records=(other, record), runs=runs, description=described)
    subject = Subject(small_tour.subject.music, experiment)
    vars(subject)["comparison"] = replace(small_tour.subject.comparison, experiment=experiment)
    assert subject.best is other
    assert subject.attending is record
    alone = Subject(subject.music, replace(experiment, records=(other,)))
    vars(alone)["comparison"] = subject.comparison
    assert alone.attending is alone.best
