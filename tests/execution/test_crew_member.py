"""A worker of a cluster, apart from the cluster."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from genre.execution import crew_member
from genre.execution.crew_member import CrewMember, forget_script
from genre.execution.pool import ExecutionConfig
from genre.execution.units import _InPool
from tests.work_units import misbehave


def test_a_member_does_units_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = SimpleNamespace(get_node_id=lambda: "some-node")
    ray = ModuleType("ray")
    ray.get_runtime_context = lambda: context  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setattr(crew_member, "forget_script", lambda: None)
    monkeypatch.chdir(tmp_path)
    member = CrewMember()
    config = ExecutionConfig(n_workers=7, timeout_seconds=20.0, cluster="ray")
    member.start(_InPool(misbehave), config, str(tmp_path / "absent"), [])
    seconds, node, found = member.do(["good", "crash", "fault", "good"])
    member._pool.stop()
    assert seconds > 0
    assert node == "some-node"
    assert [result for result, _ in found] == ["good", None, None, "good"]
    assert "exit code" in str(found[1][1])
    assert "no bytes" in str(found[2][1])
    assert Path.cwd() == tmp_path


def test_the_script_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    main = ModuleType("__main__")
    main.__file__ = "default_worker.py"
    monkeypatch.setitem(sys.modules, "__main__", main)
    forget_script()
    forget_script()
    assert not hasattr(main, "__file__")
    assert main.__spec__ is None
