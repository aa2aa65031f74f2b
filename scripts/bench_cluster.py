"""Measure what spreading units over workers costs: the local pool, and Ray on the same cores.

    python scripts/bench_cluster.py --json

Units that wait for the processor show the overhead of each engine; a manifest of a million rows,
how long it takes to see that a store is full. Times are wall seconds after the first outcome, so
that the start of the workers, which is told apart, does not count.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from figures import figures_parser, tell_figures
from figures.work import compute
from genre.dataset.features import FeatureStore
from genre.dataset.manifest import read_manifest
from genre.execution import ExecutionConfig, n_cores, run_units

ENGINES = ("none", "ray")


def passed(cluster: str, units: Sequence[float], *, n_workers: int) -> dict[str, float]:
    """Time a loop over units."""
    config = ExecutionConfig(n_workers=n_workers, cluster=cluster)
    started = time.perf_counter()
    first = 0.0
    for number, outcome in enumerate(run_units(compute, units, config=config)):
        if outcome.error is not None:
            raise outcome.error
        if number == n_workers - 1:  # each has done one
            first = time.perf_counter()
    seconds = time.perf_counter() - first
    n_timed = len(units) - n_workers
    return {"start_seconds": first - started, "units_per_second": n_timed / seconds}


def engines(unit_seconds: float, n_units: int, n_workers: int, repeats: int) -> dict[str, Any]:
    """Compare the engines, taking turns, by the median of several."""
    units = [unit_seconds] * n_units
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ENGINES}
    for _ in range(repeats):
        for name in ENGINES:
            found[name].append(passed(name, units, n_workers=n_workers))
    middle = {
        name: {key: sorted(run[key] for run in runs)[len(runs) // 2] for key in runs[0]}
        for name, runs in found.items()
    }
    ratio = middle["ray"]["units_per_second"] / middle["none"]["units_per_second"]
    return {"local": middle["none"], "ray": middle["ray"], "ray_of_local": ratio}


def driver_memory(n_units: int) -> float:
    """Measure the most memory of this process, in MB, while it hands out many units."""
    for outcome in run_units(abs, range(n_units), config=ExecutionConfig(cluster="ray")):
        if outcome.error is not None:
            raise outcome.error
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def full_store(folder: Path, n_rows: int) -> dict[str, float]:
    """Time seeing that a store has all that a manifest lists."""
    store = FeatureStore(folder / "cache")
    array = b"\x93NUMPY" + bytes(122 + 192)  # a header, and a row of 96 half floats
    manifest = folder / "manifest.csv"
    with manifest.open("w") as rows:
        rows.write("path,size,modified,sha256,genres,artist,split\n")
        for number in range(n_rows):
            sha256 = f"{number * 2654435761 % 2**32:08x}{number:056x}"
            target = store.path(sha256)
            if number < 256 * 16:
                target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(array)
            target.with_suffix(".json").write_bytes(b"{}")
            rows.write(f"music/{number:08}.mp3,1000000,0,{sha256},rock,artist {number % 9999},\n")
    started = time.perf_counter()
    listed = read_manifest(manifest)
    read_seconds = time.perf_counter() - started
    there = store.contents()
    left = [sha256 for sha256 in listed.sha256 if sha256 not in there]
    seconds = time.perf_counter() - started
    if left:
        raise SystemExit(f"{len(left)} of {n_rows} are not in the store that was just filled")
    return {"rows": n_rows, "read_seconds": read_seconds, "seconds": seconds}


def tables(words: argparse.Namespace) -> Iterator[tuple[str, Callable[[], Any]]]:
    """List what is measured, by name."""
    cores = n_cores()
    for name, unit, n_units in (
        ("units of 50 ms", 0.05, words.units),
        ("units of 200 ms", 0.2, words.units // 4),
        ("empty units", 0.0, words.units * 10),
    ):
        yield name, partial(engines, unit, n_units, cores, words.repeats)
    for n_workers in (1, 2):
        yield (
            f"units of 50 ms, {n_workers} workers",
            partial(engines, 0.05, words.units // 2, n_workers, words.repeats),
        )
    yield "driver, MB", lambda: driver_memory(words.driver_units)
    yield "full store", lambda: _in_folder(lambda folder: full_store(folder, words.rows))


def _in_folder(measure: Callable[[Path], Any]) -> Any:  # noqa: ANN401 - whatever is measured
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder))


def main() -> None:
    """Measure, and print."""
    parser = figures_parser("bench_cluster.py", __doc__ or "")
    parser.add_argument("--units", type=int, default=400, help="Units of 50 ms of a loop.")
    parser.add_argument("--repeats", type=int, default=3, help="Loops of each, in turns.")
    parser.add_argument("--driver-units", type=int, default=100_000, help="For its memory.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="Of the manifest.")
    parser.add_argument("--only", nargs="*", help="Names of what to measure; all if absent.")
    words = parser.parse_args()
    figures = {
        name: measure() for name, measure in tables(words) if not words.only or name in words.only
    }
    tell_figures({"cores": n_cores()} | figures, words.json)


if __name__ == "__main__":
    main()
