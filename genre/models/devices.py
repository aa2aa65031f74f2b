"""Where to compute."""

import torch

from genre.errors import ConfigError


def pick_device(name: str = "auto") -> torch.device:
    """Choose where to compute.

    Parameters
    ----------
    name : str
        "auto" takes CUDA, else MPS, else the CPU; otherwise a torch device such as "cuda:1".

    Raises
    ------
    ConfigError
        Where torch knows no such device or this machine has none.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    # torch built without CUDA asserts that it has it; everything else is a RuntimeError.
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(
            f"device={name!r} must be auto, cpu, or a cuda or mps device that is here"
        ) from error
    return device


def training_precision(device: torch.device) -> torch.dtype:
    """Choose the number format of a training step's forward pass.

    Parameters
    ----------
    device : torch.device
        Where the network is trained.

    Returns
    -------
    torch.dtype
        bfloat16 where the hardware multiplies it natively (there a step takes about half the
        time), else float32. Weights, loss and evaluation are float32 everywhere.
    """
    native = False
    if device.type == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    elif device.type == "cpu":
        has = torch.cpu.get_capabilities()
        native = bool(has.get("avx512_bf16") or has.get("amx_bf16"))
    return torch.bfloat16 if native else torch.float32
