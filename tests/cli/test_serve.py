"""`genre serve` as a user sees it: genre.cli.serve."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_serve(
    folder: Path, *words: str, before: str = "pass"
) -> "subprocess.CompletedProcess[str]":
    code = f"import sys; {before}; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", str(folder / "bundle"), *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )


def test_without_its_libraries_it_says_what_to_install(tmp_path: Path) -> None:
    done = run_serve(tmp_path, before="sys.modules['apiflask'] = None")
    assert done.returncode == 1
    assert done.stderr == (
        "error: genre serve must find apiflask: install what it needs with "
        "`pip install 'genre[serve]'`\n"
    )
