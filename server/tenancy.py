"""Who a request belongs to: the rules of the ``X-Scope-OrgID`` header.

Every tenant name that leaves here is safe to use in a path or an object key.
"""

from __future__ import annotations

import string

from server.errors import BadRequest, Unauthorized

__all__ = ["DEFAULT_TENANT", "MAX_TENANT_BYTES", "tenant_of"]

DEFAULT_TENANT = "fake"  # of everybody while tenants are off, as in Loki
MAX_TENANT_BYTES = 150
_ALLOWED = frozenset((string.ascii_letters + string.digits + "!-_.*'()").encode())


def tenant_of(header: bytes | None, auth_enabled: bool) -> str:
    """The tenant of a request with this header. Raises Unauthorized without one, BadRequest for an impossible one."""
    if not auth_enabled:
        return DEFAULT_TENANT
    if not header:
        raise Unauthorized
    # What follows a colon names a sub-tenant, which shares its tenant's data.
    tenants = sorted({part.partition(b":")[0] for part in header.split(b"|")})
    for tenant in tenants:
        _check(tenant)
    if len(tenants) > 1:
        raise BadRequest("multiple org IDs present")
    return tenants[0].decode("ascii")


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
