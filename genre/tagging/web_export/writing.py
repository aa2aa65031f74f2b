"""A folder for any web server: a page that takes music, a model, and what runs it in a browser."""

import json
import shutil
from pathlib import Path
from typing import Any

from genre.atomic import ensure_writable, replace_folder
from genre.audio.windows import to_frames, window_frames
from genre.errors import ConfigError
from genre.inference import Bundle
from genre.inference.bundle import LICENCE_NAME
from genre.json_files import load_json
from genre.pages import tagging_page
from genre.tagging.web_export.runtime import DEFAULT_FOLDER, LICENCE, read_runtime
from genre.version import __version__
from genre.wording import shown

PAGE = Path(__file__).parent / "page"
"""The page's own part: the answers come from the model beside it."""
FACTS_NAME = "model/model.json"
KIND = "genre web page"


def write_page(bundle: Bundle, model: bytes, folder: Path, *, assets: Path | None = None) -> None:
    """Write a page that tags music in the browser alone; an old one stays until the new is whole.

    Parameters
    ----------
    bundle : Bundle
        Says what the model is called, what it takes and what its scores mean.
    model : bytes
        The same bundle from waveform to scores, as `genre.tagging.onnx_export.to_onnx` gives it.
    folder : Path
        New, empty, or a page that was written before, which it replaces.
    assets : Path, optional
        What `make web-assets` has made; by default where it makes it.

    Raises
    ------
    ConfigError
        Where the folder is another one, or the assets are not there.
    """
    runtime = check_page(folder, assets=assets)
    html, files = tagging_page(PAGE)

    def _fill(new: Path) -> None:
        for part in ("page", "model", "runtime"):
            (new / part).mkdir()
        (new / "index.html").write_text(html, encoding="utf-8")
        for name, path in files.items():
            shutil.copyfile(path, new / "page" / name)
        (new / "model" / "model.onnx").write_bytes(model)
        facts = json.dumps(facts_of(bundle), ensure_ascii=False, indent=1)
        (new / FACTS_NAME).write_text(facts, encoding="utf-8")
        if bundle.licence_text:
            (new / "model" / LICENCE_NAME).write_text(bundle.licence_text, encoding="utf-8")
        for name, content in runtime.items():
            (new / "runtime" / name).write_bytes(content)
        shutil.copyfile(LICENCE, new / "runtime" / "LICENSE.txt")

    replace_folder(folder.resolve(), _fill)


def check_page(folder: Path, *, assets: Path | None = None) -> dict[str, bytes]:
    """See that a page could be written, before a model is made for it.

    Parameters
    ----------
    folder : Path
        As for `write_page`.
    assets : Path, optional
        As for `write_page`.

    Returns
    -------
    dict of str to bytes
        The assets, as `read_runtime` gives them.

    Raises
    ------
    ConfigError
        As `write_page`.
    """
    _refuse_other(folder)
    ensure_writable(folder.resolve().parent, option="web")
    return read_runtime(DEFAULT_FOLDER if assets is None else assets)


def facts_of(bundle: Bundle) -> dict[str, Any]:
    """List what a page must know of its model.

    Parameters
    ----------
    bundle : Bundle
        What the model was made from.

    Returns
    -------
    dict of str to plain value
    """
    mel, windows = bundle.spectrogram.mel, bundle.windows
    return {
        "kind": KIND,
        "version": __version__,
        "n_parameters": bundle.n_parameters,
        "genres": list(bundle.genres),
        "names": bundle.names,
        "thresholds": list(bundle.thresholds),
        "task": bundle.rule.task,
        "sample_rate": mel.sample_rate,
        "hop_length": mel.hop_length,
        "n_mels": mel.n_mels,
        "floor_db": mel.floor_db,
        "min_seconds": bundle.spectrogram.decode.min_seconds,
        "window_seconds": windows.window_seconds,
        "window_frames": window_frames(windows, mel),
        "step_frames": to_frames(windows.step_seconds, mel),
    }


def _refuse_other(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        facts = load_json(folder / FACTS_NAME)
    except (OSError, ValueError):
        facts = None
    if not isinstance(facts, dict) or facts.get("kind") != KIND:
        raise ConfigError(
            f"web={shown(folder)} must be new, empty or a page that `genre export --web` wrote: "
            "what lies there would be lost"
        )
