"""The room as a whole: what it loads, and the script in front of it."""

import subprocess
import sys
from pathlib import Path


def test_the_synthesiser_needs_no_torch_and_warns_of_nothing() -> None:
    heavy = "{'torch', 'librosa', 'sklearn'} & set(sys.modules)"
    code = f"import sys, genre.sample; print({heavy})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


def test_the_script_says_where_the_data_is(tmp_path: Path) -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "make_sample_data.py"
    words = "--genres jazz rock --n-artists-per-genre 1 --n-tracks-per-artist 1 --n-workers 1"
    words += " --min-seconds 2 --max-seconds 2"
    command = [sys.executable, str(script), "--out", str(tmp_path / "s"), *words.split()]
    for expected in ("made 2 tracks", "it was there already"):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
        assert done.stdout.splitlines()[-1] == f"sample dataset: {tmp_path / 's'}"
