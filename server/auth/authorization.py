"""The ``Authorization`` header: who a request says it comes from."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from server.http.errors import BadRequest

__all__ = ["Basic", "Bearer", "parse_authorization"]

_MAX_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Bearer:
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Basic:
    username: str
    password: str = field(repr=False)


def parse_authorization(header: bytes) -> Bearer | Basic:
    """Raises BadRequest for what is neither."""
    if len(header) > _MAX_BYTES:
        raise BadRequest(f"the Authorization header is too long: {len(header)} bytes, limit: {_MAX_BYTES}")
    scheme, _, rest = header.partition(b" ")
    match scheme.lower():
        case b"bearer":
            return Bearer(rest.strip().decode("latin-1"))
        case b"basic":
            return _basic(rest.strip())
    raise BadRequest("the Authorization header is neither Bearer nor Basic")


def _basic(encoded: bytes) -> Basic:
    try:
        username, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise BadRequest("the Authorization header is not basic authentication: base64 of NAME:PASSWORD") from None
    if not colon:
        raise BadRequest("the Authorization header is not basic authentication: base64 of NAME:PASSWORD")
    return Basic(username, password)
