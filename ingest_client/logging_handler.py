"""A ``logging.Handler`` on the push client: a record becomes a line, its level and extras structured metadata."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from ingest_client.client import PushClient
from ingest_client.settings import ClientSettings

__all__ = ["SkaldlogHandler"]

_OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_LEVELS = (
    (logging.CRITICAL, "critical"),
    (logging.ERROR, "error"),
    (logging.WARNING, "warn"),
    (logging.INFO, "info"),
    (logging.NOTSET, "debug"),
)


class SkaldlogHandler(logging.Handler):
    """Ships records without blocking the thread that logs.

    Give it either a ``client`` that others use too (closing the handler only flushes it) or ``labels`` and ``settings``
    for one of its own. ``extra={"request_id": ...}`` arrives as structured metadata; labels stay as they were given.
    """

    def __init__(
        self,
        labels: Mapping[str, object] | None = None,
        settings: ClientSettings | None = None,
        *,
        client: PushClient | None = None,
        level: int | str = logging.NOTSET,
    ) -> None:
        super().__init__(level)
        if client is not None and settings is not None:
            raise ValueError("give SkaldlogHandler either a client or settings, not both")
        self._owns_client = client is None
        self.client = client or PushClient(settings or ClientSettings(), labels or {})
        self._stream = self.client.stream(labels) if labels else None
        self._inside = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue one record; faults go to ``handleError``, as everywhere in logging."""
        if getattr(self._inside, "emitting", False) or record.thread == self.client.sender_thread_id:
            return
        self._inside.emitting = True
        try:
            self._push(record)
        except Exception:
            self.handleError(record)
        finally:
            self._inside.emitting = False

    def flush(self) -> None:
        """Wait for delivery, at most the client's exit deadline."""
        self.client.flush()

    def close(self) -> None:
        """Deliver what is queued; end the client if it is the handler's own."""
        if self._owns_client:
            self.client.close()
        else:
            self.client.flush()
        super().close()

    def _push(self, record: logging.LogRecord) -> None:
        self.client.push(
            self.format(record),
            _metadata(record),
            stream=self._stream,
            ts_ns=int(record.created * 1_000_000) * 1_000,
            important=record.levelno >= logging.WARNING,
            urgent=record.levelno >= logging.ERROR,
        )


def _metadata(record: logging.LogRecord) -> dict[str, object]:
    metadata: dict[str, object] = {"level": _level(record.levelno), "logger": record.name}
    if record.exc_info and record.exc_info[0] is not None:
        metadata["exception"] = record.exc_info[0].__name__
    for name, value in vars(record).items():
        if name not in _OWN_ATTRIBUTES:
            metadata.setdefault(name, value)
    return metadata


def _level(number: int) -> str:
    return next((name for least, name in _LEVELS if number >= least), "debug")
