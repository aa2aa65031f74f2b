"""How work units are run."""

from dataclasses import dataclass

from genre.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class ExecutionConfig:
    """How work units are run.

    Parameters
    ----------
    n_workers : int
        Number of processes; 0 takes one per core.
    timeout_seconds : float, in seconds
        A unit that takes longer is given up and its worker killed.
    memory_mb : int, in MB
        Address space that a worker may take beyond what it starts with (enforced on Linux); a
        program that it starts may take as much again.
    """

    n_workers: int = 0
    timeout_seconds: float = 120.0
    memory_mb: int = 2000

    def __post_init__(self) -> None:
        if self.n_workers < 0:
            raise ConfigError(
                f"n_workers={self.n_workers} must be 0 (one per core) or the number of processes"
            )
        if not 0 < self.timeout_seconds < float("inf"):
            raise ConfigError(f"timeout_seconds={self.timeout_seconds} must be above 0 s")
        if self.memory_mb < 500:
            raise ConfigError(f"memory_mb={self.memory_mb} must be at least 500 MB")
