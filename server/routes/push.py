"""``POST /loki/api/v1/push``: 204 only after the rows are on disk.

Refused lines never hold up good ones: what is good is stored first, then the refusal is answered.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from server.bodies import read_body
from server.push.errors import PushError, Reason
from server.push.receive import Received, receive
from server.routes.reading import tenant_of_reader
from server.services import Services

__all__ = ["push"]

_TOO_LARGE = "request body too large: message size too large than max ({size} vs {limit})"
# Shorter bodies are decoded at once: a thread would cost more than it gives.
_INLINE_BYTES = 8 << 10


@dataclass(frozen=True, slots=True)
class _Accepted:
    """``durable`` is None when no row was good."""

    received: Received
    durable: Future[None] | None
    refusal: PushError | None


async def push(request: Request, services: Services) -> Response:
    tenant = tenant_of_reader(request, services)
    body = await read_body(request, services.settings.push.max_recv_msg_size, _TOO_LARGE)
    headers = request.headers
    arguments = (services, tenant, body, headers.get("content-type"), headers.get("content-encoding", ""))
    accepted = _accept(*arguments) if len(body) <= _INLINE_BYTES else await services.threads.push(_accept, *arguments)
    if accepted.durable is not None:
        await asyncio.wrap_future(accepted.durable)
    _count(services, tenant, accepted)
    if accepted.refusal is not None:
        raise accepted.refusal
    return Response(status_code=204)


def _accept(services: Services, tenant: str, body: bytes, content_type: str | None, content_encoding: str) -> _Accepted:
    """Decode, validate, charge the tenant's rate, hand over to the store."""
    limits = services.settings.push
    received = receive(body, content_type, content_encoding, limits, services.now_ns())
    if received.batch is None:
        return _Accepted(received, None, received.error)
    refusal = services.rate.check(tenant, limits, received.lines, received.bytes)
    if refusal is not None:
        return _Accepted(received, None, refusal)
    return _Accepted(received, services.database.append(tenant, received.batch), received.error)


def _count(services: Services, tenant: str, accepted: _Accepted) -> None:
    received, metrics = accepted.received, services.metrics
    discarded = dict(received.discarded)
    discarded_bytes = dict(received.discarded_bytes)
    if accepted.durable is not None:
        metrics.lines_received.add(received.lines, tenant, "false", "", "loki")
        metrics.bytes_received.add(received.bytes, tenant, "0", "false", "", "loki")
    elif received.lines:
        discarded[Reason.RATE_LIMITED] = received.lines
        discarded_bytes[Reason.RATE_LIMITED] = received.bytes
    for reason, lines in discarded.items():
        metrics.discarded_samples.add(lines, reason, tenant, "0", "", "loki")
        metrics.discarded_bytes.add(discarded_bytes.get(reason, 0), reason, tenant, "0", "", "loki")
