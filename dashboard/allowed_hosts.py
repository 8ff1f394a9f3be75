"""Whom the server answers: requests that call it by its own name, from pages that it sent itself.

A page elsewhere can point its own name at 127.0.0.1 (DNS rebinding) and then read what a browser
on this machine may read; the name in the Host header it cannot change. Streamlit's
``server.allowedHosts`` looks at the websocket alone, and of a foreign Origin Streamlit first asks
a service outside for this machine's address: such a request must not get that far.
"""

import ipaddress
import os
import re
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aespa_core.errors import ConfigError

PUBLIC_URL: Final = "AESPA_PUBLIC_URL"
HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::[0-9]{1,5})?", re.ASCII)
WRONG_HOST: Final = (
    "This server is not known by the name in this address: open it as http://localhost with its "
    f"port, or start it with {PUBLIC_URL} set to the address that people open.\n"
)
WRONG_ORIGIN: Final = (
    "This request comes from a page of another server, which may not use this one: if both are "
    f"one server behind a proxy, start it with {PUBLIC_URL} set to the address that people open.\n"
)


class AllowedHosts:
    """Refuse requests, websockets too, that name another host or come from a foreign page.

    Allowed are the names of the loopback, the address that the request arrived at, the address
    that the server was told to bind to, and the hosts of ``origins``.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str], address: str | None = None) -> None:
        self.app = app
        self.origins = origins
        self.names = {urlsplit(origin).hostname for origin in origins} | {(address or "").lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or answer 421 (wrong host) or 403 (foreign page)."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self.is_own(host_name(hosts[0]), scope):
            await PlainTextResponse(WRONG_HOST, 421)(scope, receive, send)
        elif not all(self.is_own_page(origin.lower(), hosts[0].lower()) for origin in origins):
            await PlainTextResponse(WRONG_ORIGIN, 403)(scope, receive, send)
        else:
            await self.app(with_origin_of_host(scope, hosts[0]), receive, send)

    def is_own(self, name: str | None, scope: Scope) -> bool:
        """Whether a name stands for this server."""
        if not name:
            return False
        if name == "localhost" or name in self.names:
            return True
        literal = ip_address(name)
        arrived_at = ip_address((scope.get("server") or ("", None))[0])
        return literal is not None and (literal.is_loopback or literal == arrived_at)

    def is_own_page(self, origin: str, host: str) -> bool:
        """Whether the page that asks was sent by this server."""
        return origin in {f"http://{host}", f"https://{host}", *self.origins}


def with_origin_of_host(scope: Scope, host: str) -> Scope:
    """Give a websocket's request with an Origin that Streamlit sees at once to be its own.

    Behind a proxy the two differ, and Streamlit would ask outside before it looks at its settings.
    """
    if scope["type"] != "websocket":
        return scope
    own = f"http://{host}".encode("latin-1")
    headers = [(name, own if name == b"origin" else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers}


def host_name(host: str) -> str | None:
    """Name in a Host header, in lower case and without port; None if there is none."""
    match = HOST.fullmatch(host.lower())
    return match[1].strip("[]").removesuffix(".") if match else None


def ip_address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Address that a name spells out, as IPv4 where it is one in IPv6's clothes."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def public_origins() -> frozenset[str]:
    """Origins under which people reach this server, by ``AESPA_PUBLIC_URL``; none if unset.

    Raises
    ------
    ConfigError
        If a part of the setting is not the address of a server.
    """
    written = os.environ.get(PUBLIC_URL, "").replace(",", " ").split()
    return frozenset(origin_of(address) for address in written)


def origin_of(address: str) -> str:
    """Scheme, host and port of an address, as browsers send them in Origin.

    Raises
    ------
    ConfigError
        If it has no scheme or no host.
    """
    try:
        parts = urlsplit(address.lower())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    default = {"http": 80, "https": 443}
    if parts.scheme not in default or not parts.hostname or host_name(parts.netloc) is None:
        raise ConfigError(
            f"{PUBLIC_URL} holds '{address}', which is not the address of a server: write it as "
            "people open it, such as https://heat.example.org."
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (
        f":{port}" if port not in (None, default[parts.scheme]) else ""
    )
