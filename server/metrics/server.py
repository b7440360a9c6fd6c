"""The server about itself: its settings and its own log."""

from __future__ import annotations

from server.metrics.instruments import Counter, Gauge

__all__ = ["ServerMetrics"]


class ServerMetrics:
    def __init__(self) -> None:
        self.overrides_reloaded = Gauge(
            "loki_runtime_config_last_reload_successful", "Whether the file of overrides could be used when it changed."
        )
        self.own_lines = Counter("loki_internal_log_messages_total", "Lines of the server's own log.", ("level",))
        self.own_lines_dropped = Counter(
            "skaldlog_own_log_lines_dropped_total", "Lines of the server's own log that were not kept in its tenant."
        )
