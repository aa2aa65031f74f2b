"""Machines of a cluster are looked at before work starts."""

import platform
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from genre.errors import ConfigError
from genre.execution import alike
from genre.execution.alike import check_nodes, look_around

NODE = {"Alive": True, "Resources": {"CPU": 2.0}, "NodeID": "a", "NodeManagerAddress": "10.0.0.7"}


def ray_of(answer: Callable[[list[str]], object], *nodes: dict[str, Any]) -> ModuleType:
    """Stand in for a cluster of which every machine answers the same."""
    task = SimpleNamespace(options=lambda **_: SimpleNamespace(remote=answer))
    scheduling = SimpleNamespace(NodeAffinitySchedulingStrategy=lambda _, soft: soft)
    ray = ModuleType("ray")
    ray.__dict__.update(
        nodes=lambda: list(nodes),
        remote=lambda **_: lambda _: task,
        get=lambda answers, timeout: answers,  # noqa: ARG005 - as Ray calls it
        util=SimpleNamespace(scheduling_strategies=scheduling),
        exceptions=SimpleNamespace(RayError=RuntimeError),
    )
    return ray


def test_looking_around(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    versions, unseen = look_around([str(tmp_path / "there"), str(tmp_path / "not")])
    assert versions["Python"] == platform.python_version()
    assert {"genre", "numpy", "soundfile", "libsndfile", "ffmpeg"} <= versions.keys()
    assert unseen == [1]


def test_machines_that_are_alike(tmp_path: Path) -> None:
    shared = tmp_path / "cache"
    assert check_nodes(ray_of(look_around, NODE, NODE), [shared]) == 2
    assert list(shared.iterdir()) == []


def test_a_cluster_without_cores_is_refused() -> None:
    head = NODE | {"Resources": {"memory": 1e9}}
    lost = NODE | {"Alive": False}
    with pytest.raises(ConfigError, match="must have at least one core"):
        check_nodes(ray_of(look_around, head, lost), [])


def test_another_version_is_named() -> None:
    here = alike._versions()
    ray = ray_of(lambda _: (here | {"numpy": "1.0", "ffmpeg": "absent"}, []), NODE)
    with pytest.raises(ConfigError) as caught:
        check_nodes(ray, [])
    assert f"10.0.0.7 has numpy 1.0, not {here['numpy']}, ffmpeg absent, not" in str(caught.value)


def test_a_folder_that_one_does_not_see_is_named(tmp_path: Path) -> None:
    ray = ray_of(lambda _: (alike._versions(), [1]), NODE)
    with pytest.raises(ConfigError, match=f"folder={tmp_path}/b must be one that all machines"):
        check_nodes(ray, [tmp_path / "a", tmp_path / "b"])


def test_a_machine_without_genre_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object, timeout: float) -> object:
        raise RuntimeError(f"Traceback\n{timeout}\nModuleNotFoundError: No module named 'genre'")

    ray = ray_of(look_around, NODE)
    monkeypatch.setattr(ray, "get", fail, raising=False)
    with pytest.raises(ConfigError, match="must have genre installed") as caught:
        check_nodes(ray, [])
    assert "No module named 'genre'" in str(caught.value)
