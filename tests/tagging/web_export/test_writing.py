"""A page in a folder: genre.tagging.web_export.writing."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from genre.cli import main
from genre.errors import ConfigError
from genre.inference import Bundle
from genre.tagging.onnx_export import OnnxModel
from genre.tagging.web_export import check_page, write_page
from genre.tagging.web_export.writing import facts_of
from genre.version import __version__
from tests.bundles import small_bundle, write_bundle


def files_of(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in found}


def test_the_folder_holds_page_model_and_what_runs_it(
    bundle: Bundle, assets: Path, tmp_path: Path
) -> None:
    write_page(bundle, b"model", tmp_path / "web", assets=assets)
    found = files_of(tmp_path / "web")
    assert {name for name in found if not name.startswith("page/")} == {
        *("index.html", "model/model.json", "model/model.onnx"),
        *("runtime/LICENSE.txt", "runtime/onnxruntime.js", "runtime/onnxruntime.wasm"),
    }
    assert {"page/app.js", "page/source.js", "page/style.css", "page/listener.js"} <= found
    assert (tmp_path / "web/model/model.onnx").read_bytes() == b"model"
    assert (tmp_path / "web/runtime/onnxruntime.js").read_text() == "content of onnxruntime.js"
    assert "Copyright (c) Microsoft" in (tmp_path / "web/runtime/LICENSE.txt").read_text()
    facts = json.loads((tmp_path / "web/model/model.json").read_text(encoding="utf-8"))
    assert facts == json.loads(json.dumps(facts_of(bundle)))


def test_the_licence_of_a_pre_trained_network_lies_beside_the_model(
    bundle: Bundle, assets: Path, tmp_path: Path
) -> None:
    built_on = replace(bundle, licence_text="Do as you like.\n")
    write_page(built_on, b"model", tmp_path / "web", assets=assets)
    assert (tmp_path / "web/model/LICENSE.txt").read_text() == "Do as you like.\n"


def test_what_the_page_knows_of_its_model(bundle: Bundle) -> None:
    assert facts_of(bundle) == {
        "kind": "genre web page",
        "version": __version__,
        "n_parameters": bundle.n_parameters,
        "genres": ["hiphop", "jazz", "rock"],
        "names": {"hiphop": "Hip Hop", "jazz": "Jazz", "rock": "Rock"},
        "thresholds": [0.5, 0.5, 0.5],
        "task": "multilabel",
        "sample_rate": 22050,
        "hop_length": 441,
        "n_mels": 96,
        "floor_db": -80.0,
        "min_seconds": 0.1,
        "window_seconds": 4.0,
        "window_frames": 200,  # of 20 ms
        "step_frames": 100,
    }


def test_the_page_may_load_from_its_own_server_alone(
    bundle: Bundle, assets: Path, tmp_path: Path
) -> None:
    write_page(bundle, b"model", tmp_path / "web", assets=assets)
    html = (tmp_path / "web/index.html").read_text(encoding="utf-8")
    policy = re.findall(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', html)
    (rules,) = [dict(rule.split(" ", 1) for rule in text.split("; ")) for text in policy]
    assert rules.pop("default-src") == "'none'"
    sources = {word for words in rules.values() for word in words.split()}
    assert sources == {"'self'", "'none'", "'wasm-unsafe-eval'", "blob:"}
    # before anything that it is to hold for
    assert html.index("Content-Security-Policy") < html.index("<link")
    # in any folder of any server
    assert not re.search(r'(?:src|href)="(?:/|\w+:)', html)


def test_an_old_page_and_an_empty_folder_are_replaced(
    bundle: Bundle, assets: Path, tmp_path: Path
) -> None:
    (tmp_path / "web").mkdir()
    for model in (b"first", b"second"):
        write_page(bundle, model, tmp_path / "web", assets=assets)
        assert (tmp_path / "web/model/model.onnx").read_bytes() == model
    assert {path.name for path in tmp_path.iterdir()} == {"assets", "web"}


def test_a_link_to_a_page_stays_a_link(bundle: Bundle, assets: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "web").symlink_to(tmp_path / "there")
    write_page(bundle, b"model", tmp_path / "web", assets=assets)
    assert (tmp_path / "web").is_symlink()
    assert (tmp_path / "there/index.html").is_file()


@pytest.mark.parametrize("content", ["letters/x.txt", "model/model.json", "index.html"])
def test_any_other_folder_is_left_alone(
    content: str, bundle: Bundle, assets: Path, tmp_path: Path
) -> None:
    (tmp_path / "web" / content).parent.mkdir(parents=True)
    (tmp_path / "web" / content).write_text('{"kind": "another"}')
    with pytest.raises(ConfigError, match=r"web=.* must be new, empty or a page that .* wrote"):
        write_page(bundle, b"model", tmp_path / "web", assets=assets)
    assert files_of(tmp_path / "web") == {content}


def test_a_file_is_no_folder(assets: Path, tmp_path: Path) -> None:
    (tmp_path / "web").write_text("")
    with pytest.raises(ConfigError, match="must be new, empty"):
        check_page(tmp_path / "web", assets=assets)


def test_nothing_is_written_without_what_runs_it(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="make web-assets"):
        write_page(bundle, b"model", tmp_path / "web", assets=tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_it(
    assets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnx")
    write_bundle(small_bundle(), tmp_path / "best")
    words = ["--web", str(tmp_path / "site"), "--web-assets", str(assets)]
    assert main(["export", str(tmp_path / "best"), *words]) == 0
    out = capsys.readouterr().out
    assert f"python -m http.server --directory {tmp_path / 'site'}" in out
    assert OnnxModel((tmp_path / "site/model/model.onnx").read_bytes()).genres == ("a", "b", "c")
    assert not (tmp_path / "best/model.onnx").exists()
