"""Nobody is let in unasked by accident: a server that others can reach starts only when something asks who they are."""

from __future__ import annotations

import ipaddress

from server.config import Settings

__all__ = ["is_public", "public_access_complaint"]


def is_public(address: str) -> bool:
    """Whether others than this machine reach it."""
    return not ipaddress.ip_address(address.partition("%")[0]).is_loopback


def public_access_complaint(settings: Settings, address: str) -> str | None:
    """Why a server must not start on this address, with what to do; None where it may."""
    asks = settings.authentication.enabled or settings.tls.asks_who
    if asks or settings.http.allow_public_access_without_authentication or not is_public(address):
        return None
    return (
        f"{address} can be reached by others, who could read, write and delete everything: ask who they are with "
        "--set authentication.enabled=true (then `logctl token create`), listen on 127.0.0.1, or let everybody in with "
        "--allow-public-access-without-authentication"
    )
