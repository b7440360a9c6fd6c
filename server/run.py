"""A server as a process: socket, store, engine, kernels, signals, from settings to exit status."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from logql.engine import Engine
from server.app import create_app
from server.auth import CredentialError
from server.config import ConfigError, Settings, TenantSettings
from server.config.settings import HttpSettings
from server.http.front import Front
from server.keeping import policies_of
from server.listener.protocol import with_deadlines
from server.listener.public_access import is_public, public_access_complaint
from server.listener.slow_clients import Deadlines, open_file_limit
from server.listener.tls import ListenerTls, TlsError
from server.listener.websocket import MAX_MESSAGE_BYTES, PING_INTERVAL_S, PING_TIMEOUT_S, WebSocketProtocol
from server.logs.events import start_logging
from server.machine.memory import settle_garbage_collector
from server.machine.warm import warm_in_background
from server.version import VERSION
from storage.database import Database
from storage.stores import BucketError

__all__ = ["run_server"]

log = logging.getLogger("skaldlog")

_BACKLOG = 2048
_ALL_ADDRESSES = "0.0.0.0"


def run_server(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT, which let running requests finish. Answers the process's exit status."""
    start_logging(settings.http.log_level)
    try:
        tenants = TenantSettings(settings)
    except ConfigError as error:
        return _refuse(str(error))
    try:
        listener = _listen(settings)
    except OSError as error:
        return _refuse(f"cannot listen on {_address(settings)}: {error.strerror}: choose another with --listen")
    folder = Path(settings.data_dir).absolute()
    try:
        database = Database(folder, settings.storage, policies=policies_of(tenants))
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except BucketError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"cannot use the data folder {folder}: {error.strerror}: choose another with --data DIR")
    try:
        tls = ListenerTls(settings.tls, time.monotonic) if settings.tls.is_on else None
    except TlsError as error:
        return _refuse(str(error))
    with listener:
        if complaint := public_access_complaint(settings, listener.getsockname()[0]):
            return _refuse(complaint)
        server = _Server(settings, listener, folder, tls)
        return _serve(tenants, database, server)


def _serve(tenants: TenantSettings, database: Database, server: _Server) -> int:
    engine = Engine(database, tenants.of_all.query_workers or None)
    try:
        app = create_app(tenants, database, engine, server.fail)
    except CredentialError as error:
        return _refuse(str(error))
    app.state.services.stop = server.stop
    server.use(Front(app, app.state.services))
    warm_in_background()
    settle_garbage_collector()
    # Uvicorn has handlers of its own while it serves, and raises the signal again once it has drained: harmless here.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.stop)
    server.run()
    return server.exit_status


class _Server(uvicorn.Server):
    """uvicorn with our limits, a line in the log when it listens, and an exit status."""

    def __init__(
        self, settings: Settings, listener: socket.socket, folder: Path, tls: ListenerTls | None = None
    ) -> None:
        self._settings, self._listener, self._folder, self._tls = settings, listener, folder, tls
        self.exit_status = 0

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets or [self._listener])

    def use(self, app: ASGIApp) -> None:
        http = self._settings.http
        config = uvicorn.Config(
            app,
            http=with_deadlines(_deadlines(http)),
            ws=WebSocketProtocol,
            ws_max_size=MAX_MESSAGE_BYTES,
            ws_ping_interval=PING_INTERVAL_S,
            ws_ping_timeout=PING_TIMEOUT_S,
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            log_level=logging.WARNING,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=int(http.idle_timeout_s),
            timeout_graceful_shutdown=int(http.graceful_shutdown_timeout_s),
        )
        super().__init__(config)
        config.load()
        config.ssl = self._tls.context if self._tls is not None else None

    def stop(self, *_: object) -> None:
        self.should_exit = True

    def fail(self, _: BaseException) -> None:
        """The store cannot start: stop with a status that says so."""
        self.exit_status = 1
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = self._listener.getsockname()[:2]
        scheme = "https" if self._tls is not None else "http"
        tenants, authentication = _state(self._settings.auth_enabled), _state(self._settings.authentication.enabled)
        log.info(
            "skaldlog %s listens on %s://%s:%d, data in %s, tenants %s, authentication %s",
            *(VERSION, scheme, host, port, self._folder, tenants, authentication),
        )
        if self._settings.authentication.enabled and self._tls is None and is_public(host):
            log.warning("tokens and passwords travel in the clear: set server.http_tls_config, or put TLS in front")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        log.info("stopping: finishing the requests that are being answered")
        await super().shutdown(sockets)
        log.info("stopped")


def _listen(settings: Settings) -> socket.socket:
    host = settings.http.listen_address or _ALL_ADDRESSES
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, settings.http.listen_port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _deadlines(http: HttpSettings) -> Deadlines:
    allowed = open_file_limit()
    return Deadlines(
        idle_s=http.idle_timeout_s,
        head_s=http.read_header_timeout_s,
        read_s=http.read_timeout_s,
        write_s=http.write_timeout_s,
        connections_max=min(http.max_connections or allowed, allowed),
    )


def _state(is_on: bool) -> str:
    return "on" if is_on else "off"


def _address(settings: Settings) -> str:
    return f"{settings.http.listen_address or _ALL_ADDRESSES}:{settings.http.listen_port}"


def _refuse(cause: str) -> int:
    print(f"logctl serve: {cause}", file=sys.stderr)
    return 1
