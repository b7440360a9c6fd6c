"""The server's own log: one line an event on stderr."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

from storage.text import go_quote

__all__ = ["LEVELS", "set_log_level", "start_logging"]

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}
# The loggers of the packages and of the HTTP server.
_LOGGERS = ("skaldlog", "server", "logql", "storage")
_LEVEL_NAMES = {number: name for name, number in LEVELS.items()}


class _Logfmt(logging.Formatter):
    """``ts=2026-11-22T17:19:13.412Z level=info logger=skaldlog msg="..."``; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        level = _LEVEL_NAMES.get(record.levelno, record.levelname.lower())
        line = f"ts={moment[:-6]}Z level={level} logger={record.name} msg={go_quote(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def start_logging(level: str) -> None:
    """Send everything of ``level`` and above to stderr as logfmt."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Logfmt())
    logging.getLogger().handlers = [handler]
    set_log_level(level)


def set_log_level(level: str) -> None:
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(LEVELS[level])
