"""torch as the engine of `genre.inference.scoring`: while training, and on a GPU."""

from collections.abc import Iterable, Iterator

import torch
from torch import nn

from genre.execution.threads import map_in_threads
from genre.inference.scoring import Logits, Windows
from genre.inference.windowing import Standardisation
from genre.models.folding import folded


class TorchNetwork:
    """A network of torch in evaluation mode, for `genre.inference.window_logits`.

    The network itself stays as it is; a copy of it is run (`genre.models.folding`).

    Parameters
    ----------
    network : Module
        Takes (batch, 1, n_mels, window_frames), gives (batch, n_labels).
    standardisation : Standardisation
        Statistics of the training tracks.
    device : torch.device or str
        Where the network stands.
    """

    def __init__(
        self,
        network: nn.Module,
        standardisation: Standardisation,
        *,
        device: torch.device | str = "cpu",
    ) -> None:
        self._network, self._standardisation = folded(network), standardisation
        self._device = torch.device(device)

    @property
    def device(self) -> str:
        """Where it computes."""
        return str(self._device)

    @property
    def batch_size(self) -> int:
        """Windows per pass that suit it."""
        # Small batches were not slower on a processor, and spare the kernel handing out and taking
        # back large pages of memory.
        return 8 if self._device.type == "cpu" else 256

    def over(self, batches: Iterable[Windows]) -> Iterator[Logits]:
        """Score batches of windows; see `genre.inference.scoring.WindowNetwork`."""
        if self._device.type != "cpu":
            yield from map(self._logits, batches)
            return
        n_threads = torch.get_num_threads()
        try:
            yield from map_in_threads(
                self._logits,
                batches,
                n_threads=n_threads,
                initializer=lambda: torch.set_num_threads(1),
            )
        finally:
            # What the last thread said would be taken as said for all.
            torch.set_num_threads(n_threads)

    @torch.inference_mode()
    def _logits(self, windows: Windows) -> Logits:
        try:
            cut = torch.from_numpy(windows).to(self._device)
            scored = self._network(standardised(cut, self._standardisation))
            logits: Logits = scored.float().cpu().numpy()
        except RuntimeError as error:  # torch has no class for its processor's memory
            if "alloc" in str(error) or "out of memory" in str(error):
                raise MemoryError(str(error)) from error
            raise
        return logits


def standardised(windows: torch.Tensor, standardisation: Standardisation) -> torch.Tensor:
    """Standardise windows of torch, wherever they stand.

    Parameters
    ----------
    windows : Tensor of shape (batch, window_frames, n_mels), in dB
        As the front end computes them.
    standardisation : Standardisation
        Statistics of the training tracks.

    Returns
    -------
    Tensor of shape (batch, 1, n_mels, window_frames), float32
    """
    mean = torch.tensor(standardisation.mean, device=windows.device)
    deviation = torch.tensor(standardisation.deviation, device=windows.device)
    standard = (windows.float() - mean) / deviation
    inputs = standard.transpose(1, 2).unsqueeze(1)
    return inputs.contiguous(memory_format=torch.channels_last)
