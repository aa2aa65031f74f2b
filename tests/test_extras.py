"""What is said where a package of an extra is missing, and where anything else is: genre.extras."""

import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from genre.cli import main, run_job
from genre.errors import GenreError, MissingPackageError
from genre.extras import EXTRAS, explained, need

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))


def test_the_names_are_those_of_the_packages_that_the_extras_bring() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    assert set(EXTRAS) == set(extras)
    distributions = {"faiss": ["faiss-cpu"], **packages_distributions()}  # it may be absent
    for extra, modules in EXTRAS.items():
        brought = {canonicalize_name(Requirement(text).name) for text in extras[extra]}
        assert brought == {canonicalize_name(distributions[module][0]) for module in modules}


@pytest.mark.parametrize(("module", "extra"), [("torch", "train"), ("flask", "serve")])
def test_a_missing_package_is_named_with_its_extra(module: str, extra: str) -> None:
    line = f"{module} must be installed: run `pip install '.[{extra}]'` in a clone of genre"
    with pytest.raises(MissingPackageError) as caught, explained():
        raise ModuleNotFoundError(f"No module named '{module}'", name=module)
    assert str(caught.value) == line
    assert isinstance(caught.value, GenreError)
    assert isinstance(caught.value, ImportError)  # what others catch who can do without


def test_what_is_needed_is_asked_for_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    need("onnx")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingPackageError, match=r"onnx must be installed: .*'\.\[train\]'"):
        need("onnx")


@pytest.mark.parametrize("module", ["genre.cli.gone", "plugin_of_mine", "torch.gone", None])
def test_any_other_missing_module_stays_what_it_is(module: str | None) -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named"), explained():
        raise ModuleNotFoundError("No module named …", name=module)


def test_a_command_says_it_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def job(argv: object) -> int:  # noqa: ARG001 - a command's signature
        import mistune

        return len(mistune.__name__)

    monkeypatch.setitem(sys.modules, "mistune", None)
    assert run_job(job, []) == 1
    line = "error: mistune must be installed: run `pip install '.[train]'` in a clone of genre\n"
    assert capsys.readouterr().err == line


def test_the_doctor_has_a_table_and_says_what_its_page_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "music" / "jazz").mkdir(parents=True)
    (tmp_path / "music" / "jazz" / "a.mp3").touch()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    for name in ("genre.pages", "genre.dataset.doctor.page"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert main(["doctor", "music", "--n-workers", "1"]) == 0
    said = capsys.readouterr().out
    assert "1 file, 0 usable" in said
    assert said.endswith(
        "page: not written: jinja2 must be installed: run `pip install '.[train]'` in a clone of "
        "genre\n"
    )
    written = [path.name for path in (tmp_path / "results" / "music").iterdir()]
    assert written == ["doctor.csv"]
