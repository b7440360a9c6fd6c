"""What a client can be told; checked at construction so that a running client never fails on its settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ingest_client.delivery.endpoint import Endpoint
from ingest_client.errors import InvalidSettings

__all__ = ["ClientSettings", "Credentials", "TlsSettings"]

DEFAULT_URL = "http://localhost:3100"


@dataclass(frozen=True)
class TlsSettings:
    """How an https server is checked. ``verify=False`` trusts anybody: for tests of one's own machines only."""

    verify: bool = True
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None


@dataclass(frozen=True)
class Credentials:
    """Who asks: tenant (``X-Scope-OrgID``) and either basic or bearer authentication.

    A token or a password in a file is read again when the server refuses it.
    """

    tenant: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    bearer_token: str | None = field(default=None, repr=False)
    bearer_token_file: str | None = None
    password_file: str | None = None

    def __post_init__(self) -> None:
        given = [name for name in ("username", "bearer_token", "bearer_token_file") if getattr(self, name)]
        if len(given) > 1:
            raise InvalidSettings(f"{' and '.join(given)}: give one of them, not both")
        for name, value in (("tenant", self.tenant), ("bearer_token", self.bearer_token)):
            if value is not None and not _fits_header(value):
                raise InvalidSettings(f"{name} holds a character that cannot stand in an HTTP header")


@dataclass(frozen=True)
class ClientSettings:
    """All settings of a push client; sizes in bytes, times in seconds.

    The queue holds at most ``max_entries`` lines and ``max_bytes`` of memory; when it is full ``overflow`` says whether
    the oldest or the newest lines are dropped (warnings and worse go last in both cases). ``max_tries`` limits how
    often one batch is offered; by default it is kept until the server takes it, refuses it, or the client is closed.

    ``directory`` is where lines are kept from the moment they are logged, in a ring of ``ring_bytes`` that survives a
    crash of the process, and where they wait that cannot be sent, over restarts: at most ``spool_bytes`` (by default
    1 GiB or a tenth of the free disk). ``spool_sync`` says when they are made to survive a power loss: ``interval``
    once a second, ``always``, or ``none`` for cards that wear out. A label with more than ``max_label_values`` values
    in an hour is sent as structured metadata instead.
    """

    url: str = DEFAULT_URL
    credentials: Credentials = Credentials()
    tls: TlsSettings = TlsSettings()
    max_entries: int = 20_000
    max_bytes: int = 16 * 1024 * 1024
    overflow: Literal["oldest", "newest"] = "oldest"
    batch_bytes: int = 1024 * 1024
    batch_wait_s: float = 1.0
    wire: Literal["protobuf", "json"] = "protobuf"
    gzip_level: int = 4
    max_line_bytes: int = 256 * 1024
    timeout_s: float = 10.0
    backoff_base_s: float = 0.5
    backoff_cap_s: float = 60.0
    max_tries: int | None = None
    exit_deadline_s: float = 5.0
    directory: str | None = None
    spool_bytes: int | None = None
    spool_sync: Literal["interval", "always", "none"] = "interval"
    ring_bytes: int = 10 * 1024 * 1024
    max_label_values: int = 500

    def __post_init__(self) -> None:
        Endpoint.parse(self.url)
        for name in _POSITIVE:
            if not getattr(self, name) > 0:
                raise InvalidSettings(f"{name} must be positive, not {getattr(self, name)!r}")
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                choices = " or ".join(map(repr, allowed))
                raise InvalidSettings(f"{name} must be {choices}, not {getattr(self, name)!r}")
        if self.spool_bytes is not None and self.spool_bytes < 1 << 20:
            raise InvalidSettings(f"spool_bytes must be at least 1 MiB, not {self.spool_bytes!r}")
        if not 0 <= self.gzip_level <= 9:
            raise InvalidSettings(f"gzip_level must lie between 0 (off) and 9, not {self.gzip_level!r}")
        if self.max_tries is not None and self.max_tries < 1:
            raise InvalidSettings(f"max_tries must be at least 1 or None, not {self.max_tries!r}")


_CHOICES = {
    "overflow": ("oldest", "newest"),
    "wire": ("protobuf", "json"),
    "spool_sync": ("interval", "always", "none"),
}
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
    "max_label_values",
    "ring_bytes",
)


def _fits_header(value: str) -> bool:
    return value.isprintable() and all(ord(character) < 256 for character in value)
