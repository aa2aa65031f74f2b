"""Load a server with 30-second MP3 uploads: throughput, latency, memory, overload.

The server runs as users run it, in processes of its own; the uploads are made here. Throughput is
compared with tagging the same files offline, in turns, so that other work on the machine hits both.
"""

import http.client
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from figures import figures_parser, tell_figures

SECONDS = 30.0
CLIENTS = (1, 4, 16)
OVERLOAD = 4
DEADLINE_SECONDS = 60.0
_BOUNDARY = "bench"


@dataclass(frozen=True)
class Answer:
    """What became of one request.

    Parameters
    ----------
    status : int
        Of HTTP; 0 where there was no answer.
    seconds : float
        From the first byte sent to the last received.
    """

    status: int
    seconds: float


class Server:
    """`genre serve` in a process of its own.

    Parameters
    ----------
    process : Popen
        Listens on the address it has printed.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        if process.stdout is None:
            raise SystemExit("error: the server has no output")
        self._process = process
        self.address = urllib.parse.urlsplit(process.stdout.readline().split()[2]).netloc

    def wait_until_ready(self) -> None:
        """Return once `/readyz` says 200."""
        while self.ask("GET", "/readyz").status != 200:
            if self._process.poll() is not None:
                raise SystemExit("error: the server has ended before its first track")
            time.sleep(0.1)

    def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """Send one request on a connection of its own."""
        started = time.perf_counter()
        connection = http.client.HTTPConnection(self.address, timeout=2 * DEADLINE_SECONDS)
        form = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        try:
            connection.request(method, path, body, form if body else {})
            response = connection.getresponse()
            response.read()
            return Answer(response.status, time.perf_counter() - started)
        except OSError:
            return Answer(0, time.perf_counter() - started)
        finally:
            connection.close()

    def processes(self) -> list[int]:
        """List the server's process and its workers."""
        root = self._process.pid
        children = Path(f"/proc/{root}/task").glob("*/children")
        return [root, *(int(pid) for file in children for pid in file.read_text().split())]

    def resident_mb(self) -> float:
        """Give the resident memory of all its processes."""
        pages = sum(int(Path(f"/proc/{p}/statm").read_text().split()[1]) for p in self.processes())
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def cpu_seconds(self) -> float:
        """Give the processor time that its processes have used."""
        stats = [Path(f"/proc/{p}/stat").read_text() for p in self.processes()]
        ticks = sum(int(t) for stat in stats for t in stat.rpartition(")")[2].split()[11:13])
        return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure everything and print it."""
    parser = figures_parser("bench_serving.py", __doc__)
    parser.add_argument("bundle", type=Path, help="A model's folder, e.g. results/demo/best.")
    parser.add_argument("--requests", type=int, default=200, help="Per number of clients and turn.")
    parser.add_argument("--rounds", type=int, default=3, help="Turns.")
    parser.add_argument("--soak", type=int, default=5000, help="Requests of the memory test.")
    parser.add_argument("--overload-seconds", type=float, default=20.0, help="How long.")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(words.bundle, Path(folder)) as server:
        paths = make_uploads(Path(folder))
        bodies = [form_of(path) for path in paths]
        figures: dict[str, Any] = {"seconds": SECONDS, "upload_bytes": [*map(len, bodies)]}
        figures |= compare(server, words.bundle, paths, bodies, words.requests, words.rounds)
        figures["overload"] = overload(server, bodies, words.overload_seconds, figures)
        figures["soak"] = soak(server, bodies, words.soak)
    tell_figures(figures, words.json)


@contextmanager
def serving(bundle: Path, folder: Path) -> Iterator[Server]:
    """Run a server on a free port."""
    code = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    options = ["--port", "0", "--deadline-seconds", str(DEADLINE_SECONDS)]
    command = [sys.executable, "-c", code, "serve", str(bundle), *options]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(  # noqa: S603 - our own server
            command, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            server = Server(process)
            server.wait_until_ready()
            yield server
        finally:
            process.terminate()


def make_uploads(folder: Path) -> list[Path]:
    """Play a track of each genre with the sample synthesiser: stereo MP3 of 44.1 kHz."""
    import soundfile

    from genre.sample import SampleConfig
    from genre.sample.planning import plan_tracks
    from genre.sample.rendering import render_track

    paths = []
    for plan in plan_tracks(SampleConfig(n_artists_per_genre=1, n_tracks_per_artist=1)):
        plan = replace(plan, duration_seconds=SECONDS, sample_rate=44100, n_channels=2)
        path = folder / f"{plan.artist.genre}.mp3"
        with soundfile.SoundFile(
            path, "w", 44100, 2, bitrate_mode="CONSTANT", compression_level=0.6
        ) as file:
            file.write(render_track(plan))
        paths.append(path)
    return paths


def form_of(path: Path) -> bytes:
    """Write the body of an upload."""
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    return head.encode() + path.read_bytes() + f"\r\n--{_BOUNDARY}--\r\n".encode()


def compare(
    server: Server,
    bundle: Path,
    paths: Sequence[Path],
    bodies: Sequence[bytes],
    n_requests: int,
    rounds: int,
) -> dict[str, Any]:
    """Take turns: offline tagging, then each number of clients."""
    from genre.loading import load_tagger

    tagger = load_tagger(bundle)
    offline: list[float] = []
    online: dict[int, list[list[Answer]]] = {n: [] for n in CLIENTS}
    rates: dict[int, list[float]] = {n: [] for n in CLIENTS}
    used = server.cpu_seconds()
    for _ in range(rounds):
        offline.append(offline_rate(tagger, paths, n_requests))
        for n_clients in CLIENTS:
            started = time.perf_counter()
            online[n_clients].append(load(server, bodies, n_clients, n_requests))
            rates[n_clients].append(n_requests / (time.perf_counter() - started))
    used = server.cpu_seconds() - used
    best = [max(of_round) for of_round in zip(*rates.values(), strict=True)]
    ratios = [b / o for b, o in zip(best, offline, strict=True)]
    return {
        "offline_per_second": round(statistics.median(offline), 2),
        "ratio_to_offline": round(statistics.median(ratios), 3),
        "server_cpu_ms_per_request": round(1000 * used / (rounds * len(CLIENTS) * n_requests), 1),
        "clients": {
            str(n): {"per_second": round(statistics.median(rates[n]), 2)}
            | latencies([answer for answers in online[n] for answer in answers])
            for n in CLIENTS
        },
    }


def offline_rate(tagger: Any, paths: Sequence[Path], n_files: int) -> float:  # noqa: ANN401 - lazy
    """Tag files as `genre tag` does; files per second once the workers are there."""
    files = itertools.islice(itertools.cycle(paths), n_files + 1)
    outcomes = tagger.tag_many(files)
    next(outcomes)
    started = time.perf_counter()
    n_good = sum(outcome.error is None for outcome in outcomes)
    return n_good / (time.perf_counter() - started)


def load(server: Server, bodies: Sequence[bytes], n_clients: int, n_requests: int) -> list[Answer]:
    """Let so many clients send one upload after the other."""
    turns = itertools.islice(itertools.cycle(bodies), n_requests)
    with ThreadPoolExecutor(n_clients) as clients:
        return list(clients.map(lambda body: server.ask("POST", "/predict", body), turns))


def latencies(answers: Sequence[Answer]) -> dict[str, Any]:
    """Sum up what became of requests."""
    seconds = sorted(answer.seconds for answer in answers)
    return {
        "n_failed": sum(answer.status != 200 for answer in answers),
        "p50_ms": round(1000 * seconds[len(seconds) // 2], 1),
        "p99_ms": round(1000 * seconds[min(len(seconds) - 1, int(0.99 * len(seconds)))], 1),
    }


def overload(
    server: Server, bodies: Sequence[bytes], seconds: float, figures: dict[str, Any]
) -> dict[str, Any]:
    """Send several times what the server can do, whether it answers or not."""
    rate = OVERLOAD * max(entry["per_second"] for entry in figures["clients"].values())
    answers: list[Answer] = []
    threads = []
    for number in range(round(rate * seconds)):
        body = bodies[number % len(bodies)]
        thread = threading.Thread(
            target=lambda body=body: answers.append(server.ask("POST", "/predict", body))
        )
        thread.start()
        threads.append(thread)
        time.sleep(1 / rate)
    for thread in threads:
        thread.join()
    counts = Counter(str(answer.status) for answer in answers)
    return {
        "sent_per_second": round(rate, 1),
        "answers": dict(counts),
        "slowest_seconds": round(max(answer.seconds for answer in answers), 2),
        "n_other_or_late": sum(
            answer.status not in (200, 503) or answer.seconds > DEADLINE_SECONDS
            for answer in answers
        ),
    }


def soak(server: Server, bodies: Sequence[bytes], n_requests: int) -> dict[str, Any]:
    """Watch the memory over many requests of four clients."""
    memory = []
    n_failed = 0
    for _ in range(20):
        n_failed += latencies(load(server, bodies, 4, max(4, n_requests // 20)))["n_failed"]
        memory.append(round(server.resident_mb(), 1))
    # the first fifth fills the allocators' pools
    early, late = memory[4:8], memory[-4:]
    return {
        "n_requests": 20 * max(4, n_requests // 20),
        "n_failed": n_failed,
        "resident_mb": memory,
        "growth": round(statistics.median(late) / statistics.median(early) - 1, 4),
    }


if __name__ == "__main__":
    main()
