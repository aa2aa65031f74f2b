"""The examples of docs/clusters.md do what the page says."""

import json
import re
import shlex
from itertools import count
from pathlib import Path
from string import Template

import pytest
import soundfile
import yaml

from genre.cli import main
from genre.execution.shards import Shard
from tests.bundles import small_bundle, write_bundle
from tests.doctor_examples import noise

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "clusters.md").read_text("utf-8")


def block_of(title: str, language: str) -> str:
    """Return the first block of code below a heading."""
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    found = re.search(rf"^```{language}\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a shared folder with a model and with a file of part 3 of 16, and go there."""
    write_bundle(small_bundle(), tmp_path / "results" / "music" / "best")
    write_bundle(small_bundle(), tmp_path / "best")
    name = next(name for number in count() if is_third(tmp_path, name := f"{number}.wav"))
    (tmp_path / "music").mkdir()
    soundfile.write(tmp_path / "music" / name, noise(4), 22050)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def is_third(folder: Path, name: str) -> bool:
    """Whether a file is of part 3 however the examples name it."""
    places = (name, f"music/{name}", f"{folder}/music/{name}")
    return all(Shard(3, 16).holds(place) for place in places)


@pytest.mark.usefixtures("shared")
def test_the_array_job(capsys: pytest.CaptureFixture[str]) -> None:
    lines = block_of("Slurm", "bash").splitlines()
    assert "#SBATCH --array=0-15" in lines
    (told,) = (line for line in lines if line.startswith("part="))
    ((_, value),) = (word.split("=") for word in shlex.split(told, comments=True))
    part = Template(value).substitute(SLURM_ARRAY_TASK_ID=3)
    assert part == "3/16"
    for line in lines:
        if line.startswith("genre "):
            assert main(shlex.split(Template(line).substitute(part=part))[1:]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "part 3/16, 1 file: 1 new, 0 cached, 0 bad"
    assert out[1].startswith("part 3/16, 1 file: 1 tagged now, 0 before, 0 bad: answers/tags-00003")
    assert main(["tag", "--merge", "answers"]) == 1
    told, err = capsys.readouterr()
    assert json.loads(told)["path"] == f"{next(Path('music').iterdir())}"
    assert err == ("missing or not finished, of 16 parts: 0,1,2,4,5,6,7,8,9,10,11,12,13,14,15\n")


def test_the_indexed_job(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job = yaml.safe_load(block_of("Kubernetes", "yaml"))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert (job["spec"]["completionMode"], job["spec"]["completions"]) == ("Indexed", 16)
    (line,) = container["args"]
    line = Template(line).substitute(JOB_COMPLETION_INDEX=3).replace("/data/", f"{shared}/")
    assert main(shlex.split(line)[2:]) == 0
    assert capsys.readouterr().out.startswith("part 3/16, 1 file: 1 tagged now")
