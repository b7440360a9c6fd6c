"""What a caller may do, and what a route asks for."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Need", "Right"]


class Right(StrEnum):
    """None includes another. ADMIN: flush, merge, log level, settings, what is on the stores."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    ADMIN = "admin"


class Need(StrEnum):
    """READ to ADMIN: the right, for the tenants that the request names. SERVER concerns all tenants at once.

    PROBE and METRICS may be open to everybody, by a setting of each; METRICS otherwise takes a reader of all tenants,
    whose names it tells. ANY takes whoever is known. OPEN holds nothing that is a tenant's.
    """

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    ADMIN = "admin"
    SERVER = "server"
    METRICS = "metrics"
    PROBE = "probe"
    ANY = "any"
    OPEN = "open"
