"""Room for connections: a limit per client, and always a place for who asks whether all is well.

A connection that asks for nothing, or is slow to say what it wants, gives way to a newcomer; one
whose request is in hand never does. A newcomer that no connection gives way to may ask for the
probes only.
"""

import ipaddress
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from genre.serving.config import ServingConfig

PROBES = ("/livez", "/readyz")
RESERVE = 16
"""Connections beyond `max_connections` that may ask for the probes only."""


class Connection(Protocol):
    """What is known of an open connection."""

    @property
    def client(self) -> str:
        """Who is at its other end."""

    @property
    def idle_since(self) -> float | None:
        """Since when it has not said what it wants; None where a request is in hand."""


Open = TypeVar("Open", bound=Connection)


@dataclass(frozen=True, kw_only=True)
class Seat(Generic[Open]):
    """Where a newcomer gets.

    Parameters
    ----------
    is_there : bool
        False where it must be closed.
    instead_of : tuple of Connection
        What is closed for it.
    is_for_probes : bool
        Whether it may ask for nothing but the probes.
    """

    is_there: bool = True
    instead_of: tuple[Open, ...] = ()
    is_for_probes: bool = False


def seat(client: str, others: Sequence[Open], config: ServingConfig) -> Seat[Open]:
    """Find a place for a newcomer.

    Parameters
    ----------
    client : str
        Whose it is.
    others : sequence of Connection
        All that are open.
    config : ServingConfig
        Sets the limits.

    Returns
    -------
    Seat
    """
    n_of = Counter(other.client for other in others)
    crowd, limit = list(others), config.max_connections
    if n_of[client] >= config.max_client_connections:
        crowd = [other for other in others if other.client == client]
        limit = config.max_client_connections
    # More than one where some came in for the probes alone: for one of these no other gets a seat.
    n_wanted = max(0, len(crowd) - limit + 1)
    idle = [other for other in crowd if other.idle_since is not None]
    # Of the client that has the most, the one that has kept us waiting longest.
    idle.sort(key=lambda other: (-n_of[other.client], other.idle_since))
    leaving = tuple(idle[:n_wanted])
    return Seat(
        is_there=len(others) - len(leaving) < config.max_connections + RESERVE,
        instead_of=leaving,
        is_for_probes=len(leaving) < n_wanted,
    )


def client_of(host: str) -> str:
    """Name whoever has an address: in IPv6 a client has 2^64 of them.

    Parameters
    ----------
    host : str
        The address at the other end.

    Examples
    --------
    >>> client_of("127.0.0.1"), client_of("2001:db8::1:2:3")
    ('127.0.0.1', '2001:db8::/64')
    """
    address = ipaddress.ip_address(host)
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
