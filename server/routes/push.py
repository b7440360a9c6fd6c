"""``POST /loki/api/v1/push``: 204 only after the rows are on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from server.acceptance import Accepted, Receive, accept_push
from server.durable import wait_until_durable
from server.http.bodies import read_body
from server.push.errors import Reason
from server.push.media_type import is_json
from server.push.protobuf import snappy_size
from server.push.receive import receive
from server.routes.reading import tenant_of_reader
from server.services import Services

__all__ = ["INLINE_BYTES", "PushForm", "is_short", "push", "take"]

_TOO_LARGE = "request body too large: message size too large than max ({size} vs {limit})"
# Bodies up to here, inflated, take about a millisecond, less than handing them to a thread and back is worth.
INLINE_BYTES = 192 << 10
# gzip and deflate may grow a thousandfold, zstd beyond all bounds.
_INLINE_ENCODED_BYTES = {"gzip": 1 << 10, "deflate": 1 << 10}


@dataclass(frozen=True, slots=True)
class PushForm:
    """How bodies of one kind are read: ``name`` in metrics, and whether a body is short enough for no thread."""

    name: str
    receive: Receive
    is_short: Callable[[bytes, str | None, str], bool]


async def take(request: Request, services: Services, tenant: str, form: PushForm) -> Response:
    """204 when all of the body is on disk. Raises what is wrong with it, although good rows are kept."""
    body = await read_body(request, services.settings.push.max_recv_msg_size, _TOO_LARGE)
    wrapping = request.headers.get("content-type"), request.headers.get("content-encoding", "")
    arguments = (services, tenant, form.receive, body, *wrapping)
    is_short = form.is_short(body, *wrapping)
    accepted = accept_push(*arguments) if is_short else await services.threads.push(accept_push, *arguments)
    if accepted.durable is not None:
        await wait_until_durable(accepted.durable)
    _count(services, tenant, accepted, form.name)
    if accepted.refusal is not None:
        raise accepted.refusal
    return Response(status_code=204)


def is_short(body: bytes, content_type: str | None, content_encoding: str) -> bool:
    """Judged by the size after inflating, without doing it."""
    if content_encoding not in ("", "snappy"):
        return len(body) <= _INLINE_ENCODED_BYTES.get(content_encoding, 0)
    return (len(body) if is_json(content_type) else snappy_size(body)) <= INLINE_BYTES


_LOKI = PushForm("loki", receive, is_short)


async def push(request: Request, services: Services) -> Response:
    return await take(request, services, tenant_of_reader(request, services), _LOKI)


def _count(services: Services, tenant: str, accepted: Accepted, form: str) -> None:
    metrics = services.metrics
    if accepted.durable is not None:
        metrics.pushes.lines_received.add(accepted.lines, tenant, "false", "", form)
        metrics.pushes.metadata_bytes_received.add(accepted.metadata_bytes, tenant, "0", "false", "", form)
        metrics.pushes.bytes_received.add(accepted.size_bytes, tenant, "0", "false", "", form)
        line_bytes = accepted.size_bytes - accepted.metadata_bytes
        metrics.pushes.bytes_per_line.observe_all(accepted.line_sizes.tolist(), line_bytes)
    if accepted.cut_lines:
        metrics.pushes.mutated_samples.add(accepted.cut_lines, Reason.LINE_TOO_LONG, tenant)
        metrics.pushes.mutated_bytes.add(accepted.cut_bytes, Reason.LINE_TOO_LONG, tenant)
    for reason, lines in accepted.discarded_lines.items():
        metrics.pushes.discarded_samples.add(lines, reason, tenant, "0", "", form)
        metrics.pushes.discarded_bytes.add(accepted.discarded_bytes[reason], reason, tenant, "0", "", form)
