"""Which names a server answers to, and whose pages may have it work.

A page that somebody visits can send requests to any address that their browser reaches, this
server's too; with a name of its own that it lets point here (DNS rebinding) it can read the answers
as well. A browser says under which name it asks (Host) and whose page made it ask (Sec-Fetch-Site,
Origin), and no page can change that; other programs say what they like, and harm nobody else.
An address of digits cannot be made to point elsewhere. A token makes all of this idle: a stranger's
page does not know it.
"""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

from genre.serving.config import ANY_HOST, ServingConfig
from genre.serving.problems import Problem
from genre.wording import printable

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
OWN_SITES = ("same-origin", "none")
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]@/\s]+\]|[^\[\]:@/\s,]+)(?::(?P<port>\d{1,5})?)?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Authority:
    """A host and a port, as a Host header names them.

    Parameters
    ----------
    host : str
        In lower case, without brackets and the dot at the end.
    port : int or None
        None where the scheme says it.
    """

    host: str
    port: int | None

    @property
    def address(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The host as an address; None where it is a name."""
        try:
            address = ipaddress.ip_address(self.host)
        except ValueError:
            return None
        return getattr(address, "ipv4_mapped", None) or address


class Origins:
    """Decides by its headers whether a request may come from where it comes.

    Parameters
    ----------
    config : ServingConfig
        Where the server listens, and further names of it.
    has_token : bool
        Whether clients must send a token.
    """

    def __init__(self, config: ServingConfig, *, has_token: bool) -> None:
        self._has_token = has_token
        self._is_local = _is_loopback(config.host)
        self._named = {name.lower().removesuffix(".") for name in config.allow_host}
        self._names = self._named | {"localhost"}
        if not self._is_local:
            own = socket.gethostname().lower()
            self._names |= {own, f"{own}.local", config.host.lower().removesuffix(".")}

    def problem(self, method: str, header: Callable[[str], str | None]) -> Problem | None:
        """Find what is wrong with where a request comes from.

        Parameters
        ----------
        method : str
            Of the request.
        header : callable of str
            Looks a header of the request up by its name; None where there is none.

        Returns
        -------
        Problem or None
            None where nothing is.
        """
        host = header("Host")
        if host and not self._is_own(host):
            return Problem(
                421,
                f"host={printable(host[:80])!r} must be a name of this server; whoever runs it can "
                "give it another with --allow-host",
            )
        if self._has_token or method in SAFE_METHODS:
            return None
        if not self._is_own_page(host, header("Sec-Fetch-Site"), header("Origin")):
            return Problem(403, "only this server's own page, or no page at all, may ask for this")
        return None

    def _is_own(self, host: str) -> bool:
        if ANY_HOST in self._named or (self._has_token and not self._named):
            return True
        authority = parse_authority(host)
        if authority is None:
            return False
        address = authority.address
        if address is not None and (address.is_loopback or not self._is_local):
            return True
        return authority.host in self._names

    def _is_own_page(self, host: str | None, site: str | None, origin: str | None) -> bool:
        # The browser's own judgement; those of 2022 and before have none, nor do addresses
        # without encryption other than this machine's.
        if site is not None:
            return site.strip().lower() in OWN_SITES
        if origin is None:
            return True
        scheme, _, rest = origin.partition("://")
        page, asked = parse_authority(rest), parse_authority(host or "")
        if page is None:
            return False
        if page.host in self._named:
            return True
        default = _PORTS.get(scheme.lower())
        return asked is not None and (page.host, page.port or default) == (
            asked.host,
            asked.port or default,
        )


def parse_authority(text: str) -> Authority | None:
    """Read what a Host header, or the part of an address behind the scheme, says.

    Parameters
    ----------
    text : str
        Such as ``localhost:8000`` or ``[::1]``.

    Returns
    -------
    Authority or None
        None where it is none.

    Examples
    --------
    >>> parse_authority("LocalHost.:8000")
    Authority(host='localhost', port=8000)
    >>> parse_authority("[::1]")
    Authority(host='::1', port=None)
    """
    found = _AUTHORITY.fullmatch(text.strip())
    if found is None:
        return None
    host = found["host"].lower().removesuffix(".").strip("[]")
    return Authority(host, int(found["port"]) if found["port"] else None)


def _is_loopback(host: str) -> bool:
    address = Authority(host.lower(), None).address
    return host.lower() == "localhost" if address is None else address.is_loopback
