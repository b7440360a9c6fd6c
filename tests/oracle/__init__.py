"""LogQL once more, naively: row by row and point by point, written from the language page and not from the engine.

It reads queries with the engine's front end (tree, numbers, templates) and shares nothing else with it. Sections named
in these modules are those of the language page; where the page calls Loki's behaviour a defect, this is right instead.

Entries are ``tests.storage.entries.Entry`` (stream labels, ts, line, structured metadata) in the order of ingestion.
"""

from __future__ import annotations

from tests.oracle.errors import OracleError, Unspecified
from tests.oracle.logs import LogRow, log_query
from tests.oracle.metrics import metric_instant, metric_range

__all__ = ["LogRow", "OracleError", "Unspecified", "log_query", "metric_instant", "metric_range"]
