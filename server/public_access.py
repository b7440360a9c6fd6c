"""Nobody is let in unasked by accident: a server that others can reach starts only when something asks who they are."""

from __future__ import annotations

import ipaddress

from server.config import Settings

__all__ = ["public_access_complaint"]


def public_access_complaint(settings: Settings, address: str) -> str | None:
    """Why a server must not start on this address, with what to do; None where it may."""
    if settings.authentication.enabled or settings.http.allow_public_access_without_authentication:
        return None
    if ipaddress.ip_address(address.partition("%")[0]).is_loopback:
        return None
    return (
        f"{address} can be reached by others, who could read, write and delete everything: ask who they are with "
        "--set authentication.enabled=true (then `logctl token create`), listen on 127.0.0.1, or let everybody in with "
        "--allow-public-access-without-authentication"
    )
