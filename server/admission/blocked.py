"""``block_ingestion_until``: an operator stops a tenant's pushes for a while."""

from __future__ import annotations

from server.admission.ruling import Ruling
from server.limits import PushLimits
from server.notation.moments import format_moment
from server.push.errors import PushError, Reason
from server.units import NS

__all__ = ["blocked"]

_DROP_SILENTLY = 200


def blocked(tenant: str, limits: PushLimits, now_ns: int) -> Ruling | None:
    """All rows are refused, with the status that the operator chose; with 200 the sender learns nothing."""
    until_s, status = limits.block_ingestion_until_s, limits.block_ingestion_status_code
    if now_ns >= until_s * NS:
        return None
    if status == _DROP_SILENTLY:
        return Ruling(Reason.BLOCKED, None)
    told = f"ingestion blocked for user '{tenant}' until '{format_moment(until_s)}' with status code '{status}'"
    return Ruling(Reason.BLOCKED, PushError(status, told))
