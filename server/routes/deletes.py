"""``/loki/api/v1/delete``: ask for rows to be gone, see how far it is, take it back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from server.deletes import cancel_delete, narrow_request, parse_delete_request, show_deletes, visible
from server.http.errors import BadRequest, Forbidden
from server.parameters.form import Parameters, parse_parameters
from server.parameters.times import parse_timestamp
from server.routes.reading import tenant_of_reader
from server.services import Services

__all__ = ["delete"]


async def delete(request: Request, services: Services) -> Response:
    tenant = tenant_of_reader(request, services)
    settings = services.settings_of(tenant).deletes
    if settings.mode == "disabled":
        raise Forbidden("deletion is not available for this tenant")
    # From the URL only: a form that an agent sends with something else must not delete.
    parameters = parse_parameters(request.scope["query_string"])
    journal = services.database.deletes
    if request.method in ("GET", "HEAD"):
        requests = [each for each in journal.of(tenant) if visible(each, services.scope)]
        body = show_deletes(requests, _moment(parameters, "start"), _moment(parameters, "end"))
        return Response(body, media_type="application/json")
    if request.method == "DELETE":
        await services.threads.query(
            cancel_delete, journal, tenant, parameters, settings, services.now_ns(), services.scope
        )
        return Response(status_code=204)
    asked = narrow_request(parse_delete_request(parameters, tenant, settings, services.now_ns()), services.scope)
    await services.threads.query(journal.put, asked)
    services.metrics.deletes.received.add(1, tenant)
    return Response(status_code=204, headers={"X-Delete-Request-Id": asked.id})


def _moment(parameters: Parameters, name: str) -> int | None:
    text = parameters.first(name)
    if not text:
        return None
    try:
        return parse_timestamp(text)
    except ValueError:
        raise BadRequest(f"invalid {name} time: require unix seconds or RFC3339 format") from None
