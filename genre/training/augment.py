"""What training does to windows so that the network hears more than the files hold.

SpecAugment masks (Park et al., Interspeech 2019) through `torchaudio`, and a random gain. Nothing
here touches validation or test. Random numbers come from torch's default generator, which the
trainer alone seeds.
"""

from dataclasses import dataclass

import torch
from torchaudio.functional import mask_along_axis_iid

from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class AugmentConfig:
    """Strength of the augmentation; all zeros switch it off.

    Parameters
    ----------
    gain_db : float, at least 0
        Each window is made louder or softer by up to this many dB.
    mask_mels : int, at least 0
        Longest run of mel bands that is hidden in a window.
    mask_frames : int, at least 0
        Longest run of frames that is hidden in a window.
    """

    gain_db: float = 6.0
    mask_mels: int = 12
    mask_frames: int = 25

    def __post_init__(self) -> None:
        for name in ("gain_db", "mask_mels", "mask_frames"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name}={getattr(self, name)} must be at least 0")


def random_gain(windows: torch.Tensor, config: AugmentConfig) -> torch.Tensor:
    """Shift each window by a gain drawn uniformly from ± gain_db.

    Parameters
    ----------
    windows : Tensor of shape (batch, window_frames, n_mels), in dB
    config : AugmentConfig

    Returns
    -------
    Tensor of the same shape
    """
    gains = 2 * torch.rand(len(windows), 1, 1, device=windows.device) - 1
    return windows + gains * config.gain_db


def random_masks(inputs: torch.Tensor, config: AugmentConfig) -> torch.Tensor:
    """Hide one run of mel bands and one run of frames in each window.

    Parameters
    ----------
    inputs : Tensor of shape (batch, 1, n_mels, window_frames)
        Standardised, so that the mask's value 0 is the band's mean.
    config : AugmentConfig

    Returns
    -------
    Tensor of the same shape
    """
    for mask_param, axis in ((config.mask_mels, 2), (config.mask_frames, 3)):
        if mask_param > 0:
            inputs = mask_along_axis_iid(inputs, mask_param, mask_value=0.0, axis=axis)
    return inputs
