"""The real server in a process of its own."""

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.request import urlopen

from genre.inference.bundle import Bundle
from tests.bundles import write_bundle

PATIENCE_SECONDS = 60
COMMAND = "import sys; from genre.cli import main; sys.exit(main(['serve', *sys.argv[1:]]))"


@contextlib.contextmanager
def serving(
    folder: Path,
    bundle: Bundle,
    *words: str,
    port: int = 0,
    flags: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run `genre serve` on a bundle; gives the address of its page once it is ready."""
    write_bundle(bundle, folder)
    options = ["--port", str(port), "--device", "cpu", "--n-workers", "2", *words]
    with subprocess.Popen(
        [sys.executable, *flags, "-c", COMMAND, str(folder), *options],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the server did not start"
            _wait_until_ready(f"{found[0]}/readyz")
            yield f"{found[0]}/"
        finally:
            process.terminate()
            process.wait(30)


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urlopen(url):  # noqa: S310 - the server started above
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url} is not ready")
