"""Tag new tracks with a bundle: the same front end and the same scoring as in evaluation."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np

from genre.addresses import Place, place
from genre.audio.decoder import FLAG_SILENT
from genre.audio.frontend import Extracted
from genre.audio.rows import FrontEnd
from genre.audio.windows import flags_of
from genre.errors import AudioError, AudioErrorKind, BundleError
from genre.evaluation.thresholds import decide
from genre.execution import ExecutionConfig, Outcome
from genre.inference.bundle import Bundle
from genre.inference.exclusive import thresholds_from
from genre.inference.network import OnnxNetwork
from genre.inference.scoring import WindowNetwork, window_logits
from genre.tagging.many import each_file
from genre.tagging.reading import ReadJob, ReadTrack, read_track
from genre.tagging.track_tags import Timeline, TrackTags
from genre.wording import counted, shown

N_HEARD = 5
"""Tags of a network's own that are told of a track."""


class Tagger:
    """A loaded bundle, which tags files: `tag` one, `tag_many` in parallel.

    Parameters
    ----------
    bundle : Bundle
        The model, its front end, its score rule and its thresholds.
    network : WindowNetwork, optional
        What scores its windows: the bundle's own in onnxruntime if None.
    heard : Bundle, optional
        One whose own tags are told beside the genres, such as ``open_backbone("musicnn")``.
    n_threads : int
        Batches of windows that onnxruntime scores together; 0 takes one per core.
    min_score : float, optional, in [0, 1]
        Of exclusive genres, what the best must score to be the answer; by default what the bundle
        says, which is 0 after training.

    Raises
    ------
    BundleError
        Where the bundle's own network is wanted and is absent or cannot be used, or `heard` has no
        tags.
    ConfigError
        Where `min_score` is no score, or the genres are not exclusive.
    """

    def __init__(
        self,
        bundle: Bundle,
        network: WindowNetwork | None = None,
        *,
        heard: Bundle | None = None,
        n_threads: int = 0,
        min_score: float | None = None,
    ) -> None:
        if heard is not None and not heard.genres:
            raise BundleError(f"heard={heard.model_name} must have tags of its own; it has none")
        if min_score is not None:
            task, n_labels = bundle.rule.task, len(bundle.genres)
            thresholds = thresholds_from(min_score, task=task, n_labels=n_labels)
            bundle = replace(bundle, thresholds=thresholds)
        self.bundle = bundle
        self.network = network or bundle.network(n_threads=n_threads)
        self.listener = None if heard is None else Tagger(heard, n_threads=n_threads)

    def __repr__(self) -> str:
        """Return the network and how many genres it knows."""
        name = self.bundle.provenance.get("config_name") or self.bundle.model_name
        return f"Tagger({name}, {counted(len(self.bundle.genres), 'genre')})"

    @property
    def heard(self) -> FrontEnd | None:
        """How the network hears that hears beside the model, where one does."""
        return None if self.listener is None else self.listener.bundle.front_end

    def tag(self, path: Place | str) -> TrackTags:
        """Score and decide one file.

        Parameters
        ----------
        path : Path, Address or str
            Any audio file the front end reads.

        Raises
        ------
        AudioError
            Where the file cannot be decoded; its `kind` says why.
        """
        job = ReadJob(path=place(path), front_end=self.bundle.front_end, heard=self.heard)
        return self._tag_read(job.path, read_track(job))

    def tag_many(
        self,
        paths: Iterable[Place | str],
        *,
        execution: ExecutionConfig | None = None,
        progress: bool = False,
    ) -> Generator[Outcome[Place, TrackTags]]:
        """Tag files in parallel: killable workers decode, this process scores.

        However many files there are, only the features of those in hand are held. The work is done
        while the outcomes are read; leaving the loop early stops the workers.

        Parameters
        ----------
        paths : iterable of Path, Address or str
            Any audio files.
        execution : ExecutionConfig, optional
            The workers and their limits; the default ones if None. On a cluster, they score, too.
        progress : bool
            Show a bar with the rate and the time left, once two seconds have passed.

        Yields
        ------
        Outcome of Place and TrackTags
            One per path, in their order; a file that cannot be read has an `error` and stops
            nothing. Behind a file that hangs, the others wait until its time is up.
        """
        yield from each_file(
            paths,
            self.bundle.front_end,
            self._tag_read,
            there=self._there if isinstance(self.network, OnnxNetwork) else None,
            heard=self.heard,
            execution=execution,
            progress=progress,
        )

    @property
    def _there(self) -> "Callable[[], Callable[[Place, ReadTrack], TrackTags]]":
        heard = None if self.listener is None else self.listener.bundle
        return partial(_tag_there, self.bundle, heard)

    def _tag_read(self, path: Place, read: ReadTrack) -> TrackTags:
        return self.tag_features(path, read.extracted, read.heard)

    def tag_features(
        self, path: Place, extracted: Extracted, heard: Extracted | None = None
    ) -> TrackTags:
        """Score and decide a file that has been through the front end already.

        Parameters
        ----------
        path : Path or Address
            Only named in the result.
        extracted : Extracted
            What `genre.audio.frontend.extract` made of it with the bundle's settings.
        heard : Extracted, optional
            Likewise with the settings of the network that hears beside the model.

        Raises
        ------
        AudioError
            Where there is not enough memory.
        """
        bundle, mels = self.bundle, [extracted.mel]
        try:
            windows = window_logits(self.network, mels, bundle.windowing)
        except MemoryError as error:
            message = f"{shown(path)} must be scored with the memory there is"
            raise AudioError(AudioErrorKind.CRASHED, message) from error
        scores, of_windows = bundle.rule.track_scores(windows), bundle.rule.window_scores(windows)
        decided = decide(scores, np.array(bundle.thresholds), task=bundle.rule.task)[0]
        if FLAG_SILENT in extracted.facts.flags:
            # What a network makes of nothing is an accident of its training; and 0 would reach a
            # threshold of 0.
            scores, of_windows = np.zeros_like(scores), np.zeros_like(of_windows)
            decided = np.zeros_like(decided)
        order = np.argsort(-scores[0], kind="stable")
        return TrackTags(
            path=path,
            genres=tuple(bundle.genres[i] for i in order if decided[i]),
            scores={bundle.genres[i]: float(scores[0, i]) for i in order},
            thresholds={bundle.genres[i]: bundle.thresholds[i] for i in order},
            timeline=Timeline(
                genres=bundle.genres,
                starts_seconds=bundle.starts_seconds(extracted),
                window_seconds=bundle.windows.window_seconds,
                scores=of_windows,
            ),
            duration_seconds=extracted.facts.duration_seconds,
            flags=flags_of(extracted.facts, bundle.windows, bundle.front_end.grain),
            names=bundle.names,
            heard={} if heard is None else self._best_heard(path, heard),
            task=bundle.rule.task,
        )

    def _best_heard(self, path: Place, heard: Extracted) -> dict[str, float]:
        if self.listener is None or FLAG_SILENT in heard.facts.flags:
            return {}
        scores = self.listener.tag_features(path, heard).scores
        return dict(islice(scores.items(), N_HEARD))


def _tag_there(bundle: Bundle, heard: Bundle | None) -> Callable[[Place, ReadTrack], TrackTags]:
    """Make a tagger on another machine, with one thread as it has one core."""
    return Tagger(bundle, heard=heard, n_threads=1)._tag_read
