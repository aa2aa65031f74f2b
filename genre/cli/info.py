"""`genre info`: what a model knows, what it was trained on, and how well it did."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from genre.cli.bundles import bundle_at, has_bundle
from genre.cli.options import OptionParser
from genre.cli.tag_output import name_of
from genre.evaluation.inputs.folder import ExperimentFolder
from genre.evaluation.inputs.records import Description, RunRecord
from genre.inference.bundle import Bundle, load_bundle
from genre.wording import aligned, counted, listed, printable, shown

_GENRES_SHOWN = 40
# By task; what the networks were chosen by comes first.
_FIGURES = {
    "multilabel": {"macro_ap": "macro AP", "weighted_f1": "weighted F1"},
    "exclusive": {"accuracy": "accuracy", "macro_f1": "macro F1"},
}
_QUESTIONS = {
    "multilabel": "which of them a track has",
    "exclusive": "which one of them a track is",
}


def run(argv: Sequence[str]) -> int:
    """Print what is known of a model, or of an experiment and its best model.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre info`.

    Returns
    -------
    int
        The exit status.
    """
    folder: Path = make_parser().read(argv).folder
    places = ExperimentFolder(folder)
    if not has_bundle(folder) and places.description.is_file():
        print("\n".join(_of_experiment(places)))
        if has_bundle(places.best):
            print(f"\nbest on validation: {name_of(places.best)}")
            print("\n".join(_of_bundle(load_bundle(places.best))))
        return 0
    folder = bundle_at(folder)
    print(f"model: {name_of(folder)}")
    above = ExperimentFolder(folder.parent)
    if above.description.is_file() and above.best == folder:
        print("\n".join(_data_lines(above.read_description())))
    print("\n".join(_of_bundle(load_bundle(folder))))
    return 0


def make_parser() -> OptionParser:
    """Make the parser of `genre info`."""
    parser = OptionParser(
        prog="genre info",
        description=(
            "Show what a model knows, what it was trained on and how well it did; of an "
            "experiment, what it trained, and its best model."
        ),
    )
    parser.add_argument(
        "folder", type=Path, help="Of a model, results/demo/best, or an experiment, results/demo."
    )
    return parser


def _of_bundle(bundle: Bundle) -> Iterator[str]:
    task = bundle.rule.task
    record = RunRecord.from_json(bundle.provenance, "the model's provenance")
    names = [bundle.names[genre] for genre in bundle.genres]
    yield from _rows(
        {
            "genres": f"{len(names)}: {listed(names, limit=_GENRES_SHOWN)}",
            "answers": _QUESTIONS[task],
            "below others": f"{len(bundle.parents)} genres" if bundle.parents else "",
            "network": _network(bundle, record),
            "hears": f"{bundle.windows.window_seconds:g} s every {bundle.windows.step_seconds:g} s",
            "trained by": record.command,
            "code": (record.commit or "")[:12],
            "data hash": record.data_hash,
        }
    )
    yield from _scored(record, _FIGURES[task])


def _network(bundle: Bundle, record: RunRecord) -> str:
    name = record.config_name or bundle.model_name
    size = f"{bundle.n_parameters:,} weights" if bundle.n_parameters else ""
    ears = ", ".join(f"on {origin.name}" for origin in bundle.backbones)
    return ", ".join(part for part in (name, size, ears) if part)


def _scored(record: RunRecord, figures: Mapping[str, str]) -> Iterator[str]:
    """Write what was measured; `val` chose the model, so that `test` alone is honest."""
    for part, title in (("test", "on test"), ("val", "on validation")):
        values = {said: record.metric(part, name) for name, said in figures.items()}
        told = [f"{said} {value:.3f}" for said, value in values.items() if value is not None]
        yield from _rows({title: ", ".join(told)})


def _of_experiment(places: ExperimentFolder) -> Iterator[str]:
    said = places.read_description()
    yield f"experiment: {name_of(places.path)}"
    yield from _data_lines(said)
    yield from _rows({"left out": ", ".join(said.dropped_genres)})
    records = [record for run in places.runs() if (record := places.run(run).read_record())]
    done = [record for record in records if record.finished]
    n_planned = len(said.configs) * len(said.seeds) * max(said.n_folds or 0, 1)
    yield from _rows({"runs": f"{len(done)} of {n_planned} finished" if n_planned else ""})
    yield from (f"  {line}" for line in _table(done, _figures_of(done)))
    if places.page.is_file():
        yield from _rows({"report": shown(places.page)})


def _data_lines(said: Description) -> Iterator[str]:
    parts = [
        f"{split.n_train} to train, {split.n_val} to validate, {split.n_test} to test"
        for split in said.splits[:1]
        if not said.n_folds
    ]
    yield from _rows(
        {
            "trained on": said.data,
            "tracks": ", ".join(
                (
                    f"{said.n_tracks} by {counted(said.n_artists or 0, 'artist')}",
                    *parts,
                    *([counted(said.n_folds, "fold")] if said.n_folds else []),
                )
            ),
            "divided by": said.split_by,
        }
    )


def _figures_of(records: Sequence[RunRecord]) -> Mapping[str, str]:
    task = str(records[0].config.get("task", "multilabel")) if records else "multilabel"
    return _FIGURES.get(task, _FIGURES["multilabel"])


def _table(records: Sequence[RunRecord], figures: Mapping[str, str]) -> list[str]:
    """Lay out the means of each configuration's runs, the best on validation first."""
    if not records:
        return []
    by_name: defaultdict[str, list[RunRecord]] = defaultdict(list)
    for record in records:
        by_name[record.config_name].append(record)
    first, title = next(iter(figures.items()))
    means = {
        name: [_mean(run.metric(part, first) for run in runs) for part in ("val", "test")]
        for name, runs in by_name.items()
    }
    ranked = sorted(means, key=lambda name: -(means[name][0] or 0.0))
    header = ("configuration", "runs", f"{title} on validation", "on test")
    rows = [
        (name, str(len(by_name[name])), *("-" if mean is None else f"{mean:.3f}" for mean in pair))
        for name, pair in ((name, means[name]) for name in ranked)
    ]
    return aligned([header, *rows])


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _rows(told: Mapping[str, str]) -> Iterator[str]:
    return (f"  {title:13}  {printable(text)}" for title, text in told.items() if text)
