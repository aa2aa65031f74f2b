"""What a run and an experiment say of themselves: keys on disk, old files, look-ups."""

from genre.evaluation.inputs.records import (
    Description,
    QuarantinedFile,
    RunRecord,
    SplitFacts,
    Winner,
)

# As they have been written since the first release: programs read them.
KEYS_OF_A_RECORD = (
    *("finished", "config_name", "seed", "fold", "command", "recipe", "config", "versions"),
    *("device", "precision", "threads", "identity", "data_hash", "split_hash", "n_parameters"),
    "onnx_difference",
    *("best_epoch", "n_epochs", "metrics", "calibration", "commit", "wall_seconds"),
    *("window_ms", "windows_per_second"),
)
KEYS_OF_A_DESCRIPTION = (
    *("data", "command", "config", "split_by", "n_folds", "n_tracks", "n_artists"),
    *("artists", "n_unknown_artists", "genres"),
    *("dropped_genres", "n_tracks_dropped", "n_quarantined", "quarantined", "warnings", "splits"),
    *("configs", "seeds"),
)


def test_the_keys_on_disk_stay() -> None:
    assert list(RunRecord().to_json()) == list(KEYS_OF_A_RECORD)
    assert list(Description().to_json()) == list(KEYS_OF_A_DESCRIPTION)
    chosen = Description(winner=Winner(run="a/seed0", config_name="a")).to_json()
    assert list(chosen) == [*KEYS_OF_A_DESCRIPTION, "winner"]
    assert Description(folds="6 folds").to_json()["folds"] == "6 folds"
    assert chosen["winner"] == {"run": "a/seed0", "config_name": "a"}
    assert list(SplitFacts().to_json()) == ["fold", "hash", "n_train", "n_val", "n_test"]
    assert list(QuarantinedFile().to_json()) == ["path", "sha256", "stage", "kind", "message"]


def test_a_record_of_an_older_version_is_read() -> None:
    record = RunRecord.from_json({"finished": True, "commit": "abc"}, "record.json")
    assert (record.finished, record.commit) == (True, "abc")
    assert (record.identity, record.n_epochs, record.wall_seconds) == ("", None, None)
    assert record.metric("val", "macro_ap") is None
    assert record.settings() == {}


def test_a_record_of_a_newer_version_loses_nothing() -> None:
    content = RunRecord(finished=True, fold=2).to_json() | {"mood": {"happy": 0.5}}
    assert RunRecord.from_json(content, "record.json").to_json() == content


def test_a_figure_is_looked_up() -> None:
    record = RunRecord(metrics={"val": {"macro_ap": 0.5, "macro_auc": None}})
    assert record.metric("val", "macro_ap") == 0.5
    assert record.metric("val", "macro_auc") is None
    assert record.metric("test", "macro_ap") is None


def test_settings_are_flat() -> None:
    config = {"loss": "bce", "training": {"epochs": 3, "augment": {"gain_db": 6.0}}, "none": {}}
    assert RunRecord(config=config).settings() == {
        "loss": "bce",
        "training.epochs": 3,
        "training.augment.gain_db": 6.0,
    }


def test_a_description_is_read_with_its_parts() -> None:
    content = {
        "splits": [{"fold": 1, "hash": "ab", "n_test": 9}],
        "quarantined": [{"path": "a.mp3", "message": "is empty"}],
        "seeds": [0, 1],
        "winner": {"config_name": "a"},
    }
    read = Description.from_json(content, "experiment.json")
    assert read.splits == (SplitFacts(fold=1, hash="ab", n_test=9),)
    assert read.quarantined == (QuarantinedFile(path="a.mp3", message="is empty"),)
    assert read.seeds == (0, 1)
    assert read.winner == Winner(config_name="a")
