"""What an experiment says of itself, in experiment.json."""

import json
from pathlib import Path

from genre.atomic import write_text
from genre.config import to_mapping
from genre.dataset.doctor import describe_artists
from genre.dataset.faults import Fault
from genre.dataset.splits import Split, describe_folds
from genre.evaluation.inputs import Description, ExperimentFolder, RecordedRun
from genre.evaluation.inputs.records import QuarantinedFile, SplitFacts, Winner
from genre.grid.configurations import GridConfig
from genre.grid.preparation import Prepared
from genre.taxonomy import display_names


def write_description(
    config: GridConfig, prepared: Prepared, *, command: str, winner: RecordedRun | None = None
) -> None:
    """Write what the experiment is, for the report.

    Parameters
    ----------
    config : GridConfig
        What the grid is asked for.
    prepared : Prepared
        Its tracks, and what had to be left out.
    command : str
        What the user called.
    winner : RecordedRun, optional
        Whose bundle is in `best`; None until it is chosen.
    """
    corpus = prepared.corpus
    genres = corpus.vocabulary.genres
    description = Description(
        data=str(config.data),
        command=command,
        config=to_mapping(config.selection) | to_mapping(config.split),
        split_by=config.split.by,
        n_folds=len(prepared.splits) if config.folds != "none" else 0,
        folds=describe_folds(corpus.tracks, prepared.splits),
        n_tracks=len(corpus.tracks),
        n_artists=len({track.artist for track in corpus.tracks}),
        artists=describe_artists(corpus.tracks),
        n_unknown_artists=sum(track.artist_source == "track" for track in corpus.tracks),
        genres=genres,
        display_names=display_names((*genres, *prepared.dropped_genres), corpus.display_names),
        parents={
            genre: tuple(genres[column] for column in columns)
            for genre, columns in zip(genres, corpus.vocabulary.parents, strict=False)
            if columns
        },
        dropped_genres=prepared.dropped_genres,
        n_tracks_dropped=prepared.n_tracks_dropped,
        n_quarantined=len(prepared.faults),
        quarantined=tuple(_quarantined(fault) for fault in prepared.faults),
        warnings=tuple(prepared.warnings),
        splits=tuple(_facts(split) for split in prepared.splits),
        configs=config.configs,
        seeds=tuple(range(config.seeds)),
        hours=config.hours,
        epochs=config.training.epochs if config.hours else 0,
        winner=None
        if winner is None
        else Winner(run=path_of(winner, config.folder), config_name=winner.place.configuration),
    )
    text = json.dumps(description.to_json(), indent=2, ensure_ascii=False) + "\n"
    write_text(ExperimentFolder(config.folder).description, text)


def path_of(run: RecordedRun, experiment: Path) -> str:
    """Write where a run lies in its experiment; a baseline's is no configuration's folder.

    Parameters
    ----------
    run : RecordedRun
        Of the experiment.
    experiment : Path
        Its folder.
    """
    return run.folder.path.relative_to(experiment).as_posix()


def _facts(split: Split) -> SplitFacts:
    return SplitFacts(
        fold=split.fold,
        hash=split.hash,
        n_train=len(split.train),
        n_val=len(split.val),
        n_test=len(split.test),
    )


def _quarantined(fault: Fault) -> QuarantinedFile:
    return QuarantinedFile(
        path=str(fault.path),
        sha256=fault.sha256,
        stage=fault.stage,
        kind=fault.kind,
        message=fault.message,
    )
