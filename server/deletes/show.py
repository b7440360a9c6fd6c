"""The list of a tenant's delete requests as JSON. Times are seconds, with the milliseconds where there are any.

``erased_lines`` and ``processed_at`` are the receipt: how many lines have left the disk, and when the last one had.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from server.units import NS, NS_PER_MS
from storage.deletes import DeleteRequest, DeleteState

__all__ = ["show_deletes"]


def show_deletes(requests: Iterable[DeleteRequest], start_ns: int | None, end_ns: int | None) -> bytes:
    """Those that overlap [start_ns, end_ns], where given."""
    shown = [
        _shown(request)
        for request in requests
        if (start_ns is None or request.end_ns >= start_ns) and (end_ns is None or request.start_ns <= end_ns)
    ]
    return orjson.dumps(shown)


def _shown(request: DeleteRequest) -> dict[str, Any]:
    document = {
        "request_id": request.id,
        "start_time": _seconds(request.start_ns),
        "end_time": _seconds(request.end_ns),
        "query": request.query,
        "status": str(request.state),
        "created_at": _seconds(request.created_ns),
        "user_id": "",
        "erased_lines": request.erased_rows,
    }
    if request.state is DeleteState.PROCESSED:
        document["processed_at"] = _seconds(request.processed_ns)
    return document


def _seconds(moment_ns: int) -> int | float:
    return moment_ns // NS if moment_ns % NS < NS_PER_MS else moment_ns // NS_PER_MS / 1000
