"""What request handlers need, made once a server and passed to each of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from logql.ast import Matcher
from logql.engine import Engine
from server.admission import ActiveStreams, RateLimiter, StreamRates
from server.auth import Gate, Standing, open_gate
from server.config import Settings, TenantSettings
from server.http.errors import NotReady
from server.http.receiving import Receiving
from server.machine.threads import Threads
from server.metrics import Metrics
from server.queue import QueryQueue
from server.tail.places import TailPlaces
from storage.database import Database

__all__ = ["Services"]


@dataclass(slots=True)
class Services:
    """``now_ns`` is the only clock that handlers look at. ``scope`` are the matchers that its caller's questions get:
    ``engine`` adds them by itself, handlers that ask anything else must. Raises CredentialError.
    """

    tenants: TenantSettings
    database: Database
    engine: Engine
    metrics: Metrics = field(default_factory=Metrics)
    threads: Threads = field(default_factory=Threads)
    rate: RateLimiter = field(default_factory=lambda: RateLimiter(time.monotonic))
    stream_rates: StreamRates = field(default_factory=lambda: StreamRates(time.monotonic))
    streams: ActiveStreams = field(default_factory=lambda: ActiveStreams(time.monotonic))
    tails: TailPlaces = field(default_factory=TailPlaces)
    queue: QueryQueue = field(init=False)
    now_ns: Callable[[], int] = time.time_ns
    started_ns: int = field(default_factory=time.time_ns)
    is_stopping: bool = False
    flushes_at_stop: bool = False
    stop: Callable[[], None] = lambda: None
    gate: Gate = field(init=False)
    standing: Standing = field(init=False)
    receiving: Receiving = field(init=False)
    scope: tuple[Matcher, ...] = ()

    @property
    def settings(self) -> Settings:
        """Of no tenant in particular."""
        return self.tenants.of_all

    def settings_of(self, tenant: str) -> Settings:
        """The settings with what is different for this tenant."""
        return self.tenants.of(tenant)

    def within(self, scope: tuple[Matcher, ...]) -> Services:
        """The same for a caller who sees only streams that pass ``scope``."""
        if not scope:
            return self
        narrow = copy(self)
        narrow.scope, narrow.engine = scope, self.engine.within(scope)
        return narrow

    def __post_init__(self) -> None:
        self.gate = open_gate(self.settings)
        self.standing = Standing(self.gate)
        self.receiving = Receiving(self.settings.http.max_receiving_bytes)
        http = self.settings.http
        self.queue = QueryQueue(http.max_concurrent_queries, http.max_outstanding_queries)

    def require_ready(self) -> None:
        """Raises NotReady until the log is replayed, and again from the moment the server stops."""
        if self.is_stopping:
            raise NotReady("Application is stopping")
        if not self.database.is_ready:
            raise NotReady("Ingester not ready: replaying the write-ahead log")
