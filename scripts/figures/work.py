"""Work of a known length, importable by name for the workers of a cluster."""

import time


def compute(seconds: float) -> float:
    """Keep the processor busy, as decoding does."""
    end = time.process_time() + seconds
    total = 0.0
    while time.process_time() < end:
        total += sum(number * number for number in range(200))
    return total
