"""From a pushed body to rows that the store has taken: decode, judge, charge the tenant, hand over.

Refused lines never hold up good ones: the refusal is a value beside what was taken, and is answered once that is
durable. The rate is all or nothing for a request, the stream limit for a stream.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from server.active_streams import STREAM_LIMIT, stream_limit_text
from server.push.errors import PushError, Reason
from server.push.receive import Received, receive
from server.services import Services
from storage.batch import Batch, string_bytes

__all__ = ["Accepted", "accept_push"]


@dataclass(slots=True)
class Accepted:
    """``durable`` is None when no row was good; the counts are of lines and of their bytes, by reason if refused."""

    durable: Future[None] | None = None
    refusal: PushError | None = None
    lines: int = 0
    size_bytes: int = 0
    discarded_lines: Counter[str] = field(default_factory=Counter)
    discarded_bytes: Counter[str] = field(default_factory=Counter)

    def discard(self, reason: str, lines: int, size_bytes: int) -> None:
        """Move lines from the taken to the refused."""
        self.lines -= lines
        self.size_bytes -= size_bytes
        self.discarded_lines[reason] += lines
        self.discarded_bytes[reason] += size_bytes


def accept_push(
    services: Services, tenant: str, body: bytes, content_type: str | None, content_encoding: str
) -> Accepted:
    """Raises PushError when the body cannot be read, StorageUnavailable when the store takes nothing now."""
    limits = services.settings_of(tenant).push
    received = receive(body, content_type, content_encoding, limits, services.now_ns())
    accepted = _judged(received)
    if received.batch is None:
        return accepted
    over_rate = services.rate.check(tenant, limits, received.lines, received.bytes)
    if over_rate is not None:
        accepted.refusal = over_rate
        accepted.discard(Reason.RATE_LIMITED, received.lines, received.bytes)
        return accepted
    is_admitted = services.streams.admit(tenant, received.batch.streams, limits.max_global_streams_per_user)
    batch = _within_stream_limit(tenant, received.batch, is_admitted, accepted)
    if len(batch):
        accepted.durable = services.database.append(tenant, batch)
    return accepted


def _judged(received: Received) -> Accepted:
    return Accepted(
        refusal=received.error,
        lines=received.lines,
        size_bytes=received.bytes,
        discarded_lines=Counter({str(reason): lines for reason, lines in received.discarded.items()}),
        discarded_bytes=Counter({str(reason): size for reason, size in received.discarded_bytes.items()}),
    )


def _within_stream_limit(tenant: str, batch: Batch, is_admitted: NDArray[np.bool_], accepted: Accepted) -> Batch:
    """The rows of streams that may be written to; the refusal of the last other one beats one of validation."""
    if is_admitted.all():
        return batch
    refused = batch.take(~is_admitted[batch.stream])
    last = int(np.flatnonzero(~is_admitted)[-1])
    accepted.refusal = PushError(429, stream_limit_text(tenant, batch.streams[last]))
    accepted.discard(STREAM_LIMIT, len(refused), string_bytes(refused.line))
    return batch.take(is_admitted[batch.stream])
