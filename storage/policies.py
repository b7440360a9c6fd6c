"""What storage is told by the rooms above it: the meaning of queries, and what each tenant's operator has decided.

Storage knows neither LogQL nor configuration files; by default nothing is hidden and nothing ever goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.deletes import DeleteRequest, Hits
from storage.dense import LineReader
from storage.patterns import LineMiner
from storage.retention import Retention

__all__ = ["Policies"]


def _hits_nothing(request: DeleteRequest) -> Hits:
    raise ValueError(f"nobody here can read {request.query!r}")


@dataclass(frozen=True, slots=True)
class Policies:
    """Functions of a tenant's name, but for ``hits`` and what is done with lines.

    line_readers  what becomes columns of merged parts
    line_miner   makes what finds the patterns that merged parts keep, one for each part; None: they keep none
    hits         which rows a delete request means; raises ValueError for a query it cannot read
    retention    how long rows are kept
    max_bytes    what all parts may have on the stores; 0 is no limit
    erase_after_ns  how long a delete request may be cancelled; None where rows are hidden and never erased
    """

    line_readers: Sequence[LineReader] = ()
    line_miner: Callable[[], LineMiner] | None = None
    hits: Callable[[DeleteRequest], Hits] = _hits_nothing
    retention: Callable[[str], Retention] = lambda _: Retention()
    max_bytes: Callable[[str], int] = lambda _: 0
    erase_after_ns: Callable[[str], int | None] = lambda _: None
