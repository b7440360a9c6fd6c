"""The server's own log: one line an event on stderr."""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime

from storage.text import go_quote

__all__ = ["LEVELS", "fields", "level_name", "logfmt_of", "set_log_level", "start_logging"]

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}
# The loggers of the packages and of the HTTP server.
_LOGGERS = ("skaldlog", "server", "logql", "storage")
_FIELDS = "skaldlog_fields"
_PLAIN = re.compile(r"[!#-<>-\[\]-~]+")  # printable ASCII without blanks, quotes, = and backslashes
_LEVEL_NAMES = {number: name for name, number in LEVELS.items()}


class _Logfmt(logging.Formatter):
    """``ts=2026-11-22T17:19:13.412Z level=info logger=skaldlog msg="..."``; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = f"ts={moment[:-6]}Z level={level_name(record)} {logfmt_of(record)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def level_name(record: logging.LogRecord) -> str:
    """``debug``, ``info``, ``warn`` or ``error``."""
    return _LEVEL_NAMES.get(record.levelno, record.levelname.lower())


def logfmt_of(record: logging.LogRecord) -> str:
    """Logger, message, and what ``fields`` gave it; without time, level and traceback."""
    pairs = {"logger": record.name, **getattr(record, _FIELDS, {})}
    told = " ".join(f"{name}={_value(value)}" for name, value in pairs.items())
    return f"{told} msg={go_quote(record.getMessage())}"


def fields(**named: object) -> dict[str, dict[str, object]]:
    """For ``extra`` of a logging call: keys of the line beside its message."""
    return {_FIELDS: named}


def _value(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if _PLAIN.fullmatch(text) else go_quote(text)


def start_logging(level: str) -> None:
    """Send everything of ``level`` and above to stderr as logfmt."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Logfmt())
    logging.getLogger().handlers = [handler]
    set_log_level(level)


def set_log_level(level: str) -> None:
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(LEVELS[level])
