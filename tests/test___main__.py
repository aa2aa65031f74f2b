"""`python -m genre`: genre.__main__."""

import subprocess
import sys

from genre.cli import HELP


def test_it_is_the_command_with_its_exit_status() -> None:
    command = [sys.executable, "-m", "genre"]
    told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True)
    assert told.stdout == HELP
    wrong = subprocess.run([*command, "gone"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("error: command='gone' must be one of: ")
