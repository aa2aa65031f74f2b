"""What training does to windows so that the network hears more than the files hold.

Another speed and place in time, random gain, mixing, a shift of the bands, and SpecAugment masks
(Park et al., Interspeech 2019) through `torchaudio`. Nothing here touches validation or test.
Random numbers come from torch's default generator, which the trainer alone seeds.

Two windows are mixed as sounds are, by adding their power, with the labels mixed in the same
proportion λ ~ Beta(α, α) (between-class learning: Tokozume, Ushiku and Harada, ICLR 2018; mixup:
Zhang et al., ICLR 2018).
"""

from dataclasses import dataclass

import torch
from torchaudio.functional import mask_along_axis_iid

from genre.config import later
from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class AugmentConfig:
    """Strength of the augmentation; all zeros switch it off.

    Parameters
    ----------
    random_starts : bool
        Whether a window starts anywhere in its track, wrapped round the end, instead of on the
        grid of the windows that are scored.
    gain_db : float, at least 0
        Each window is made louder or softer by up to this many dB.
    mix_share : float, in [0, 1]
        Share of the windows into which another one of the batch is mixed.
    mix_alpha : float, above 0
        Both parameters of the Beta distribution of the proportion; below 1, one window prevails.
    shift_mels : int, at least 0
        Each window is moved up or down by up to this many mel bands.
    mask_mels : int, at least 0
        Longest run of mel bands that is hidden in a window.
    mask_frames : int, at least 0
        Longest run of frames that is hidden in a window.
    shift_frames : int, at least 0
        Each window is moved earlier or later by up to this many frames.
    tempo : float, at least 0
        Each window is played slower or faster about its middle, by up to e to this power.
    """

    random_starts: bool = True
    gain_db: float = 6.0
    mix_share: float = 0.6
    mix_alpha: float = 0.8
    shift_mels: int = 3
    mask_mels: int = 12
    mask_frames: int = 25
    shift_frames: int = later(0)
    tempo: float = later(0.0)

    def __post_init__(self) -> None:
        for name in (
            *("gain_db", "shift_mels", "mask_mels", "mask_frames"),
            "shift_frames",
            "tempo",
        ):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name}={getattr(self, name)} must be at least 0")
        if not 0 <= self.mix_share <= 1:
            raise ConfigError(f"mix_share={self.mix_share} must lie in [0, 1]")
        if self.mix_alpha <= 0:
            raise ConfigError(f"mix_alpha={self.mix_alpha} must be above 0")


def random_tempo(windows: torch.Tensor, config: AugmentConfig) -> torch.Tensor:
    """Play each window slower or faster, and earlier or later; pitch stays.

    Parameters
    ----------
    windows : Tensor of shape (batch, window_frames, n_mels), in dB
        Before standardisation.
    config : AugmentConfig
        How far each may be moved and stretched.

    Returns
    -------
    Tensor of the same shape
        Between frames it is interpolated; where the window has nothing left to play, each band
        holds its least.
    """
    if config.shift_frames == 0 and config.tempo == 0:
        return windows
    n, n_frames, device = len(windows), windows.shape[1], windows.device
    chances = 2 * torch.rand(2, n, 1, device=device) - 1
    factors, moves = torch.exp(chances[0] * config.tempo), chances[1] * config.shift_frames
    middle = (n_frames - 1) / 2
    places = (torch.arange(n_frames, device=device) - middle - moves) * factors + middle
    before = places.floor()
    share = (places - before)[:, :, None]
    return torch.lerp(_frames_at(windows, before), _frames_at(windows, before + 1), share)


def _frames_at(windows: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Take frames by their number, and outside of the window each band's least value."""
    n_frames = windows.shape[1]
    inside = ((places >= 0) & (places < n_frames))[:, :, None]
    numbers = places.clamp(0, n_frames - 1).long()[:, :, None].expand_as(windows)
    return torch.where(inside, windows.gather(1, numbers), windows.amin(dim=1, keepdim=True))


def random_gain(windows: torch.Tensor, config: AugmentConfig) -> torch.Tensor:
    """Shift each window by a gain drawn uniformly from ± gain_db.

    Parameters
    ----------
    windows : Tensor of shape (batch, window_frames, n_mels), in dB
        Before standardisation.
    config : AugmentConfig
        How much louder or softer.

    Returns
    -------
    Tensor of the same shape
    """
    gains = 2 * torch.rand(len(windows), 1, 1, device=windows.device) - 1
    return windows + gains * config.gain_db


def random_mix(
    windows: torch.Tensor, targets: torch.Tensor, config: AugmentConfig, *, floor: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Mix windows in power, each with another of the batch, and their labels alike.

    Parameters
    ----------
    windows : Tensor of shape (batch, window_frames, n_mels), in dB
        Before standardisation.
    targets : Tensor of shape (batch, n_labels), in [0, 1]
        Of the windows, in their order.
    config : AugmentConfig
        How many windows are mixed, and how evenly.
    floor : float, above 0
        The least power, that of silence.

    Returns
    -------
    windows, targets : Tensors of the same shapes
    """
    if config.mix_share == 0:
        return windows, targets
    n, device = len(windows), windows.device
    # Drawn on the processor: not every device can.
    alpha = torch.tensor(config.mix_alpha)
    share = torch.distributions.Beta(alpha, alpha).sample((n,)).to(device)
    share = torch.where(torch.rand(n, device=device) < config.mix_share, share, 1.0)
    other = torch.randperm(n, device=device)
    power = 10 ** (windows / 10)
    mixed = torch.lerp(power[other], power, share[:, None, None])
    return (
        10 * torch.log10(mixed.clamp(min=floor)),
        torch.lerp(targets[other], targets, share[:, None]),
    )


def random_shift(windows: torch.Tensor, config: AugmentConfig) -> torch.Tensor:
    """Move each window up or down by up to shift_mels bands; the outermost band fills the gap.

    Parameters
    ----------
    windows : Tensor of shape (batch, window_frames, n_mels)
        Of any unit.
    config : AugmentConfig
        By how many bands at most.

    Returns
    -------
    Tensor of the same shape
    """
    if config.shift_mels == 0:
        return windows
    n_mels, device = windows.shape[2], windows.device
    shifts = torch.randint(
        -config.shift_mels, config.shift_mels + 1, (len(windows), 1), device=device
    )
    bands = (torch.arange(n_mels, device=device) - shifts).clamp(0, n_mels - 1)
    return windows.gather(2, bands[:, None, :].expand_as(windows))


def augmented(
    windows: torch.Tensor, targets: torch.Tensor, config: AugmentConfig, *, floor: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Do to a batch all that training does before it is standardised; `random_masks` comes after.

    Parameters
    ----------
    windows : Tensor of shape (batch, window_frames, n_mels), in dB
        Before standardisation.
    targets : Tensor of shape (batch, n_labels), in [0, 1]
        Of the windows, in their order.
    config : AugmentConfig
        What is done, and how strongly.
    floor : float, above 0
        The least power, that of silence.

    Returns
    -------
    windows, targets : Tensors of the same shapes
    """
    played = random_gain(random_tempo(windows, config), config)
    mixed, targets = random_mix(played, targets, config, floor=floor)
    return random_shift(mixed, config), targets


def random_masks(inputs: torch.Tensor, config: AugmentConfig) -> torch.Tensor:
    """Hide one run of mel bands and one run of frames in each window.

    Parameters
    ----------
    inputs : Tensor of shape (batch, 1, n_mels, window_frames)
        Standardised, so that the mask's value 0 is the band's mean.
    config : AugmentConfig
        How wide the masks may be.

    Returns
    -------
    Tensor of the same shape
    """
    for mask_param, axis in ((config.mask_mels, 2), (config.mask_frames, 3)):
        if mask_param > 0:
            inputs = mask_along_axis_iid(inputs, mask_param, mask_value=0.0, axis=axis)
    return inputs
