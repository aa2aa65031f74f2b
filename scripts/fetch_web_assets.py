"""Fetch what runs a model in a browser with npm, for `genre export --web`: `make web-assets`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from genre.cli.options import OptionParser
from genre.errors import ConfigError, GenreError
from genre.tagging.web_export.runtime import DEFAULT_FOLDER, PACKAGE, read_runtime, unpack


def main() -> int:
    """Fetch the package, check it and take the files out of it."""
    parser = OptionParser(prog="fetch_web_assets.py", description=__doc__ or "")
    parser.add_argument(
        "--out", type=Path, default=DEFAULT_FOLDER, help="Folder that is made anew."
    )
    out: Path = parser.read(sys.argv[1:]).out
    try:
        unpack(_fetched(), out)
        n_bytes = sum(map(len, read_runtime(out).values()))
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{PACKAGE}: {out} ({n_bytes / 1e6:.1f} MB)")
    return 0


def _fetched() -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise ConfigError("npm must be installed: it comes with Node.js")
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=False)  # noqa: S603 - npm, and our own words
        archives = list(Path(folder).glob("*.tgz"))
        if answer.returncode != 0 or len(archives) != 1:
            raise ConfigError(f"npm must be able to fetch {PACKAGE}; what it says stands above")
        return archives[0].read_bytes()


if __name__ == "__main__":
    sys.exit(main())
