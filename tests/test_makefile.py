"""The Makefile can be read, and has every target that the README and the checks call."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_every_target_that_is_named_can_be_made() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    declared = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    assert declared is not None
    # a phony target with no rule is "nothing to be done" for make
    assert [name for name in declared[1].split() if f"\n{name}:" not in makefile] == []
    called = re.findall(r"^ *make ([a-z -]+?)(?: *#|$)", _words(), flags=re.MULTILINE)
    targets = {*declared[1].split(), *" ".join(called).split()}
    assert {"demo", "test", "check-notebook", "clean"} <= targets
    answer = subprocess.run(
        ["make", "--dry-run", *sorted(targets)],  # noqa: S607 - the one on the path
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def _words() -> str:
    files = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".ci" / "run")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
