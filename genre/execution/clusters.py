"""Joining a cluster of Ray.

Ray decides where a process runs; what is done there, and what becomes of work that is lost, is
ours. Whoever can reach a cluster's ports can run what he likes on it, so the one that is started
here listens to this machine alone and asks for a token that only this process knows.
"""

import ipaddress
import logging
import os
import re
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from genre.errors import ConfigError, GenreError
from genre.extras import need

logger = logging.getLogger(__name__)

NO_CLUSTER = "none"
NEW_CLUSTER = "ray"
OWN_CLUSTER = "auto"
_HOST_AND_PORT = re.compile(r"(ray://)?(?P<host>\[[^\]]+\]|[^:/@\s]+):(?P<port>\d{1,5})")

_SECONDS_TO_ANSWER = 5.0


def check_cluster(cluster: str) -> None:
    """Refuse what is no cluster.

    Parameters
    ----------
    cluster : str
        As in `genre.execution.ExecutionConfig`.

    Raises
    ------
    ConfigError
        With what it may be.
    """
    if cluster in (NO_CLUSTER, NEW_CLUSTER, OWN_CLUSTER):
        return
    if cluster.startswith("ray://") and _HOST_AND_PORT.fullmatch(cluster):
        return
    raise ConfigError(
        f"cluster={cluster!r} must be none, ray (one of this machine), auto (the one that this "
        "machine belongs to) or ray://HOST:PORT"
    )


@contextmanager
def joined(cluster: str) -> Iterator[Any]:
    """Join a cluster of Ray, and leave it with the block.

    Parameters
    ----------
    cluster : str
        As in `genre.execution.ExecutionConfig`; not none.

    Yields
    ------
    module
        Ray, connected. Where this process has joined a cluster already, that one; it stays.

    Raises
    ------
    ConfigError
        Where nobody answers.
    MissingPackageError
        Where Ray is not installed.
    """
    _keep_to_ourselves(cluster)
    need("ray")
    import ray

    if ray.is_initialized():
        with _told_if_it_ends(cluster):
            yield ray
        return
    try:
        address = _address(cluster)
    except OSError as error:
        raise _unreachable(cluster, "nobody does", error) from error
    on_sigterm = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(**address, log_to_driver=False, logging_level=logging.CRITICAL)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        refused = (
            "it lets nobody in; RAY_AUTH_MODE, and the versions of Ray and Python, must be alike "
            "here and there"
        )
        raise _unreachable(cluster, refused, error) from error
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, on_sigterm)  # Ray's own looks like a cluster that has ended
    try:
        with _told_if_it_ends(cluster):
            yield ray
    finally:
        ray.shutdown()


@contextmanager
def _told_if_it_ends(cluster: str) -> Iterator[None]:
    """Turn Ray's way of ending a process whose own part of the cluster is gone into an error."""
    try:
        yield
    except SystemExit as error:
        if error.code != 1:  # somebody asked this process to end
            raise
        words = "the part of it that this process was joined to has ended; the same command goes on"
        raise GenreError(f"cluster={cluster} must stay: {words}") from error


def _keep_to_ourselves(cluster: str) -> None:
    """Set what Ray reads once, as it is imported."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told that we are here
    if cluster == NEW_CLUSTER:  # Ray would have its workers wait for everybody else's
        os.environ.setdefault("RAY_worker_niceness", "0")
    if "ray" in sys.modules or "RAY_AUTH_MODE" in os.environ:
        return
    if cluster == NEW_CLUSTER:
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    elif _has_token():  # `ray start` asks for it then, while a client would leave it out
        os.environ["RAY_AUTH_MODE"] = "token"


def _has_token() -> bool:
    named = os.environ.get("RAY_AUTH_TOKEN_PATH")
    return (
        "RAY_AUTH_TOKEN" in os.environ
        or (Path(named) if named else Path.home() / ".ray" / "auth_token").is_file()
    )


def _address(cluster: str) -> dict[str, Any]:
    if cluster == NEW_CLUSTER:
        return {"address": "local", "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    if cluster == OWN_CLUSTER:
        # Without this variable it looks for what runs on this machine.
        _reached(os.environ.get("RAY_ADDRESS", ""))
        return {"address": "auto"}
    if _is_public(_reached(cluster)):
        logger.warning(
            "cluster=%s has a public address: whoever reaches its ports can run anything on it; "
            "use a private network, and RAY_AUTH_MODE=token on all of its machines",
            cluster,
        )
    return {"address": cluster}


def _reached(address: str) -> str:
    """Make sure that somebody answers, for which Ray itself would wait for minutes."""
    found = _HOST_AND_PORT.fullmatch(address)
    if found is None:
        return ""
    host = found["host"].strip("[]")
    socket.create_connection((host, int(found["port"])), timeout=_SECONDS_TO_ANSWER).close()
    return host


def _is_public(host: str) -> bool:
    with suppress(OSError, ValueError):
        return any(
            ipaddress.ip_address(found[4][0]).is_global for found in socket.getaddrinfo(host, None)
        )
    return False


def _unreachable(cluster: str, why: str, error: Exception) -> ConfigError:
    reason = str(error).strip().split("\n", 1)[0] or type(error).__name__
    hint = {
        NEW_CLUSTER: "it could not be started",
        OWN_CLUSTER: "this machine belongs to none that runs; start one with ray start --head, or "
        "name one with RAY_ADDRESS=HOST:PORT, and have RAY_AUTH_MODE alike here and there",
    }
    return ConfigError(f"cluster={cluster} must answer: {hint.get(cluster, why)} ({reason})")
