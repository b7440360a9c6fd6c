"""Metrics of what is counted elsewhere: looked up when somebody asks for them."""

from __future__ import annotations

from collections import Counter

from server.services import Services
from server.units import NS
from storage.deletes import DeleteState
from storage.stores import Operation

__all__ = ["follow_others"]

# S3's names, and those that dashboards know.
_OPERATIONS = {
    "get_object": "get",
    "head_object": "attributes",
    "list_objects_v2": "iter",
    "list_multipart_uploads": "iter",
    "delete_object": "delete",
}
_UPLOAD = "upload"  # in one piece or in many


def follow_others(services: Services) -> None:
    """Bring the instruments up to date; for the event loop's thread."""
    metrics = services.metrics
    for tenant, count in services.streams.counts().items():
        metrics.pushes.active_streams.set(count, tenant)
    metrics.tails.streams.set(services.tails.streams)
    _follow_deletes(services)
    _follow_bucket(services)


def _follow_deletes(services: Services) -> None:
    metrics, requests = services.metrics, services.database.deletes.all()
    done = Counter(request.tenant for request in requests if request.state is DeleteState.PROCESSED)
    created_ns = [request.created_ns for request in requests if request.state is not DeleteState.PROCESSED]
    for tenant, count in done.items():
        metrics.deletes.processed.follow(count, tenant)
    now_ns = services.now_ns()
    metrics.deletes.pending.set(len(created_ns))
    metrics.deletes.oldest_seconds.set((now_ns - min(created_ns, default=now_ns)) / NS)
    metrics.deletes.lines.follow(sum(request.erased_rows for request in requests))


def _follow_bucket(services: Services) -> None:
    metrics, bucket = services.metrics, services.settings.storage.s3.bucket
    joined: dict[str, list[Operation]] = {}
    for name, operation in services.database.bucket_operations().items():
        joined.setdefault(_OPERATIONS.get(name, _UPLOAD), []).append(operation)
    for name, operations in joined.items():
        within = [sum(counts) for counts in zip(*(each.within for each in operations), strict=True)]
        metrics.bucket.operations.follow(sum(each.calls for each in operations), name, bucket)
        metrics.bucket.failures.follow(sum(each.failures for each in operations), name, bucket)
        metrics.bucket.seconds.follow(within, sum(each.seconds for each in operations), name, bucket)
