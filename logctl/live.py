"""One WebSocket of a tail: messages in, every failure sorted into those that pass and those that do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from ingest_client.delivery.endpoint import Endpoint
from ingest_client.delivery.transport import Answer, identity_headers, tls_context
from ingest_client.errors import InvalidSettings
from logctl.api import refusal_text
from logctl.errors import CommandError, UsageError
from logctl.options import Connection

__all__ = ["Lost", "Message", "open_tail"]

Message = dict[str, Any]

_PATH = "/loki/api/v1/tail"
_MESSAGE_BYTES_MAX = 256 << 20  # of servers that put no bounds to theirs
_PASSING = (429, 500, 502, 503, 504)


class Lost(Exception):
    """No connection, or none any more; another one may work. ``is_refusal``: the server closed it with a reason."""

    def __init__(self, text: str, is_refusal: bool = False) -> None:
        super().__init__(text)
        self.is_refusal = is_refusal


@contextmanager
def open_tail(connection: Connection, parameters: Sequence[tuple[str, str]]) -> Iterator[Callable[[], Message]]:
    """A function that waits for the next message. Both raise Lost, and CommandError for a refused request."""
    websockets = _library()
    endpoint = Endpoint.parse(connection.url)
    try:
        context = tls_context(connection.tls) if endpoint.secure else None
    except InvalidSettings as error:
        raise UsageError(str(error)) from error
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    url = f"{'wss' if endpoint.secure else 'ws'}://{host}:{endpoint.port}{endpoint.prefix}{_PATH}"
    target = f"{url}?{urlencode(parameters)}"
    options: dict[str, Any] = {
        "ssl": context,
        "additional_headers": {**identity_headers(endpoint, connection.credentials), **connection.headers},
        "user_agent_header": "logctl/1",
        "open_timeout": connection.timeout_s,
        "close_timeout": 1,
        "compression": None,
        "max_size": _MESSAGE_BYTES_MAX,
        "proxy": None,
    }
    with (
        _failures_sorted(websockets, connection, endpoint),
        websockets.sync.client.connect(target, **options) as socket,
    ):
        yield lambda: _message(socket.recv())


@contextmanager
def _failures_sorted(websockets: Any, connection: Connection, endpoint: Endpoint) -> Iterator[None]:
    try:
        yield
    except websockets.exceptions.ConnectionClosed as error:
        reason = error.rcvd.reason if error.rcvd is not None else ""
        raise Lost(reason or f"{endpoint} closed the connection", is_refusal=bool(reason)) from error
    except websockets.exceptions.InvalidStatus as error:
        answer = Answer(error.response.status_code, bytes(error.response.body or b""))
        text = refusal_text(connection, answer)
        raise Lost(text) if answer.status in _PASSING else CommandError(text) from error
    except (OSError, EOFError, UnicodeError, websockets.exceptions.WebSocketException) as error:
        cause = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Lost(f"{endpoint} does not answer: {cause}") from error


def _message(text: str | bytes) -> Message:
    try:
        message = json.loads(text)
        if isinstance(message.get("streams") or [], list):
            return dict(message)
    except (ValueError, AttributeError):
        pass
    raise CommandError("these are not the messages of a tail: is --addr right?")


def _library() -> Any:
    try:
        import websockets.exceptions
        import websockets.sync.client
    except ModuleNotFoundError as error:
        raise CommandError(
            f"tails need a package that is not installed ({error.name}): pip install 'skaldlog[tail]'"
        ) from error
    return websockets
