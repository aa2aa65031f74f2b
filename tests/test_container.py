"""The container's files: what can be said of them without building, and what they would run."""

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import pytest
import soundfile
import yaml

from genre.audio.readers.ffprobe import DECODERS, FORMATS
from genre.sample import render_excerpt
from genre.serving.config import ServingConfig
from tests.bare_environment import ALONE, ROOT, link_packages, locked
from tests.bundles import small_bundle
from tests.server_process import serving

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LOCKS = ("requirements-build.lock", "requirements-serve.lock", "requirements-train.lock")


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


def test_the_last_stage_is_not_root_and_installs_no_packages_of_the_system() -> None:
    assert list(stages()) == ["ffmpeg", "builder", "trainer", "runtime"]
    assert instructions("runtime", "USER") == ["10001"]
    assert "useradd --system --uid 10001" in stages()["runtime"]
    assert "apt-get" not in stages()["runtime"]


def test_ffmpeg_is_built_with_what_the_reader_lets_in_and_nothing_else() -> None:
    enabled: dict[str, set[str]] = {}
    for kind, names in re.findall(r"--enable-(\w+)=(\S+)", stages()["ffmpeg"]):
        enabled.setdefault(kind, set()).update(names.split(","))
    # configure calls some of them otherwise than the programs do
    assert enabled["demuxer"] == {"shorten" if f == "shn" else f for f in FORMATS.values()}
    decoders = {codec if codec.startswith("adpcm_") else name for codec, name in DECODERS.items()}
    assert enabled["decoder"] == decoders
    assert enabled["protocol"] == {"file", "pipe", "subfile"}
    assert "--disable-everything --disable-autodetect --disable-network" in stages()["ffmpeg"]


def test_torch_is_installed_to_train_alone_and_needs_no_variable() -> None:
    for stage in ("ffmpeg", "builder", "runtime"):
        assert "torch" not in stages()[stage].lower()
    assert "TORCH_INDEX" in instructions("trainer", "ARG")  # a default would follow after "="
    (train,) = [run for run in instructions("trainer", "RUN") if "TORCH_INDEX" in run]
    before, if_none = train.split('if [ -z "$(ls --almost-all "${GENRE_BUNDLE}"')
    installs, after = if_none.split("check; fi && ")
    assert "pip" not in before + after
    assert installs.count(" install ") == 4
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
    arguments = service["build"]["args"]
    assert arguments == {
        "GENRE_BUNDLE": "${GENRE_BUNDLE:-results/best}",
        "TORCH_INDEX": "${TORCH_INDEX:-}",
    }
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
    assert {"librosa", "scikit-learn", "onnx"} <= set(locked("requirements-train.lock"))


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """Give the environment of a process that has the runtime's packages and no others."""
    folder = link_packages(set(locked("requirements-serve.lock")), tmp_path / "packages")
    return {"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}


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
