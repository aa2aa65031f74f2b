"""genre.backbones.hf.folder: what a folder says, and what it lacks."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from genre.backbones.hf import folder as module
from genre.backbones.hf.folder import FAMILIES, SPECTROGRAM, read_folder
from genre.errors import BundleError, ConfigError, GenreError, MissingPackageError
from genre.hashing import hash_file
from tests.backbones.hf.small_models import change


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder in which nothing is absent, with weights of no model."""
    path = tmp_path / "model"
    path.mkdir()
    for name in ("config.json", "preprocessor_config.json"):
        (path / name).write_text("{}")
    change(path / "config.json", model_type="hubert", architectures=["HubertModel"])
    weights = {"a": np.zeros((3, 4), dtype=np.float32)}
    safetensors.numpy.save_file(weights, path / "model.safetensors")
    return path


def test_a_whole_folder_is_read(folder: Path) -> None:
    read = read_folder(folder)
    assert (read.model_type, read.architecture, read.classes) == ("hubert", "HubertModel", ())
    assert not read.is_classifier
    origin = read.origin("ears")
    assert (origin.name, origin.source, origin.licence) == ("ears", "model", "")
    assert origin.sha256 == hash_file(folder / "model.safetensors")
    assert origin.attribution == "converted to ONNX"


@pytest.mark.parametrize(
    ("card", "licence", "attribution"),
    [
        ("---\nlicense: cc-by-nc-4.0\n---\n", "cc-by-nc-4.0", "a/b; converted to ONNX"),
        (
            "---\r\ntags:\r\n- music\r\nlicense: 'mit'\r\nbase_model: x/y\r\n---\r\nlicense: no",
            "mit",
            "a/b; based on x/y; converted to ONNX",
        ),
        ("---\nlicense: other\nlicense_name: own\n---", "own", "a/b; converted to ONNX"),
        ("---\nlicense: a\x1b[2Jb\n---", r"a\x1b[2Jb", "a/b; converted to ONNX"),
        ("license: mit\n", "", "a/b; converted to ONNX"),
        ("---\nlicense: mit\n", "", "a/b; converted to ONNX"),
    ],
)
def test_whose_it_is_is_taken_from_its_card(
    folder: Path, card: str, licence: str, attribution: str
) -> None:
    (folder / "README.md").write_text(card, newline="")
    change(folder / "config.json", _name_or_path="a/b")
    origin = read_folder(folder).origin("ears")
    assert (origin.licence, origin.attribution) == (licence, attribution)


def test_where_it_was_saved_is_nobodys_business(folder: Path) -> None:
    change(folder / "config.json", _name_or_path="/home/somebody/run")
    assert read_folder(folder).origin("ears").attribution == "converted to ONNX"


@pytest.mark.parametrize(
    ("family", "problem", "one_label"),
    [
        ("hubert", None, True),
        ("hubert", "multi_label_classification", False),
        (SPECTROGRAM, None, False),
        (SPECTROGRAM, "single_label_classification", True),
    ],
)
def test_whether_classes_exclude_each_other(
    folder: Path, family: str, problem: str | None, one_label: bool
) -> None:
    change(folder / "config.json", model_type=family, problem_type=problem)
    assert read_folder(folder).has_one_label is one_label


@pytest.mark.parametrize(
    "named",
    [None, {}, [], {"0": "a", "1": "a"}, {"0": "a", "2": "b"}, {"0": " "}, {"0": 1}],
)
def test_classes_must_have_names_of_their_own(folder: Path, named: object) -> None:
    change(folder / "config.json", architectures=["HubertForSequenceClassification"])
    change(folder / "config.json", id2label={"1": "b", "0": "a"})
    assert read_folder(folder).classes == ("a", "b")
    change(folder / "config.json", id2label=named)
    with pytest.raises(BundleError, match="id2label must name each of its classes"):
        _ = read_folder(folder).classes


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json", "model.safetensors"])
def test_what_is_absent_or_broken_is_named(folder: Path, name: str) -> None:
    for content in ("", "[]" + " " * 20):
        (folder / name).write_text(content)
        with pytest.raises(BundleError, match=name):
            read_folder(folder)
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"must hold {name}, "):
        read_folder(folder)
    os.mkfifo(folder / name)
    with pytest.raises(BundleError, match=f"must hold {name}, "):
        read_folder(folder)


def test_a_folder_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"what=hf:.*none must be a folder that is there"):
        read_folder(tmp_path / "none")


def test_a_pickle_is_not_read(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(BundleError, match=r"pytorch_model.bin is a pickle.*save_pretrained of its"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"model_type": "whisper"}, f"model_type=whisper must be one of: {', '.join(FAMILIES)}"),
        ({"model_type": None}, "model_type=None must be one of"),
        ({"model_type": ["hubert"]}, "must be one of"),
        ({"model_type": "mert_model", "deepnorm": True}, "deepnorm must be false: .* of its own"),
        (
            {"model_type": "mert_model", "feature_extractor_cqt": True},
            "feature_extractor_cqt must be false",
        ),
    ],
)
def test_other_models_are_not_taken_in(
    folder: Path, values: dict[str, object], message: str
) -> None:
    change(folder / "config.json", **values)
    with pytest.raises(BundleError, match=message) as caught:
        read_folder(folder)
    assert "\n" not in str(caught.value)


def test_a_model_must_not_be_too_large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 4 * 12)
    read_folder(folder)
    monkeypatch.setattr(module, "MAX_BYTES", 4 * 11)
    with pytest.raises(GenreError, match=r"at most 11 numbers, .*; it has 12"):
        read_folder(folder)


@pytest.mark.parametrize(("package", "extra"), [("transformers", "hf"), ("torch", "train")])
def test_what_must_be_installed_is_named(
    folder: Path, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        MissingPackageError, match=rf"{package} must .*`pip install '.\[{extra}\]'`"
    ):
        read_folder(folder)
