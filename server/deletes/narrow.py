"""Delete requests of callers who do not see all streams: theirs name the matchers that all of their questions get."""

from __future__ import annotations

from dataclasses import replace

from logql.ast import Matcher, narrowed
from logql.deletes import parse_delete
from logql.errors import QueryError
from server.http.errors import NotFound
from storage.deletes import DeleteRequest

__all__ = ["narrow_request", "require_visible", "visible"]


def narrow_request(request: DeleteRequest, scope: tuple[Matcher, ...]) -> DeleteRequest:
    """The same request, for the rows of it that pass ``scope``; its query has been parsed before."""
    return replace(request, query=str(narrowed(parse_delete(request.query), scope))) if scope else request


def visible(request: DeleteRequest, scope: tuple[Matcher, ...]) -> bool:
    """Whether it is one of those that such a caller can have made."""
    if not scope:
        return True
    try:
        return set(scope) <= set(parse_delete(request.query).selector.matchers)
    except QueryError:
        return False


def require_visible(request: DeleteRequest | None, scope: tuple[Matcher, ...], unknown: str) -> DeleteRequest:
    """Raises NotFound, with the same words for what is not there and for what is not theirs."""
    if request is None or not visible(request, scope):
        raise NotFound(unknown)
    return request
