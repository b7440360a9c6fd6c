"""``POST /loki/api/v1/push``: 204 only after the rows are on disk."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from server.acceptance import Accepted, accept_push
from server.bodies import read_body
from server.durable import wait_until_durable
from server.routes.reading import tenant_of_reader
from server.services import Services

__all__ = ["push"]

_TOO_LARGE = "request body too large: message size too large than max ({size} vs {limit})"
# Bodies up to here take about a millisecond, less than handing them to a thread and back is worth. An encoding may
# hide a thousand times as much.
_INLINE_BYTES = 128 << 10
_INLINE_ENCODED_BYTES = 8 << 10


async def push(request: Request, services: Services) -> Response:
    tenant = tenant_of_reader(request, services)
    body = await read_body(request, services.settings.push.max_recv_msg_size, _TOO_LARGE)
    headers = request.headers
    arguments = (services, tenant, body, headers.get("content-type"), headers.get("content-encoding", ""))
    is_short = len(body) <= (_INLINE_ENCODED_BYTES if "content-encoding" in headers else _INLINE_BYTES)
    accepted = accept_push(*arguments) if is_short else await services.threads.push(accept_push, *arguments)
    if accepted.durable is not None:
        await wait_until_durable(accepted.durable)
    _count(services, tenant, accepted)
    if accepted.refusal is not None:
        raise accepted.refusal
    return Response(status_code=204)


def _count(services: Services, tenant: str, accepted: Accepted) -> None:
    metrics = services.metrics
    if accepted.durable is not None:
        metrics.lines_received.add(accepted.lines, tenant, "false", "", "loki")
        metrics.bytes_received.add(accepted.size_bytes, tenant, "0", "false", "", "loki")
    for reason, lines in accepted.discarded_lines.items():
        metrics.discarded_samples.add(lines, reason, tenant, "0", "", "loki")
        metrics.discarded_bytes.add(accepted.discarded_bytes[reason], reason, tenant, "0", "", "loki")
