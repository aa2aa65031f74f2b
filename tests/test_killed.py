"""A run that is killed again and again ends as one that was left alone."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from genre.evaluation.scores import load_scores
from tests.tiny_training import train

ROOT = Path(__file__).resolve().parents[1]
N_KILLS = 20


def start(folder: Path) -> subprocess.Popen[str]:
    """Start the training in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.tiny_training", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def kill_somewhere(process: subprocess.Popen[str], rng: np.random.Generator) -> bool:
    """Let some writes begin, wait a moment and kill; False where the process was done before."""
    assert process.stdout is not None
    for _ in range(rng.integers(1, 6)):
        process.stdout.readline()
    # A write takes 0.06 s, what lies between two writes somewhat more.
    time.sleep(float(rng.uniform(0, 0.12)))
    in_time = process.poll() is None
    process.kill()
    process.communicate()
    return in_time


@pytest.mark.slow
def test_killed_at_twenty_random_moments_it_ends_bit_equal(tmp_path: Path) -> None:
    rng = np.random.default_rng(20)
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    n_kills, n_within_a_write = 0, 0
    for _ in range(N_KILLS):
        before = set(killed.rglob("*.tmp"))
        n_kills += kill_somewhere(start(killed), rng)
        n_within_a_write += bool(set(killed.rglob("*.tmp")) - before)
    assert n_kills >= N_KILLS / 2
    assert n_within_a_write > 0
    last = start(killed)
    last.communicate()
    assert last.returncode == 0
    train(undisturbed)
    weights = [load_file(run / "bundle" / "model.safetensors") for run in (killed, undisturbed)]
    assert weights[0].keys() == weights[1].keys()
    for name, tensor in weights[0].items():
        np.testing.assert_array_equal(tensor, weights[1][name])
    scores = [load_scores(run / "scores.npz") for run in (killed, undisturbed)]
    np.testing.assert_array_equal(scores[0].test.y_score, scores[1].test.y_score)
    np.testing.assert_array_equal(scores[0].thresholds, scores[1].thresholds)
    assert not list(killed.glob("state*"))
