"""What is installed comes from a complete lock, whatever an index has that day."""

import ensurepip
import os
import re
import shlex
import tomllib
from importlib import metadata
from itertools import product
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
RECIPES = ("Makefile", "Dockerfile", ".ci/run")
# Of torch for CUDA; the container may take the build without it, from TORCH_INDEX.
CUDA = ("nvidia-", "cuda-", "triton")
# In the trainer stage the lock for training comes on top of that for serving.
TOGETHER = {
    "requirements-build.lock": ("requirements-build.lock",),
    "requirements.lock": ("requirements.lock",),
    "requirements-oldest.lock": ("requirements-oldest.lock",),
    "requirements-serve.lock": ("requirements-serve.lock",),
    "requirements-train.lock": ("requirements-serve.lock", "requirements-train.lock"),
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
}


def blocks(name: str) -> list[list[str]]:
    """Cut a file into its targets, stages or itself, each a list of single commands."""
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\\\n\s*", " ", text)
    starts = {"Makefile": r"^(?=[^\s#].*:)", "Dockerfile": r"^(?=FROM )"}.get(name, r"\Z")
    return [
        [command.strip() for command in re.split(r"&&|\|\||;|\n", block) if command.strip()]
        for block in re.split(starts, text, flags=re.MULTILINE)
    ]


def installations(commands: list[str]) -> list[str]:
    called = r"\bpip\d*\b.* (install|download)\b(?!.*--dry-run)"
    return [line for line in commands if re.search(called, line)]


def from_a_lock(command: str) -> list[str]:
    """Name the locks that a command installs."""
    return re.findall(r"(?:-r|--requirement)[ =](\S+)", command)


@pytest.mark.parametrize("name", RECIPES)
def test_every_installation_is_of_a_lock_with_hashes_and_looks_for_nothing_else(name: str) -> None:
    for command in [line for block in blocks(name) for line in installations(block)]:
        assert "--no-deps" in command
        assert not re.search(r" (-U|--upgrade\S*|--pre|--ignore-requires-python)\b", command)
        options, _, wanted = command.partition(" install ")
        words = [word for word in shlex.split(wanted) if not word.startswith("-")]
        if from_a_lock(command):
            assert "--require-hashes" in command
            assert words == from_a_lock(command)
            assert set(words) <= set(LOCKS)
        elif "--index-url" in command:
            assert words[0] == "${TORCH_INDEX}"
            assert re.fullmatch(r"\$\(grep .*'\^torch(audio)?==.* requirements\.lock\)", words[1])
            assert len(words) == 2
        else:
            assert words in (["."], ["/wheel/*.whl"]), f"{options}: of no lock"


@pytest.mark.parametrize("name", RECIPES)
def test_what_a_lock_installs_is_checked(name: str) -> None:
    for block in blocks(name):
        at = [i for i, line in enumerate(block) if any(map(from_a_lock, installations([line])))]
        if at:
            assert any(re.search(r"\bpip\b.* check$", line) for line in block[max(at) :]), block[0]


def test_the_recipes_are_found() -> None:
    found = {name: sum(len(installations(block)) for block in blocks(name)) for name in RECIPES}
    assert found == {"Makefile": 4, "Dockerfile": 8, ".ci/run": 0}
    commands = [line for name in RECIPES for b in blocks(name) for line in installations(b)]
    locks = {lock for line in commands for lock in from_a_lock(line)}
    assert locks == set(LOCKS) == set(TOGETHER)


def test_pip_is_the_one_that_the_interpreter_brings() -> None:
    for name in RECIPES:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(
            r"--upgrade-deps|get-pip|ensurepip|virtualenv|\buv (venv|pip install(?! --dry-run))",
            text,
        )
    for name in LOCKS:
        assert "pip" not in pinned(name, this_environment())
    ours = Path(str(metadata.distribution("genre").locate_file(""))).resolve()
    if "CI" in os.environ and ours.is_relative_to(ROOT / ".venv"):
        assert metadata.version("pip") == ensurepip.version()


def this_environment() -> dict[str, str]:
    """Return what markers are evaluated against here, as a plain dictionary."""
    return {name: str(value) for name, value in default_environment().items()}


def pinned(name: str, environment: dict[str, str]) -> dict[str, str]:
    """Read the packages of a lock that apply in an environment, with their versions."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    entries = [Requirement(line.removesuffix("\\")) for line in lines if line[:1].isalnum()]
    applying = [e for e in entries if e.marker is None or e.marker.evaluate(environment)]
    assert len(applying) == len({entry.name for entry in applying})
    return {entry.name: str(entry.specifier).removeprefix("==") for entry in applying}


def applying(
    texts: list[str], environment: dict[str, str], extras: frozenset[str] = frozenset()
) -> list[Requirement]:
    """Choose the requirements that hold in an environment, with these extras asked for."""
    markers = [{**environment, "extra": extra} for extra in ("", *extras)]
    found = [Requirement(text) for text in texts]
    return [r for r in found if r.marker is None or any(map(r.marker.evaluate, markers))]


def wanted_of(lock: str) -> list[str]:
    """List what the project itself wants of a lock."""
    groups, extras = PROJECT["dependency-groups"], PROJECT["project"]["optional-dependencies"]
    project = PROJECT["project"]["dependencies"]
    return {
        "requirements-build.lock": groups["build"],
        "requirements-serve.lock": project + extras["serve"],
        "requirements-train.lock": project + extras["train"],
    }.get(lock) or [
        *project,
        *[text for extra in extras.values() for text in extra],
        *groups["build"],
        *[text for text in groups["dev"] if isinstance(text, str)],
    ]


def unmet(lock: str, environment: dict[str, str]) -> list[str]:
    """Name what is needed, extras included, and is not in a lock in the version it needs to be.

    `pip check` does not see extras, and knows this machine only. What a package needs is read where
    the locked version is installed.
    """
    on_cpu = TOGETHER[lock] != (lock,)
    have = {k: v for name in TOGETHER[lock] for k, v in pinned(name, environment).items()}
    if on_cpu:
        everything = pinned("requirements.lock", environment)
        have |= {name: everything[name] for name in ("torch", "torchaudio")}
    missing: list[str] = []
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = applying(wanted_of(lock), environment)
    while queue:
        wanted = queue.pop()
        name = canonicalize_name(wanted.name)
        if on_cpu and name.startswith(CUDA):
            continue
        if name not in have or not wanted.specifier.contains(have[name], prereleases=True):
            missing.append(f"{wanted}: {have.get(name)}")
            continue
        key = (name, frozenset(wanted.extras))
        if key not in seen and version_here(name) == Version(have[name]):
            seen.add(key)
            queue += applying(metadata.requires(name) or [], environment, key[1])
    return missing


def version_here(name: str) -> Version | None:
    try:
        return Version(metadata.version(name))
    except metadata.PackageNotFoundError:
        return None


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_all_that_its_packages_need(lock: str) -> None:
    for python, system in product(PYTHONS, SYSTEMS):
        environment = this_environment() | SYSTEMS[system]
        environment |= {"python_version": python, "python_full_version": f"{python}.0"}
        environment["os_name"] = "nt" if system == "win32" else "posix"
        assert unmet(lock, environment) == [], (python, system)


def test_the_oldest_lock_has_the_lower_bounds() -> None:
    environment = this_environment() | SYSTEMS["linux"]
    environment |= {"python_version": PYTHONS[0], "python_full_version": f"{PYTHONS[0]}.0"}
    oldest = pinned("requirements-oldest.lock", environment)
    wanted = applying(wanted_of("requirements-oldest.lock"), environment)
    assert len(wanted) > 30
    for entry in wanted:
        (bound,) = entry.specifier
        at_least = Version(bound.version.removesuffix(".*")).release
        version = Version(oldest[canonicalize_name(entry.name)]).release
        padded = (*version, 0, 0)[: len(at_least)]
        # 2.2 is no bound if 2.2.2 is the first that can be had; stubs have a date after it
        rest = () if entry.name.startswith("types-") or "stubs" in entry.name else version
        assert padded == at_least, entry
        assert not any(rest[len(at_least) :]), entry


def test_the_promised_pythons_are_those_that_are_let_in() -> None:
    prefix = "Programming Language :: Python :: "
    named = [line.removeprefix(prefix) for line in PROJECT["project"]["classifiers"]]
    assert tuple(name for name in named if re.fullmatch(r"3\.\d+", name)) == PYTHONS
    (allowed,) = [Requirement(f"python{PROJECT['project']['requires-python']}").specifier]
    assert [f"3.{minor}" for minor in range(30) if f"3.{minor}" in allowed] == list(PYTHONS)
    assert f"Python {PYTHONS[0]} to {PYTHONS[-1]}" in (ROOT / "README.md").read_text("utf-8")


def test_the_citation_is_of_this_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    version = re.search(r'__version__ = "(.+)"', (ROOT / "genre/version.py").read_text("utf-8"))
    assert version is not None
    assert f"\nversion: {version[1]}\n" in citation
    holder = re.search(r"Copyright \(c\) \d+ (.+)", (ROOT / "LICENSE").read_text("utf-8"))
    assert holder is not None
    assert f"\n  - name: {holder[1]}\n" in citation
    assert f"\nlicense: {PROJECT['project']['license']}\n" in citation
