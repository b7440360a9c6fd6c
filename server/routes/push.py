"""``POST /loki/api/v1/push``: 204 only after the rows are on disk."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from server.acceptance import Accepted, accept_push
from server.bodies import read_body
from server.durable import wait_until_durable
from server.push.encoding import is_json
from server.push.protobuf import snappy_size
from server.routes.reading import tenant_of_reader
from server.services import Services

__all__ = ["push"]

_TOO_LARGE = "request body too large: message size too large than max ({size} vs {limit})"
# Bodies up to here, inflated, take about a millisecond, less than handing them to a thread and back is worth.
_INLINE_BYTES = 192 << 10
# gzip and deflate may grow a thousandfold, zstd beyond all bounds.
_INLINE_ENCODED_BYTES = {"gzip": 1 << 10, "deflate": 1 << 10}


async def push(request: Request, services: Services) -> Response:
    tenant = tenant_of_reader(request, services)
    body = await read_body(request, services.settings.push.max_recv_msg_size, _TOO_LARGE)
    headers = request.headers
    arguments = (services, tenant, body, headers.get("content-type"), headers.get("content-encoding", ""))
    accepted = (
        accept_push(*arguments) if _is_short(*arguments[2:]) else await services.threads.push(accept_push, *arguments)
    )
    if accepted.durable is not None:
        await wait_until_durable(accepted.durable)
    _count(services, tenant, accepted)
    if accepted.refusal is not None:
        raise accepted.refusal
    return Response(status_code=204)


def _is_short(body: bytes, content_type: str | None, content_encoding: str) -> bool:
    """Judged by the size after inflating, without doing it."""
    if content_encoding not in ("", "snappy"):
        return len(body) <= _INLINE_ENCODED_BYTES.get(content_encoding, 0)
    return (len(body) if is_json(content_type) else snappy_size(body)) <= _INLINE_BYTES


def _count(services: Services, tenant: str, accepted: Accepted) -> None:
    metrics = services.metrics
    if accepted.durable is not None:
        metrics.lines_received.add(accepted.lines, tenant, "false", "", "loki")
        metrics.bytes_received.add(accepted.size_bytes, tenant, "0", "false", "", "loki")
    for reason, lines in accepted.discarded_lines.items():
        metrics.discarded_samples.add(lines, reason, tenant, "0", "", "loki")
        metrics.discarded_bytes.add(accepted.discarded_bytes[reason], reason, tenant, "0", "", "loki")
