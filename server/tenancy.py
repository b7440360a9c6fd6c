"""Who a request belongs to: the rules of the ``X-Scope-OrgID`` header.

Every tenant name that leaves here is safe to use in a path or an object key.
"""

from __future__ import annotations

import string

from server.http.errors import BadRequest, Unauthorized

__all__ = ["DEFAULT_TENANT", "MAX_TENANT_BYTES", "SEVERAL_TENANTS", "TENANTS_MAX", "tenant_of", "tenants_of"]

DEFAULT_TENANT = "fake"  # of everybody while tenants are off, as in Loki
MAX_TENANT_BYTES = 150
TENANTS_MAX = 100  # of one question
SEVERAL_TENANTS = "multiple org IDs present"
_ALLOWED = frozenset((string.ascii_letters + string.digits + "!-_.*'()").encode())


def tenant_of(header: bytes | None, auth_enabled: bool) -> str:
    """The tenant of a request with this header. Raises as ``tenants_of``, and BadRequest for several."""
    names = tenants_of(header, auth_enabled)
    if len(names) > 1:
        raise BadRequest(SEVERAL_TENANTS)
    return names[0]


def tenants_of(header: bytes | None, auth_enabled: bool) -> tuple[str, ...]:
    """The tenants that the header names, each once, sorted.

    Raises Unauthorized without a header, BadRequest for impossible names and for too many.
    """
    if not auth_enabled:
        return (DEFAULT_TENANT,)
    if not header:
        raise Unauthorized
    # What follows a colon names a sub-tenant, which shares its tenant's data.
    names = sorted({part.partition(b":")[0] for part in header.split(b"|")})
    for name in names:
        _check(name)
    if len(names) > TENANTS_MAX:
        raise BadRequest(f"too many tenants: {len(names)}, limit: {TENANTS_MAX}")
    return tuple(name.decode("ascii") for name in names)


def _check(tenant: bytes) -> None:
    if not tenant:
        raise Unauthorized
    for byte in tenant:
        if byte not in _ALLOWED:
            text = tenant.decode("utf-8", "replace")
            # The offending byte alone, read as Latin-1: clients compare this text with the reference's.
            raise BadRequest(f"tenant ID '{text}' contains unsupported character '{chr(byte)}'")
    if len(tenant) > MAX_TENANT_BYTES:
        raise BadRequest(f"tenant ID is too long: max {MAX_TENANT_BYTES} characters")
    if tenant in (b".", b".."):
        raise BadRequest("tenant ID is '.' or '..'")
