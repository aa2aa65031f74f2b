"""What Weights & Biases keeps of a run, without a network: genre.grid.trackers.wandb."""

import os
import struct
from importlib import import_module
from pathlib import Path

import pytest

from genre.grid.tracking import start_tracking
from tests.epochs import epochs


def test_runs_side_by_side_are_kept_in_files_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    for name in ("WANDB_MODE", "WANDB_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("WANDB_CONFIG_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "own"))
    folder = tmp_path / "demo"
    told = start_tracking("wandb", folder, {"a/seed0": {"seed": 0}})
    told.show("a/seed0", epochs(1))
    told.show("b/seed0", epochs(2))
    told.show("a/seed0", epochs(3))
    told.end("a/seed0", is_done=True)
    told.close()
    import_module("wandb").teardown()  # as at the program's end: the process that writes ends, too
    files = sorted((folder / "wandb").glob("offline-run-*/run-*.wandb"))
    read = dict(map(_read, files))
    assert {name: len(figures) for name, figures in read.items()} == {"a/seed0": 3, "b/seed0": 2}
    assert read["a/seed0"][2]["val_macro_ap"] == "0.6"
    assert capfd.readouterr().err == ""


def _read(path: Path) -> tuple[str, list[dict[str, str]]]:
    """Read a run's name and epochs: chunks of a log in the format of LevelDB, with protobuf."""
    content, at, name, message = path.read_bytes(), 7, "", b""
    rows: list[dict[str, str]] = []
    while len(content) - at >= 7:
        _, length, kind = struct.unpack("<IHB", content[at : at + 7])
        message += content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (2, 3):  # it goes on in the next chunk
            continue
        record = import_module("wandb.proto.wandb_internal_pb2").Record()
        record.ParseFromString(message)
        name, message = record.run.display_name or name, b""
        if record.WhichOneof("record_type") == "history":
            items = record.history.item
            rows.append({item.key or item.nested_key[0]: item.value_json for item in items})
    return name, rows
