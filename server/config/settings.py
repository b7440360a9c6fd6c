"""The settings tree: values as the program uses them. Only ``table.py`` knows how they are spelt outside."""

from __future__ import annotations

from dataclasses import dataclass, field

from logql.limits import QueryLimits
from server.config.overrides import Override
from server.config.retention import StreamRetention
from server.limits import PushLimits
from storage.settings import StorageSettings

__all__ = [
    "AuthenticationSettings",
    "DeleteSettings",
    "HttpSettings",
    "OverridesFile",
    "RetentionSettings",
    "Settings",
    "TlsSettings",
]


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Port 0 takes any free one. Times in seconds, sizes in bytes."""

    listen_address: str = "127.0.0.1"
    listen_port: int = 3100
    log_level: str = "info"
    log_tenant: str = ""
    idle_timeout_s: float = 120.0
    read_header_timeout_s: float = 15.0
    read_timeout_s: float = 30.0
    write_timeout_s: float = 30.0
    max_connections: int = 4096
    max_receiving_bytes: int = 256 << 20
    graceful_shutdown_timeout_s: float = 30.0
    max_form_bytes: int = 10 << 20
    compress_responses: bool = False
    max_concurrent_queries: int = 4
    max_outstanding_queries: int = 256
    tail_max_duration_s: float = 3600.0
    allow_public_access_without_authentication: bool = False


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Without a certificate the server speaks plain HTTP."""

    cert_file: str = ""
    key_file: str = ""
    client_auth_type: str = "NoClientCert"
    client_ca_file: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.cert_file or self.key_file)

    @property
    def asks_who(self) -> bool:
        """Whether nobody gets in without a certificate that is verified."""
        return self.is_on and self.client_auth_type == "RequireAndVerifyClientCert"


@dataclass(frozen=True, slots=True)
class AuthenticationSettings:
    """Empty paths mean those in the data folder."""

    enabled: bool = False
    tokens_file: str = ""
    users_file: str = ""
    open_ready: bool = True
    open_metrics: bool = False


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long a tenant's rows are kept; 0 is for ever. Bytes are those on disk."""

    period_s: int = 0
    rules: tuple[StreamRetention, ...] = ()
    max_bytes: int = 0


@dataclass(frozen=True, slots=True)
class DeleteSettings:
    """``mode`` is ``disabled``, ``filter-only`` (hidden, never erased) or ``filter-and-delete``."""

    mode: str = "filter-and-delete"
    cancel_period_s: int = 86_400
    max_interval_s: int = 86_400


@dataclass(frozen=True, slots=True)
class OverridesFile:
    """``path`` is empty without one."""

    path: str = ""
    period_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set."""

    auth_enabled: bool = False
    multi_tenant_queries_enabled: bool = False
    data_dir: str = "data"
    query_workers: int = 0
    http: HttpSettings = field(default_factory=HttpSettings)
    tls: TlsSettings = field(default_factory=TlsSettings)
    authentication: AuthenticationSettings = field(default_factory=AuthenticationSettings)
    push: PushLimits = field(default_factory=PushLimits)
    query: QueryLimits = field(default_factory=QueryLimits)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    deletes: DeleteSettings = field(default_factory=DeleteSettings)
    overrides: tuple[Override, ...] = ()
    overrides_file: OverridesFile = field(default_factory=OverridesFile)
    storage: StorageSettings = field(default_factory=StorageSettings)
