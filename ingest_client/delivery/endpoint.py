"""Where a server lives: the parts of its address that an HTTP connection needs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from ingest_client.errors import InvalidSettings

__all__ = ["PUSH_PATH", "Endpoint"]

PUSH_PATH = "/loki/api/v1/push"
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Endpoint:
    """A parsed base address. ``prefix`` is what stands before ``/loki/...`` on the server, without a last slash.

    ``query`` is what follows a full push address, with its question mark: some servers are told how to store there.
    """

    secure: bool
    host: str
    port: int
    prefix: str
    username: str | None
    password: str | None
    query: str = ""

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """Parse ``http[s]://[user:password@]host[:port][/prefix]``; a full push address is taken as well.

        Raises InvalidSettings.
        """
        parts = urlsplit(url.strip())
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise InvalidSettings(f"address {url!r}: write it as http://host:3100 or https://host")
        if not url.strip().isprintable() or " " in url.strip():
            raise InvalidSettings(f"address {url!r}: no blanks or control characters")
        if parts.fragment or (parts.query and not parts.path.rstrip("/").endswith(PUSH_PATH)):
            raise InvalidSettings(f"address {url!r}: nothing may follow the path, but a query a full push address")
        return cls(
            secure=parts.scheme == "https",
            host=parts.hostname,
            port=_port(url, parts.scheme),
            prefix=quote(_without_push_path(parts.path.rstrip("/")), safe="/%:@~"),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            query=f"?{parts.query}" if parts.query else "",
        )

    def __str__(self) -> str:
        """The address without credentials, for messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}{self.prefix}"


def _without_push_path(path: str) -> str:
    return path[: -len(PUSH_PATH)] if path.endswith(PUSH_PATH) else path


def _port(url: str, scheme: str) -> int:
    try:
        return urlsplit(url.strip()).port or _DEFAULT_PORTS[scheme]
    except ValueError as error:
        raise InvalidSettings(f"address {url!r}: the port must be a number from 1 to 65535") from error
