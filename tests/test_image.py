"""The container's image, really built and run where buildah and debootstrap are installed.

The base image is made by debootstrap, which needs no registry of images. All of it stays in
build/image, so that the next time is quick.
"""

import json
import logging
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
import soundfile

from genre.sample import render_excerpt
from tests.bare_environment import ROOT
from tests.bundles import small_bundle, write_bundle
from tests.encoded import ENCODINGS, encode
from tests.test_container import ask

pytestmark = pytest.mark.extras
logger = logging.getLogger(__name__)

PLACE = ROOT / "build" / "image"
BASE = "docker.io/library/python:3.11-slim-bookworm"
PACKAGES = "python3,python3-venv,python3-pip,ca-certificates"
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
MAX_MEGABYTES = 350
SENT = ("LICENSE", "README.md", "pyproject.toml", "genre", "scripts", "data/README.md")
LABEL = "localhost/genre-tested"
FILES = ["model.json", "model.safetensors", "network.onnx"]


# With a storage of its own.
BUILDAH = ["buildah", "--root", f"{PLACE / 'storage'}", "--runroot", f"{PLACE / 'run'}"]


def buildah(*words: str | Path, check: bool = True) -> "subprocess.CompletedProcess[str]":
    answer = subprocess.run([*BUILDAH, *words], capture_output=True, text=True, check=False)
    if check and answer.returncode:
        pytest.fail(f"buildah {words[0]}: {answer.stdout[-3000:]}{answer.stderr[-3000:]}")
    return answer


@pytest.fixture(scope="module")
def base() -> str:
    """Make the base image, unless it is there."""
    for program in ("buildah", "debootstrap"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: apt-get install buildah debootstrap)")
    if os.geteuid() != 0:
        pytest.skip("debootstrap has to be run as root")
    if buildah("inspect", "--type", "image", BASE, check=False).returncode == 0:
        return BASE
    root = PLACE / "root"
    shutil.rmtree(root, ignore_errors=True)
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(root)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"debootstrap found no Debian: {made.stdout[-300:]}{made.stderr[-300:]}")
    # As the image of that name has it.
    (root / "usr/bin/python").symlink_to("python3")
    for marker in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        marker.unlink()
    # This machine may reach the index through a certificate of its own.
    if (Path("/") / CERTIFICATES).exists():
        shutil.copyfile(Path("/") / CERTIFICATES, root / CERTIFICATES)
    container = buildah("from", "scratch").stdout.strip()
    buildah("add", "--quiet", container, root, "/")
    buildah("commit", "--quiet", "--rm", container, BASE)
    shutil.rmtree(root)
    return BASE


def context(folder: Path) -> Path:
    """Copy what a clone sends to the builder, without tracks and models."""
    for source in [*(ROOT / name for name in SENT), *ROOT.glob("requirements*.lock")]:
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    (folder / "results").mkdir()
    for name in ("Dockerfile", ".dockerignore", "results/LOG.md"):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def build(folder: Path, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
    options = ["--isolation", "chroot", "--network", "host", "--format", "docker", "--layers"]
    return buildah("bud", *options, "--tag", LABEL, folder, check=check)


@contextmanager
def container(image: str) -> Iterator[str]:
    """Make a container of an image and take it away again."""
    name = buildah("from", "--pull-never", image).stdout.strip()
    try:
        yield name
    finally:
        buildah("rm", name)


@contextmanager
def mounted(image: str) -> Iterator[Path]:
    with container(image) as name:
        yield Path(buildah("mount", name).stdout.strip())
        buildah("umount", name)


def inside(name: str, *options: str) -> list[str]:
    """Begin a command that runs in a container as the image's own user."""
    start = [*BUILDAH, "run", "--isolation", "chroot", "--network", "host", "--user", "10001"]
    return [*start, *options, name, "--"]


@pytest.fixture(scope="module")
def image(base: str, tmp_path_factory: pytest.TempPathFactory) -> str:  # noqa: ARG001 - is used
    folder = context(tmp_path_factory.mktemp("context"))
    write_bundle(small_bundle(), folder / "results" / "best")
    build(folder)
    return LABEL


def size_of(image: str) -> float:
    """Sum the files of an image, in MB."""
    with mounted(image) as root:
        sizes = [path.lstat().st_size for path in root.rglob("*") if not path.is_dir()]
    return sum(sizes) / 1e6


def sources(package: Path) -> dict[str, bytes]:
    files = package.rglob("*.py")
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in files}


def test_it_is_small_and_has_no_torch(base: str, image: str) -> None:
    added = size_of(image) - size_of(base)
    logger.info("image without its base layer: %.0f MB", added)
    assert added <= MAX_MEGABYTES
    with mounted(image) as root:
        installed = {path.name for path in root.glob("opt/genre/lib/python3*/site-packages/*")}
        assert "onnxruntime" in installed
        assert not installed & {"torch", "librosa", "pandas", "sklearn", "matplotlib", "pip"}
        assert sorted(path.name for path in (root / "bundle").iterdir()) == FILES
        (package,) = root.glob("opt/genre/lib/python3*/site-packages/genre")
        assert sources(package) == sources(ROOT / "genre")  # none of an earlier build


def test_its_server_is_ready_at_once_and_answers(image: str) -> None:
    samples, sample_rate = render_excerpt("jazz", rng=np.random.default_rng(0), duration_seconds=5)
    with container(image) as name, listening(name) as (url, seconds):
        logger.info("ready after %.2f s", seconds)
        song = Path(PLACE / "song.mp3")
        soundfile.write(song, samples, sample_rate, format="MP3")
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        form = head + song.read_bytes() + b"\r\n--x--\r\n"
        answer = json.loads(ask(f"{url}predict", form, "multipart/form-data; boundary=x"))
        assert {score["name"] for score in answer["scores"]} == {"a", "b", "c"}
        assert 4.9 < answer["duration_seconds"] < 5.2
        answer = ask(f"{url}predict_text", b'{"genre": "jazz"}', "application/json")
        assert json.loads(answer)["duration_seconds"] > 2


@contextmanager
def listening(name: str) -> Iterator[tuple[str, float]]:
    """Run the image's command; gives its address, and after how many seconds it was ready."""
    command = [*inside(name), "genre", "serve", "/bundle", "--port", "0"]
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the server did not start"
            while True:
                try:
                    with urlopen(f"{found[0]}/readyz"):  # noqa: S310 - the server started above
                        break
                except OSError:
                    assert time.perf_counter() < start + 60, "the server is not ready"
                    time.sleep(0.02)
            yield f"{found[0]}/", time.perf_counter() - start
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def test_its_own_ffmpeg_reads_what_ffmpeg_reads(image: str, tmp_path: Path) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed, which writes the files")
    for name, how in ENCODINGS.items():
        encode(tmp_path / f"{name}.{how.suffix}", how.options)
    tmp_path.chmod(0o755)
    with container(image) as name:
        begin = inside(name, "--volume", f"{tmp_path}:/songs:ro")
        code = "from pathlib import Path; from genre.audio.decode import load_waveform as load\n"
        code += "for path in Path('/songs').iterdir(): print(path.name, len(load(path).samples))"
        done = subprocess.run(
            [*begin, "python", "-c", code], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    lengths = dict(line.split(" ") for line in done.stdout.splitlines())
    assert len(lengths) == len(ENCODINGS)
    for name, n_samples in lengths.items():
        assert 1.9 < int(n_samples) / 22050 < 2.2, name


def test_a_model_that_it_cannot_use_is_one_line(base: str, tmp_path: Path) -> None:  # noqa: ARG001
    folder = context(tmp_path / "context")
    write_bundle(small_bundle(), folder / "results" / "best")
    description = folder / "results" / "best" / "model.json"
    description.write_text(json.dumps(json.loads(description.read_text()) | {"format": 3}))
    done = build(folder, check=False)
    assert done.returncode != 0
    assert "error: results/best" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
