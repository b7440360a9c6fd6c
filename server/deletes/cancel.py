"""Taking a delete request back: while nothing has left the disk, its rows are simply seen again."""

from __future__ import annotations

from logql.ast import Matcher
from logql.values import format_go_duration
from server.config.settings import DeleteSettings
from server.deletes.narrow import require_visible
from server.http.errors import BadRequest
from server.parameters.form import Parameters
from server.units import NS
from storage.deletes import DeleteJournal, DeleteRequest, DeleteState

__all__ = ["cancel_delete"]

_UNKNOWN = "could not find delete request with given id"
_DONE = "deletion of request which is in process or already processed is not allowed"
_LATE = (
    "Cancellation of partially completed delete request or delete request past the deadline of {period} since its "
    "creation is not allowed. To force, use the ?force query parameter"
)


def cancel_delete(
    journal: DeleteJournal,
    tenant: str,
    parameters: Parameters,
    settings: DeleteSettings,
    now_ns: int,
    scope: tuple[Matcher, ...] = (),
) -> None:
    """Raises NotFound, BadRequest, OSError. One request at a time: without an id nothing is cancelled."""
    request = require_visible(journal.find(tenant, parameters.first("request_id")), scope, _UNKNOWN)
    if request.state is DeleteState.PROCESSED:
        raise BadRequest(_DONE)
    if _is_late(request, settings, now_ns) and parameters.first("force") != "true":
        raise BadRequest(_LATE.format(period=format_go_duration(settings.cancel_period_s * NS)))
    journal.remove(request)


def _is_late(request: DeleteRequest, settings: DeleteSettings, now_ns: int) -> bool:
    return request.erased_rows > 0 or now_ns - request.created_ns > settings.cancel_period_s * NS
