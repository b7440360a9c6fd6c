"""Numbers, durations and sizes as LogQL reads and prints them (Go's, Prometheus' and humanised forms)."""

from __future__ import annotations

from logql.values.byte_size import format_byte_size, parse_byte_size
from logql.values.go_duration import format_go_duration, parse_go_duration
from logql.values.number import format_number, parse_float
from logql.values.prometheus_duration import format_prometheus_duration, parse_prometheus_duration

__all__ = [
    "format_byte_size",
    "format_go_duration",
    "format_number",
    "format_prometheus_duration",
    "parse_byte_size",
    "parse_float",
    "parse_go_duration",
    "parse_prometheus_duration",
]
