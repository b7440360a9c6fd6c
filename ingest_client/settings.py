"""What a client can be told; checked at construction so that a running client never fails on its settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ingest_client.endpoint import Endpoint
from ingest_client.errors import InvalidSettings

__all__ = ["ClientSettings", "Credentials", "TlsSettings"]

DEFAULT_URL = "http://localhost:3100"


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """How an https server is checked. ``verify=False`` trusts anybody: for tests of one's own machines only."""

    verify: bool = True
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: tenant (``X-Scope-OrgID``) and either basic or bearer authentication."""

    tenant: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    bearer_token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.username and self.bearer_token:
            raise InvalidSettings("username and bearer_token: give one of them, not both")
        for name, value in (("tenant", self.tenant), ("bearer_token", self.bearer_token)):
            if value is not None and not _fits_header(value):
                raise InvalidSettings(f"{name} holds a character that cannot stand in an HTTP header")


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """All settings of a push client; sizes in bytes, times in seconds.

    The queue holds at most ``max_entries`` lines and ``max_bytes`` of memory; when it is full ``overflow`` says whether
    the oldest or the newest lines are dropped (warnings and worse go last in both cases). ``max_tries`` limits how
    often one batch is offered; by default it is kept until the server takes it, refuses it, or the client is closed.
    """

    url: str = DEFAULT_URL
    credentials: Credentials = Credentials()
    tls: TlsSettings = TlsSettings()
    max_entries: int = 20_000
    max_bytes: int = 16 * 1024 * 1024
    overflow: Literal["oldest", "newest"] = "oldest"
    batch_bytes: int = 1024 * 1024
    batch_wait_s: float = 1.0
    gzip_level: int = 4
    max_line_bytes: int = 256 * 1024
    timeout_s: float = 10.0
    backoff_base_s: float = 0.5
    backoff_cap_s: float = 60.0
    max_tries: int | None = None
    exit_deadline_s: float = 5.0

    def __post_init__(self) -> None:
        Endpoint.parse(self.url)
        for name in _POSITIVE:
            if not getattr(self, name) > 0:
                raise InvalidSettings(f"{name} must be positive, not {getattr(self, name)!r}")
        if self.overflow not in ("oldest", "newest"):
            raise InvalidSettings(f"overflow must be 'oldest' or 'newest', not {self.overflow!r}")
        if not 0 <= self.gzip_level <= 9:
            raise InvalidSettings(f"gzip_level must lie between 0 (off) and 9, not {self.gzip_level!r}")
        if self.max_tries is not None and self.max_tries < 1:
            raise InvalidSettings(f"max_tries must be at least 1 or None, not {self.max_tries!r}")


_POSITIVE = (
    "max_entries",
    "max_bytes",
    "batch_bytes",
    "batch_wait_s",
    "max_line_bytes",
    "timeout_s",
    "backoff_base_s",
    "backoff_cap_s",
    "exit_deadline_s",
)


def _fits_header(value: str) -> bool:
    return value.isprintable() and all(ord(character) < 256 for character in value)
