"""The container's files: no engine runs here, so what can be said of them without one is."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from io import BytesIO
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import pytest
import soundfile
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from genre.sample import render_excerpt
from genre.serving.config import ServingConfig
from tests.bare_environment import ALONE, ROOT, link_packages, locked
from tests.bundles import small_bundle
from tests.server_process import serving

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LOCKS = ("requirements-serve.lock", "requirements-train.lock")


def stages() -> dict[str, str]:
    """Cut the Dockerfile into its stages, by name."""
    parts = re.split(r"^FROM .+ AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def instructions(stage: str, name: str) -> list[str]:
    """List what follows an instruction's name, continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", stages()[stage])
    return re.findall(rf"^{name} (.+)$", joined, flags=re.MULTILINE)


def test_the_linter_has_nothing_to_say() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    answer = subprocess.run(
        [hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout) == (0, "")


def test_three_stages_and_the_last_is_not_root() -> None:
    assert list(stages()) == ["builder", "trainer", "runtime"]
    assert instructions("runtime", "USER") == ["10001"]
    assert "useradd --system --uid 10001" in stages()["runtime"]
    installed = re.findall(r"apt-get install (.+?) &&", " ".join(instructions("runtime", "RUN")))
    assert installed == ["--yes --no-install-recommends ffmpeg"]


def test_torch_comes_from_an_index_that_has_no_default() -> None:
    for stage in ("builder", "trainer"):
        assert "TORCH_INDEX" in instructions(stage, "ARG")  # a default would follow after "="
    assert "${TORCH_INDEX:?must be given" in stages()["builder"]
    installs = [run for run in instructions("builder", "RUN") if "install" in run]
    assert all("--require-hashes" in run or "pip" not in run for run in installs)
    for text in (DOCKERFILE, (ROOT / "compose.yaml").read_text(encoding="utf-8")):
        assert not re.search(r"https?://(?!127\.0\.0\.1)", text)


def test_what_is_copied_is_there_and_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored  # nothing but what is named after it
    sent = [line[1:] for line in ignored if line.startswith("!")]
    wanted = [
        source
        for stage in stages()
        for copy in instructions(stage, "COPY")
        if not copy.startswith("--from")
        for source in copy.split()[:-1]
    ]
    wanted += re.findall(r"type=bind,source=(\w+)", DOCKERFILE)
    assert len(wanted) > 8
    for source in wanted:
        assert (ROOT / source).exists()
        assert any(fnmatch(source, line) or line.startswith(f"{source}/") for line in sent), source
    for line in sent:
        assert any(line == f"{s}" or fnmatch(s, line) or line.startswith(f"{s}/") for s in wanted)


def test_compose_has_limits_and_the_same_health_check() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"][
        "genre"
    ]
    limits = service["deploy"]["resources"]["limits"]
    assert set(limits) == {"cpus", "memory", "pids"}
    assert service["build"]["args"]["TORCH_INDEX"].startswith("${TORCH_INDEX:?")
    health = service["healthcheck"]["test"]
    (check,) = instructions("runtime", "HEALTHCHECK")
    assert [*yaml.safe_load(check.partition("CMD ")[2])] == health[1:]
    assert all(entry.startswith("127.0.0.1:") for entry in service["ports"])
    (tmpfs,) = service["tmpfs"]
    assert tmpfs.startswith("/tmp:size=1g,")  # noqa: S108 - of the container
    # an upload lies there as it came and as the form's file; and some room for test mode
    assert 2 * ServingConfig().max_uploads_mb <= 0.9 * 1024
    # the image's own, which finds out how many processors it is given
    assert "command" not in service


@pytest.mark.parametrize("name", LOCKS)
def test_the_containers_locks_agree_with_the_whole_one(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    everything = locked("requirements.lock")
    packages = locked(name)
    assert packages.items() <= everything.items()
    assert not [package for package in packages if package.startswith(("torch", "nvidia", "cuda"))]
    assert "triton" not in packages
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block


def test_the_runtime_has_nothing_of_training() -> None:
    packages = locked("requirements-serve.lock")
    training = {"librosa", "scikit-learn", "pandas", "matplotlib", "statsmodels", "pytest", "numba"}
    assert not training & set(packages)
    assert {"librosa", "scikit-learn", "hatchling"} <= set(locked("requirements-train.lock"))


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """Give the environment of a process that has the runtime's packages and no others."""
    packages = {"torch", *locked("requirements-serve.lock")}
    folder = link_packages(packages, tmp_path / "packages")
    return {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}


IMPORTS = """
import sys
from importlib.util import find_spec
import genre.cli.serve, genre.serving.running

print(*sorted({name.split(".")[0] for name in sys.modules}))
print(*[name for name in ("librosa", "sklearn", "pandas", "pytest") if find_spec(name)])
"""


@pytest.mark.slow
def test_the_runtime_lists_what_serving_imports_and_nothing_else(bare: dict[str, str]) -> None:
    command = [sys.executable, *ALONE, "-c", IMPORTS]
    answer = subprocess.run(command, env=bare, capture_output=True, text=True, check=True)
    loaded, others = answer.stdout.splitlines()
    assert others == ""  # it is an environment without them, not only a program
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [Requirement(text) for text in listed["dependency-groups"]["runtime"]]
    used = {
        canonicalize_name(package)
        for module, packages in packages_distributions().items()
        if module in loaded.split()
        for package in packages
    }
    applying = {entry.name for entry in wanted if entry.marker is None or entry.marker.evaluate()}
    assert applying - used == set()


@pytest.mark.slow
def test_the_server_runs_with_what_the_runtime_has(bare: dict[str, str], tmp_path: Path) -> None:
    samples, sample_rate = render_excerpt("jazz", rng=np.random.default_rng(0), duration_seconds=5)
    song = BytesIO()
    soundfile.write(song, samples, sample_rate, format="MP3")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    form = head + song.getvalue() + b"\r\n--x--\r\n"
    with serving(tmp_path / "bundle", small_bundle(), flags=ALONE, env=bare) as url:
        assert json.loads(ask(f"{url}health"))["status"] == "healthy"
        assert json.loads(ask(f"{url}info"))["n_classes"] == 3
        answer = ask(f"{url}predict?picture=true", form, "multipart/form-data; boundary=x")
        assert json.loads(answer)["picture"]["n_mels"] == 96
        answer = ask(f"{url}predict_text", b'{"genre": "jazz"}', "application/json")
        assert json.loads(answer)["duration_seconds"] > 2
        assert b"genre_requests_total" in ask(f"{url}metrics")
        for name in ("", "page/app.js", "openapi.json"):
            assert ask(f"{url}{name}")


def ask(url: str, content: bytes | None = None, media_type: str = "text/plain") -> bytes:
    request = Request(url, content, {"Content-Type": media_type})  # noqa: S310 - of the test
    with urlopen(request) as answer:  # noqa: S310
        return bytes(answer.read())
