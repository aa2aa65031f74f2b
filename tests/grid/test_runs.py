"""What a grid expands to, and which run is the best: genre.grid.runs."""

from dataclasses import replace
from pathlib import Path

from genre.evaluation.inputs import RecordedRun, RunFolder, RunPlace, RunRecord
from genre.grid import GridConfig, runs
from genre.grid.runs import expand
from tests.synthetic import corpus, split_of


def test_expands_seed_by_seed_with_folders_of_their_own() -> None:
    config = GridConfig(out=Path("r"), configs=("attnTrue_lossbce", "attnFalse_lossbce"), seeds=2)
    data = corpus(n_artists=4)
    split = split_of(data)
    folders = [run.folder.as_posix() for run, _ in expand(config, data, [split])]
    assert folders == [
        "r/attnTrue_lossbce/seed0",
        "r/attnFalse_lossbce/seed0",
        "r/attnTrue_lossbce/seed1",
        "r/attnFalse_lossbce/seed1",
    ]
    folds = [replace(split, fold=fold) for fold in (1, 2)]
    folders = [run.folder.as_posix() for run, _ in expand(config, data, folds)]
    assert folders[:2] == ["r/attnTrue_lossbce/seed0/fold1", "r/attnTrue_lossbce/seed0/fold2"]
    assert len(set(folders)) == 8


def test_a_seed_cuts_training_and_validation_anew_alike_for_all_configurations() -> None:
    config = GridConfig(configs=("attnTrue_lossbce", "attnFalse_lossbce"), seeds=3)
    data = corpus(n_artists=8)
    split = split_of(data)
    cuts = [cut for _, cut in expand(config, data, [split])]
    assert cuts[0] == split
    for first, second in zip(cuts[::2], cuts[1::2], strict=True):
        assert first == second
    assert {cut.test for cut in cuts} == {split.test}
    assert len({cut.hash for cut in cuts}) == 3


def measured(name: str, macro_ap: float | None, *, test: float = 1.0) -> RecordedRun:
    configuration, _, seed = name.partition("/seed")
    record = RunRecord(metrics={"val": {"macro_ap": macro_ap}, "test": {"macro_ap": test}})
    place = RunPlace(configuration=configuration, seed=int(seed))
    return RecordedRun(place=place, folder=RunFolder(Path(name)), record=record)


def test_the_best_is_chosen_on_validation_alone() -> None:
    records = [
        measured("a/seed0", 0.2, test=5.0),
        measured("b/seed0", 0.9),
        measured("c/seed0", None),
    ]
    assert runs._choose(records, "multilabel") is records[1]


def test_one_lucky_cut_does_not_choose_a_configuration() -> None:
    lucky = [measured(f"a/seed{seed}", value) for seed, value in enumerate((1.0, 0.4, 0.5))]
    steady = [measured(f"b/seed{seed}", value) for seed, value in enumerate((0.8, 0.9, 0.7))]
    assert runs._choose([*lucky, *steady], "multilabel") is steady[1]


def test_where_nothing_can_be_measured_one_is_chosen_all_the_same() -> None:
    only = measured("a/seed0", None)
    assert runs._choose([only], "multilabel") is only


def test_exclusive_genres_are_chosen_by_accuracy_and_then_by_log_loss() -> None:
    def answered(name: str, accuracy: float, log_loss: float) -> RecordedRun:
        run = measured(name, 1.0)
        figures = {"accuracy": accuracy, "log_loss": log_loss, "macro_ap": 1.0}
        return replace(run, record=replace(run.record, metrics={"val": figures}))

    records = [answered("a/seed0", 0.8, 0.5), answered("b/seed0", 0.9, 0.7)]
    assert runs._choose(records, "exclusive") is records[1]
    records += [answered("c/seed0", 0.9, 0.6)]
    assert runs._choose(records, "exclusive") is records[2]


def test_logistic_regression_can_win_and_of_equals_the_network_does() -> None:
    network, fitted = measured("a/seed0", 0.6), measured("logistic/seed0", 0.7)
    assert runs._choose([network, fitted], "multilabel") is fitted
    assert runs._choose([network, measured("logistic/seed0", 0.6)], "multilabel") is network
