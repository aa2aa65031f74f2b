"""What a run and an experiment say of themselves: the content of record.json and experiment.json.

Training writes both through these classes, and everything reads them through these, so that each
key is spelled once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from genre.evaluation.inputs.content import Content

FROZEN = "frozen"
"""What records call the architecture of a head on a frozen pre-trained network."""


@dataclass(frozen=True, kw_only=True)
class RunRecord(Content):
    """What a training leaves in record.json.

    Parameters
    ----------
    finished : bool
        Whether everything else of the run is there.
    config_name : str
        The configuration's name.
    seed, fold : int or None
        Which training of it.
    command : str
        What the user called.
    recipe : str
        What the configuration started from.
    config : mapping of str to plain value
        Every option: architecture, model, loss, training …
    versions : mapping of str to str
        Of Python and of packages.
    device, precision : str
        Where it was trained, and in which numbers.
    threads : int or None
        Of the processor.
    identity : str
        The fingerprint of everything that the result depends on.
    data_hash, split_hash : str
        Those of the tracks and of their division.
    n_parameters : int or None
        Size of the network.
    onnx_difference : float or None
        Largest difference between a logit of the network that is used and the trained one's.
    best_epoch, n_epochs : int or None
        The epoch that was kept, of how many.
    metrics : mapping of part to mapping of metric to float or None
        The parts are val, test and test_window; None where a metric is undefined.
    calibration : mapping of str to plain value
        How scores were calibrated, and what that did.
    commit : str or None
        Of the code; None outside a checkout.
    wall_seconds : float or None
        How long it took.
    window_ms, windows_per_second : float or None
        As of `genre.inference.speed.Speed`.
    plugins : mapping of str to str
        The plug-ins that were loaded, with the SHA-256 of their files; not written where there
        were none.
    """

    finished: bool = False
    config_name: str = ""
    seed: int | None = None
    fold: int | None = None
    command: str = ""
    recipe: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    device: str = ""
    precision: str = ""
    threads: int | None = None
    identity: str = ""
    data_hash: str = ""
    split_hash: str = ""
    n_parameters: int | None = None
    onnx_difference: float | None = None
    best_epoch: int | None = None
    n_epochs: int | None = None
    metrics: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    calibration: Mapping[str, Any] = field(default_factory=dict)
    commit: str | None = None
    wall_seconds: float | None = None
    window_ms: float | None = None
    windows_per_second: float | None = None
    plugins: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Write the object as plain values, in the order of the fields."""
        content = super().to_json()
        if not self.plugins:
            del content["plugins"]
        return content

    def metric(self, part: str, name: str) -> float | None:
        """Look a figure up; None where it is undefined or was not measured.

        Parameters
        ----------
        part : str
            val, test or test_window.
        name : str
            Such as macro_ap.
        """
        return self.metrics.get(part, {}).get(name)

    def settings(self) -> dict[str, Any]:
        """Flatten the configuration: ``training.augment.gain_db`` to its value."""
        return dict(_flat(self.config))


@dataclass(frozen=True, kw_only=True)
class SplitFacts(Content):
    """How tracks were divided.

    Parameters
    ----------
    fold : int or None
        None where there is one division alone.
    hash : str
        The fingerprint of the division.
    n_train, n_val, n_test : int or None
        Tracks of each part.
    """

    fold: int | None = None
    hash: str = ""
    n_train: int | None = None
    n_val: int | None = None
    n_test: int | None = None


@dataclass(frozen=True, kw_only=True)
class QuarantinedFile(Content):
    """A file that was left out.

    Parameters
    ----------
    path : str
        Where it lies.
    sha256 : str
        64 hexadecimal digits; empty where it was never read.
    stage, kind : str
        Where the fault came up, and of which kind it is.
    message : str
        Why, for people.
    """

    path: str = ""
    sha256: str = ""
    stage: str = ""
    kind: str = ""
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Winner(Content):
    """The run in `best`.

    Parameters
    ----------
    run : str
        Its place, such as ``attnTrue_lossbce/seed0``, or ``baselines``.
    config_name : str
        Its configuration; or logistic, a key of `genre.evaluation.inputs.folder.BASELINES`.
    """

    run: str = ""
    config_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Description(Content):
    """What experiment.json says of a whole experiment.

    Parameters
    ----------
    data : str
        The folder of tracks.
    command : str
        What the user called.
    config : mapping of str to plain value
        How genres were chosen and tracks divided.
    split_by : str
        artist or track.
    n_folds : int or None
        0 where there is one division alone.
    folds : str
        What the folds test, in words; not written where there are none.
    n_tracks, n_artists : int or None
        What was trained and tested on.
    artists : str
        Where the artists are known from, and of how many tracks nobody is, in words.
    n_unknown_artists : int or None
        Tracks that nobody is known to have made; each is an artist of its own.
    genres : tuple of str
        The vocabulary.
    display_names : mapping of str to str
        How each genre is written for people, those left out too; not written where that is not
        known.
    parents : mapping of str to tuple of str
        What each genre is a kind of, the nearest of the vocabulary; not written without a tree.
    dropped_genres : mapping of str to str
        Genres that were left out, and why.
    n_tracks_dropped, n_quarantined : int or None
        Tracks left out with their genres, and files that could not be used.
    quarantined : tuple of QuarantinedFile
        These files.
    warnings : tuple of str
        What the doctor said.
    splits : tuple of SplitFacts
        One, or one for each fold.
    configs : tuple of str
        The configurations that were planned.
    seeds : tuple of int
        The seeds that were planned.
    hours : float, in hours
        The time that training was given; not written where it was given none.
    epochs : int
        What was chosen for that time; not written either.
    winner : Winner or None
        None until it is chosen, and then not written.
    """

    data: str = ""
    command: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    split_by: str = ""
    n_folds: int | None = None
    folds: str = ""
    n_tracks: int | None = None
    n_artists: int | None = None
    artists: str = ""
    n_unknown_artists: int | None = None
    genres: tuple[str, ...] = ()
    display_names: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dropped_genres: Mapping[str, str] = field(default_factory=dict)
    n_tracks_dropped: int | None = None
    n_quarantined: int | None = None
    quarantined: tuple[QuarantinedFile, ...] = ()
    warnings: tuple[str, ...] = ()
    splits: tuple[SplitFacts, ...] = ()
    configs: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    hours: float = 0.0
    epochs: int = 0
    winner: Winner | None = None

    def to_json(self) -> dict[str, Any]:
        """Write the object as plain values, in the order of the fields."""
        content = super().to_json()
        for name in ("display_names", "parents", "folds", "hours", "epochs", "winner"):
            if not getattr(self, name):
                del content[name]
        return content


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
