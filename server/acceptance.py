"""From a pushed body to rows that the store has taken: decode, judge, charge the tenant, hand over.

Refused lines never hold up good ones: the refusal is a value beside what was taken, and is answered once that is
durable. Rules that depend on the tenant's past are in ``server/admission``; each sees what the ones before it left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from server.admission import Ruling, blocked, without_enforced_labels
from server.limits import PushLimits
from server.push.errors import PushError
from server.push.kernels import LINE_SIZE_BOUNDS, count_line_sizes
from server.push.receive import Received
from server.services import Services
from storage.batch import Batch, string_buffers, string_bytes

__all__ = ["Accepted", "Receive", "accept_push"]

# (body, content type, content encoding, limits, now in ns) to what may be kept of it: one for each form of a push.
Receive = Callable[[bytes, str | None, str, PushLimits, int], Received]

# Rows with their sizes (rows,) in bytes.
Rule = Callable[[Batch, NDArray[np.int64]], Ruling | None]


@dataclass(slots=True)
class Accepted:
    """``durable`` is None when no row was good; the counts are of lines and of their bytes, metadata included.

    line_sizes  how many lines the store was given of each size, see ``count_line_sizes``
    """

    durable: Future[None] | None = None
    refusal: PushError | None = None
    lines: int = 0
    size_bytes: int = 0
    metadata_bytes: int = 0
    discarded_lines: Counter[str] = field(default_factory=Counter)
    discarded_bytes: Counter[str] = field(default_factory=Counter)
    cut_lines: int = 0
    cut_bytes: int = 0
    line_sizes: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(LINE_SIZE_BOUNDS) + 1, np.int64))

    def discard(self, reason: str, lines: int, size_bytes: int) -> None:
        """Move lines from the taken to the refused."""
        self.lines -= lines
        self.size_bytes -= size_bytes
        self.discarded_lines[reason] += lines
        self.discarded_bytes[reason] += size_bytes

    def without(self, ruling: Ruling, batch: Batch, sizes: NDArray[np.int64]) -> tuple[Batch, NDArray[np.int64]]:
        """The rows that stay, with their sizes; a refusal by a rule beats one of validation."""
        kept = np.zeros(len(batch), np.bool_) if ruling.kept is None else ruling.kept
        self.discard(ruling.reason, int((~kept).sum()), int(sizes[~kept].sum()))
        self.refusal = ruling.refusal or self.refusal
        return batch.take(kept), sizes[kept]


def accept_push(
    services: Services,
    tenant: str,
    receive: Receive,
    body: bytes,
    content_type: str | None,
    content_encoding: str,
) -> Accepted:
    """Raises PushError when the body cannot be read, StorageUnavailable when the store takes nothing now."""
    limits, now_ns = services.settings_of(tenant).push, services.now_ns()
    received = receive(body, content_type, content_encoding, limits, now_ns)
    accepted = _judged(received)
    batch, sizes = received.batch, received.sizes
    if batch is None:
        return accepted
    rules: tuple[Rule, ...] = (
        lambda batch, _: blocked(tenant, limits, now_ns),
        lambda batch, _: without_enforced_labels(tenant, batch, limits),
        lambda batch, sizes: services.rate.check(tenant, limits, len(batch), int(sizes.sum())),
        lambda batch, _: services.streams.check(tenant, batch, limits.max_global_streams_per_user),
        lambda batch, sizes: services.stream_rates.check(tenant, batch, sizes, limits),
    )
    for rule in rules:
        ruling = rule(batch, sizes)
        if ruling is not None:
            batch, sizes = accepted.without(ruling, batch, sizes)
        if not len(batch):
            return accepted
    accepted.metadata_bytes = int(sizes.sum()) - string_bytes(batch.line)
    count_line_sizes(string_buffers(batch.line)[0], accepted.line_sizes)
    accepted.durable = services.database.append(tenant, batch)
    return accepted


def _judged(received: Received) -> Accepted:
    return Accepted(
        refusal=received.error,
        lines=received.lines,
        size_bytes=received.bytes,
        discarded_lines=Counter({str(reason): lines for reason, lines in received.discarded.items()}),
        discarded_bytes=Counter({str(reason): size for reason, size in received.discarded_bytes.items()}),
        cut_lines=received.cut_lines,
        cut_bytes=received.cut_bytes,
    )
