"""Joining a cluster: what is no cluster, or does not answer, is said in a line."""

import logging
import os
import socket
import sys
from pathlib import Path

import pytest

from genre.errors import ConfigError, GenreError
from genre.execution import ExecutionConfig, clusters
from genre.execution.clusters import check_cluster, joined


@pytest.mark.parametrize(
    "cluster", ["none", "ray", "auto", "ray://10.0.0.7:10001", "ray://[::1]:1"]
)
def test_clusters(cluster: str) -> None:
    check_cluster(cluster)
    assert ExecutionConfig(cluster=cluster).cluster == cluster


@pytest.mark.parametrize("cluster", ["", "yes", "ray://", "ray://host", "http://host:1", "Ray"])
def test_anything_else_is_refused(cluster: str) -> None:
    with pytest.raises(ConfigError, match=r"must be none, ray \(one of this machine\), auto"):
        ExecutionConfig(cluster=cluster)


def test_an_address_that_nobody_answers_at_is_one_line() -> None:
    pytest.importorskip("ray")
    with socket.socket() as held:  # bound, and not listening
        held.bind(("127.0.0.1", 0))
        address = f"ray://127.0.0.1:{held.getsockname()[1]}"
        with (
            pytest.raises(ConfigError, match="must answer: nobody does") as caught,
            joined(address),
        ):
            pass
    assert "\n" not in str(caught.value)


def test_so_is_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(ConfigError, match="RAY_ADDRESS=HOST:PORT"), joined("auto"):
            pass


@pytest.mark.parametrize("kept", ["RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH", "HOME"])
def test_a_token_that_is_there_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: str
) -> None:
    monkeypatch.delitem(sys.modules, "ray", raising=False)
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.setenv(name, "")  # so that it is taken back
        monkeypatch.delenv(name)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    clusters._keep_to_ourselves("ray://host:10001")
    assert "RAY_AUTH_MODE" not in os.environ
    token = tmp_path / ".ray" / "auth_token"
    token.parent.mkdir()
    if kept != "RAY_AUTH_TOKEN":
        token.write_text("secret")
    if kept != "HOME":
        monkeypatch.setenv(kept, str(token))
    clusters._keep_to_ourselves("ray://host:10001")
    assert os.environ["RAY_AUTH_MODE"] == "token"


def test_a_cluster_that_ends_is_one_line() -> None:
    ending = clusters._told_if_it_ends
    with pytest.raises(GenreError, match="cluster=auto must stay"), ending("auto"):
        raise SystemExit(1)
    with pytest.raises(SystemExit), ending("auto"):
        raise SystemExit(15)


def test_a_public_address_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"ray://127.0.0.1:{server.getsockname()[1]}"
        with caplog.at_level(logging.WARNING):
            assert clusters._address(address) == {"address": address}
            assert not caplog.text
            monkeypatch.setattr(clusters, "_is_public", lambda _: True)
            clusters._address(address)
    assert "whoever reaches its ports can run anything on it" in caplog.text


@pytest.mark.parametrize(
    ("host", "is_public"),
    [("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.9", False), ("8.8.8.8", True)],
)
def test_what_is_public(host: str, is_public: bool) -> None:
    assert clusters._is_public(host) is is_public


def test_a_cluster_of_our_own_asks_for_a_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (
        "RAY_AUTH_MODE",
        "RAY_AUTH_TOKEN",
        "RAY_USAGE_STATS_ENABLED",
        "RAY_worker_niceness",
    ):
        monkeypatch.setenv(name, "")  # so that it is taken back
        monkeypatch.delenv(name)
    monkeypatch.delitem(sys.modules, "ray", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)  # where no token is kept
    clusters._keep_to_ourselves("auto")
    assert "RAY_AUTH_MODE" not in os.environ
    clusters._keep_to_ourselves("ray")
    assert os.environ["RAY_AUTH_MODE"] == "token"
    assert len(os.environ["RAY_AUTH_TOKEN"]) == 64
    assert clusters._address("ray")["_node_ip_address"] == "127.0.0.1"
    assert clusters._address("ray")["include_dashboard"] is False
