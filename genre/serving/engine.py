"""From a file, or a genre to be played, to tags: a bounded queue, killable workers, a deadline."""

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import soundfile

from genre.errors import AudioError, AudioErrorKind, GenreError, as_audio_error
from genre.execution import ExecutionConfig, WorkerPool, n_cores
from genre.serving.config import ServingConfig
from genre.serving.deadlines import Deadline, QueueFullError, held
from genre.tagging.reading import ReadJob, ReadTrack, read_track

if TYPE_CHECKING:  # workers read this module for `read_excerpt` and need no network
    from genre.tagging.tagger import Tagger
    from genre.tagging.track_tags import TrackTags

Job = TypeVar("Job")

# What a client calls a file is of no account.
NAME = Path("upload")
# Workers start before they take their first track, which takes long on a busy machine.
WARM_UP_SECONDS = 300.0
WARM_UP_RATE = 44_100  # so that resampling is warm, too
EXCERPT_SECONDS = 8.0


@dataclass(frozen=True, kw_only=True)
class ExcerptJob:
    """Test mode without a file: music to be made and read.

    Parameters
    ----------
    genre : str
        One that the sample synthesiser plays.
    read : ReadJob
        How to read it; the file is written first.
    """

    genre: str
    read: ReadJob

    def __str__(self) -> str:
        return f"an excerpt of {self.genre}"


def read_excerpt(job: ExcerptJob) -> ReadTrack:
    """Make an excerpt, always the same for a genre, and read it as if it had been uploaded.

    Parameters
    ----------
    job : ExcerptJob
        What to play, and where.

    Raises
    ------
    ConfigError
        On a genre that the synthesiser does not play.
    """
    from genre.sample import render_excerpt  # in workers, once somebody asks for it

    samples, sample_rate = render_excerpt(
        job.genre, rng=np.random.default_rng(0), duration_seconds=EXCERPT_SECONDS
    )
    soundfile.write(job.read.path, samples, sample_rate, format="WAV", subtype="PCM_16")
    return read_track(job.read)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What became of a file.

    Parameters
    ----------
    tags : TrackTags
        What the model says of it.
    read : ReadTrack
        Its picture and the time that decoding took.
    score_seconds : float, in seconds
        What the network took.
    """

    tags: "TrackTags"
    read: ReadTrack
    score_seconds: float


class Engine:
    """A bundle at work for several clients.

    Parameters
    ----------
    tagger : Tagger
        Scores what the workers have read.
    config : ServingConfig
        How much is taken on together, and for how long.
    """

    def __init__(self, tagger: "Tagger", config: ServingConfig) -> None:
        self.tagger = tagger
        self.config = config
        self.is_ready = False
        self.pool = WorkerPool(
            ExecutionConfig(
                n_workers=config.n_workers,
                timeout_seconds=config.deadline_seconds,
                memory_mb=config.memory_mb,
            )
        )
        front_end = tagger.bundle.front_end
        decode = dataclasses.replace(
            front_end.decode,
            max_seconds=min(config.max_audio_seconds, front_end.decode.max_seconds),
            max_bytes=config.max_body_bytes,
        )
        self.front_end = dataclasses.replace(front_end, decode=decode)
        self._n_in_hand = 0
        self._count = threading.Lock()
        self._workers = threading.BoundedSemaphore(self.pool.n_workers)
        # A track is scored by one thread, so that several do not wait for each other's cores. These
        # are few: a thread that has scored keeps tens of MB (its arena of the allocator) that no
        # other can use, and there is a thread for every request in hand.
        n_scorers = n_cores() if tagger.network.device == "cpu" else 1
        self._scorers = ThreadPoolExecutor(n_scorers, thread_name_prefix="scorer")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        self.is_ready = False
        self.pool.stop()
        self._scorers.shutdown(wait=False, cancel_futures=True)

    def job(self, path: Path, *, with_picture: bool = False) -> ReadJob:
        """Describe what is to be read of a file.

        Parameters
        ----------
        path : Path
            The file.
        with_picture : bool
            Whether somebody wants to look at it.
        """
        heard = self.tagger.heard
        return ReadJob(path=path, front_end=self.front_end, heard=heard, with_picture=with_picture)

    def work(self, function: Callable[[Job], ReadTrack], job: Job) -> Answer:
        """Have a worker read a track, then score it.

        Parameters
        ----------
        function : callable of one job
            Importable by name.
        job : picklable object
            What the function is told.

        Raises
        ------
        QueueFullError, DeadlineError
            At once, and after `deadline_seconds`.
        AudioError
            What is wrong with the file.
        """
        with self.admitted() as deadline:
            return self.answer(function, job, deadline)

    @property
    def is_full(self) -> bool:
        """Whether the next request would be refused."""
        return self._n_in_hand >= self.pool.n_workers + self.config.max_queue

    @property
    def n_waiting(self) -> int:
        """Number of requests that no worker has taken yet."""
        return max(0, self._n_in_hand - self.pool.n_workers)

    def warm_up(self, path: Path) -> None:
        """Take a first track all the way in every worker; sets `is_ready`.

        Parameters
        ----------
        path : Path
            Where it may be written.

        Raises
        ------
        GenreError, DeadlineError, OSError …
            Whatever keeps the server from work; the time is `WARM_UP_SECONDS`, or more where
            `deadline_seconds` is.
        """
        seconds = max(WARM_UP_SECONDS, self.config.deadline_seconds)
        deadline = Deadline(f"the {seconds:g} s that a first track may take", seconds)
        noise = np.random.default_rng(0).uniform(-0.5, 0.5, round(EXCERPT_SECONDS * WARM_UP_RATE))

        def _take(_: int) -> None:
            self.answer(read_track, self.job(path), deadline)

        try:
            soundfile.write(path, noise, WARM_UP_RATE, format="WAV", subtype="PCM_16")
            with ThreadPoolExecutor(self.pool.n_workers) as threads:
                list(threads.map(_take, range(self.pool.n_workers)))
        finally:
            path.unlink(missing_ok=True)
        self.is_ready = True

    @contextmanager
    def admitted(self) -> Iterator[Deadline]:
        """Take on a request while the block lasts.

        Yields
        ------
        Deadline
            Until when it must be answered.

        Raises
        ------
        QueueFullError
            At once.
        """
        with self._count:
            if self.is_full:
                raise QueueFullError
            self._n_in_hand += 1
        seconds = self.config.deadline_seconds
        try:
            yield Deadline(f"deadline_seconds={seconds:g}", seconds)
        finally:
            with self._count:
                self._n_in_hand -= 1

    def answer(self, function: Callable[[Job], ReadTrack], job: Job, deadline: Deadline) -> Answer:
        """Have a worker read a track of a request that is taken on, then score it.

        Parameters
        ----------
        function : callable of one job
            Importable by name.
        job : picklable object
            What the function is told.
        deadline : Deadline
            Of the request.

        Raises
        ------
        DeadlineError
            Where it passes.
        AudioError
            What is wrong with the file.
        """
        read = self._read(function, job, deadline)
        tags, seconds = self._score(read, deadline)
        if not deadline.left():
            raise deadline.missed()
        return Answer(tags=tags, read=read, score_seconds=seconds)

    def _read(
        self, function: Callable[[Job], ReadTrack], job: Job, deadline: Deadline
    ) -> ReadTrack:
        with held(self._workers, deadline):
            outcome = self.pool.run(function, job, timeout_seconds=deadline.left())
        if outcome.result is not None:
            return outcome.result
        error = as_audio_error(outcome.error or GenreError("the worker gave nothing"))
        if isinstance(error, AudioError) and error.kind is AudioErrorKind.TIMEOUT:
            raise deadline.missed()
        raise error

    def _score(self, read: ReadTrack, deadline: Deadline) -> tuple["TrackTags", float]:
        def _tag() -> tuple["TrackTags", float]:
            started = time.perf_counter()
            tags = self.tagger.tag_features(NAME, read.extracted, read.heard)
            return tags, time.perf_counter() - started

        scoring = self._scorers.submit(_tag)
        try:
            return scoring.result(timeout=deadline.left())
        except TimeoutError as error:
            scoring.cancel()
            raise deadline.missed() from error
