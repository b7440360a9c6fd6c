"""The OpenAPI 3.1 document, made of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from server.openapi.catalogue import OPERATIONS
from server.openapi.operation import Operation
from server.openapi.parameters import HEADERS, PARAMETERS, SPELLED, TENANT
from server.openapi.schemas import ANSWERS, BODIES, SCHEMAS
from server.openapi.security import SCHEMES, needed, security
from server.version import VERSION

__all__ = ["document"]

_FORM = "application/x-www-form-urlencoded"
_IN_PATH = re.compile(r"\{(\w+)\}")
_REFUSED = {
    "4XX": "Refused; the body says why and what to do.",
    "503": "Not ready, or a store does not answer: try again.",
}


@cache
def document() -> dict[str, Any]:
    """Ready for JSON. Not to be changed."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Skaldlog",
            "version": VERSION,
            "description": "Grafana Loki's HTTP API. Paths under `/skaldlog` are ours. Where `authentication.enabled` "
            "is on, a bearer token or basic authentication says who asks, and each operation says what they need.",
        },
        "paths": {
            path: {method.lower(): _operation(path, method, each) for method, each in methods.items()}
            for path, methods in OPERATIONS.items()
        },
        "components": {"schemas": dict(SCHEMAS), "securitySchemes": dict(SCHEMES)},
    }


def _operation(path: str, method: str, operation: Operation) -> dict[str, Any]:
    status, answer = operation.success
    described: dict[str, Any] = {
        "tags": [operation.tag],
        "operationId": f"{method.lower()}_{re.sub(r'[^a-z0-9]+', '_', path.lower()).strip('_')}",
        "summary": operation.summary,
        "parameters": list(_parameters(path, method, operation)),
        "responses": {str(status): _answer(answer), **_refusals(operation)},
        "security": security(path, method),
    }
    if details := f"{operation.details} {needed(path, method)}".strip():
        described["description"] = details
    body = _body(method, operation)
    return described | ({"requestBody": body} if body else {})


def _answer(name: str) -> dict[str, Any]:
    content = ANSWERS[name]
    return {"description": "Done."} | ({"content": content} if content else {})


def _refusals(operation: Operation) -> dict[str, Any]:
    content = {kind: schema for name in operation.refusals for kind, schema in ANSWERS[name].items()}
    return {status: {"description": text, "content": content} for status, text in _REFUSED.items()}


def _parameters(path: str, method: str, operation: Operation) -> Iterator[dict[str, Any]]:
    for name in _IN_PATH.findall(path):
        yield PARAMETERS[name].to_json(name, "path")
    if not operation.is_public:
        yield TENANT.to_json("X-Scope-OrgID", "header")
    for name in operation.headers:
        yield HEADERS[name].to_json(name, "header")
    if operation.in_url or method == "GET":
        for name in operation.parameters:
            yield PARAMETERS[name].to_json(SPELLED.get(name, name), "query")


def _body(method: str, operation: Operation) -> dict[str, Any] | None:
    if operation.takes is not None:
        return {"required": True, "content": BODIES[operation.takes]}
    if operation.in_url or method == "GET" or not operation.parameters:
        return None
    named = {SPELLED.get(name, name): PARAMETERS[name] for name in operation.parameters}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: {**each.schema, "description": each.text} for name, each in named.items()},
        "required": [name for name, each in named.items() if each.is_required],
    }
    return {"content": {_FORM: {"schema": schema}}}
