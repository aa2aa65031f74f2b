"""What a network asks of a machine, and what the machine can give: operations, and their rate."""

import time

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def count_operations(network: nn.Module, inputs: torch.Tensor) -> tuple[float, float]:
    """Count the floating-point operations of a training step and of scoring, per window."""
    with FlopCounterMode(display=False) as counter:
        total = network(inputs).sum()
        scoring = counter.get_total_flops()
        total.backward()
    return counter.get_total_flops() / len(inputs), scoring / len(inputs)


def gemm_rate(device: torch.device, precision: torch.dtype, size: int = 2048) -> float:
    """Measure a large matrix product, in operations per second."""
    a = torch.randn(size, size, device=device, dtype=precision)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        float((a @ a)[0, 0])  # waits for the device
        times.append(time.perf_counter() - start)
    return float(2 * size**3 / min(times))
