"""From log-mel to window logits; `score_rule` makes scores of them: the only scoring path.

Validation, test, the command line and a server all come through here, so that a model is used
exactly as it was measured.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from genre.audio.mel import MelConfig
from genre.audio.windows import WindowConfig, pad_to_window, window_frames, window_starts
from genre.errors import ConfigError
from genre.models.folding import folded

Item = TypeVar("Item")
Result = TypeVar("Result")
Batch: TypeAlias = tuple[NDArray[np.floating], list[int]]


@dataclass(frozen=True, kw_only=True)
class Standardisation:
    """Mean and deviation of each mel band over the training tracks.

    Parameters
    ----------
    mean : tuple of float, n_mels values, in dB
        What is taken off each band.
    deviation : tuple of float, n_mels values above 0, in dB
        What each band is divided by.
    """

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.mean) != len(self.deviation) or min(self.deviation) <= 0:
            raise ConfigError(
                f"deviation={self.deviation} must have {len(self.mean)} values above 0"
            )

    def __call__(self, windows: torch.Tensor) -> torch.Tensor:
        """Standardise windows and bring them into the network's shape.

        Parameters
        ----------
        windows : Tensor of shape (batch, window_frames, n_mels), in dB
            As the front end computes them.

        Returns
        -------
        Tensor of shape (batch, 1, n_mels, window_frames), float32
        """
        mean = torch.tensor(self.mean, device=windows.device)
        deviation = torch.tensor(self.deviation, device=windows.device)
        standard = (windows.float() - mean) / deviation
        inputs = standard.transpose(1, 2).unsqueeze(1)
        return inputs.contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True, kw_only=True)
class Windowing:
    """What turns a track's log-mel into a network's windows.

    Parameters
    ----------
    mel : MelConfig
        The front end's spectrogram, for its frame rate and floor.
    windows : WindowConfig
        Length and step of the windows.
    standardisation : Standardisation
        Statistics of the training tracks.
    """

    mel: MelConfig
    windows: WindowConfig
    standardisation: Standardisation

    @property
    def n_frames(self) -> int:
        """Frames of one window."""
        return window_frames(self.windows, self.mel)

    def starts_seconds(self, n_frames: int) -> NDArray[np.float64]:
        """List where the windows of a track begin.

        Parameters
        ----------
        n_frames : int
            Length of the track's spectrogram.

        Returns
        -------
        ndarray of shape (n_windows,), in seconds
        """
        return window_starts(n_frames, self.windows, self.mel) / self.mel.frames_per_second

    def cut(self, mel: NDArray[np.floating]) -> NDArray[np.floating]:
        """Cut a track into its windows.

        Parameters
        ----------
        mel : ndarray of shape (n_frames, n_mels), in dB
            The whole track.

        Returns
        -------
        ndarray of shape (n_windows, window_frames, n_mels)
        """
        padded = pad_to_window(mel, self.windows, self.mel)
        starts = window_starts(len(padded), self.windows, self.mel)
        return np.stack([padded[start : start + self.n_frames] for start in starts])


@dataclass(frozen=True)
class WindowLogits:
    """The raw output of a network over tracks.

    Parameters
    ----------
    logits : ndarray of shape (n_windows, n_labels), float32
        As the network gave them.
    track : ndarray of shape (n_windows,), int64
        Index of each window's track; ascending.
    """

    logits: NDArray[np.float32]
    track: NDArray[np.int64]


def window_logits(
    network: nn.Module,
    mels: Iterable[NDArray[np.floating]],
    windowing: Windowing,
    *,
    device: torch.device | str = "cpu",
    batch_size: int | None = None,
) -> WindowLogits:
    """Run a network in evaluation mode over every window of every track.

    The network itself stays as it is; a copy of it is run (`genre.models.folding`).

    Parameters
    ----------
    network : Module
        Takes (batch, 1, n_mels, window_frames), gives (batch, n_labels).
    mels : iterable of ndarray of shape (n_frames, n_mels), in dB
        One per track; read one at a time.
    windowing : Windowing
        How tracks become windows.
    device : torch.device or str
        Where the network stands.
    batch_size : int or None
        Windows per forward pass; changes speed, not scores. None takes what suits the device.

    Returns
    -------
    WindowLogits
        Tracks in the order given.
    """
    device = torch.device(device)
    on_processor = device.type == "cpu"
    if batch_size is None:
        # Small batches were not slower on a processor, and spare the kernel handing out and taking
        # back large pages of memory.
        batch_size = 8 if on_processor else 256
    network = folded(network)

    @torch.inference_mode()
    def _score(batch: Batch) -> tuple[NDArray[np.float32], list[int]]:
        windows, tracks = batch
        inputs = windowing.standardisation(torch.from_numpy(windows).to(device))
        return network(inputs).float().cpu().numpy(), tracks

    batches = _batches(mels, windowing, batch_size)
    scored = list(map_batches(_score, batches) if on_processor else map(_score, batches))
    logits, owners = zip(*scored, strict=True)
    return WindowLogits(np.concatenate(logits), np.concatenate(owners).astype(np.int64))


def _batches(
    mels: Iterable[NDArray[np.floating]], windowing: Windowing, batch_size: int
) -> Iterator[Batch]:
    waiting: list[NDArray[np.floating]] = []
    owners: list[int] = []
    for index, mel in enumerate(mels):
        waiting.extend(windowing.cut(mel))
        owners.extend([index] * (len(waiting) - len(owners)))
        while len(waiting) >= batch_size:
            yield np.stack(waiting[:batch_size]), owners[:batch_size]
            del waiting[:batch_size], owners[:batch_size]
    if waiting:
        yield np.stack(waiting), owners


def map_batches(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Apply a function to every item, as many at a time as torch may use threads.

    Parameters
    ----------
    function : callable of one item
        Torch work on the processor; runs on one thread.
    items : iterable
        Read a few ahead of what is done. A single one is worked on by all threads together.

    Yields
    ------
    Result
        In the order of the items.
    """
    n_threads = torch.get_num_threads()
    source = iter(items)
    first = list(islice(source, 2))
    if n_threads == 1 or len(first) < 2:
        yield from map(function, chain(first, source))
        return
    waiting: deque[Future[Result]] = deque()
    try:
        with ThreadPoolExecutor(
            n_threads, initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            for item in chain(first, source):
                waiting.append(pool.submit(function, item))
                if len(waiting) > n_threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    finally:
        torch.set_num_threads(n_threads)  # what the last thread said would be taken as said for all


# Windows, and the index of each one's track.
