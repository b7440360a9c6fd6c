"""What all reading routes share: their tenant, their parameters, their JSON."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from logql.tenants import SEPARATOR
from server.http.bodies import read_body
from server.http.errors import BadRequest
from server.parameters.form import FORM_TYPE, Parameters, parse_parameters
from server.services import Services
from server.tenancy import SEVERAL_TENANTS, tenant_of, tenants_of

__all__ = ["encoding_flags", "json_response", "read_parameters", "tenant_of_reader", "tenants_of_reader"]

_JSON = "application/json; charset=UTF-8"
_FLAGS_HEADER = "x-loki-response-encoding-flags"
_TOO_LARGE = "http: request body too large"


def tenant_of_reader(request: Request, services: Services) -> str:
    header = request.headers.get("x-scope-orgid")
    return tenant_of(header.encode("latin-1") if header else None, services.settings.auth_enabled)


def tenants_of_reader(request: Request, services: Services) -> str:
    """The same, or several tenants joined, for what can be asked about several."""
    header = request.headers.get("x-scope-orgid")
    settings = services.settings
    names = tenants_of(header.encode("latin-1") if header else None, settings.auth_enabled)
    if len(names) > 1 and not settings.multi_tenant_queries_enabled:
        raise BadRequest(SEVERAL_TENANTS)
    return SEPARATOR.join(names)


async def read_parameters(request: Request, services: Services) -> Parameters:
    """From the URL, and from the body of a POST that is a form; any other body counts for nothing."""
    form = b""
    if request.method == "POST":
        body = await read_body(request, services.settings.http.max_form_bytes, _TOO_LARGE)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        form = body if media_type.encode("latin-1") == FORM_TYPE else b""
    return parse_parameters(request.scope["query_string"], form)


def encoding_flags(request: Request) -> tuple[str, ...]:
    """How a client that knows more than Loki's first format wants log lines written."""
    header = request.headers.get(_FLAGS_HEADER, "")
    return tuple(flag.strip() for flag in header.split(",") if flag.strip())


def json_response(body: bytes) -> Response:
    return Response(body, headers={"Content-Type": _JSON})
