"""Section 5.3: addresses in texts."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

__all__ = ["holds_address"]

_HEX = frozenset("0123456789abcdefABCDEF")
Address = IPv4Address | IPv6Address


def holds_address(text: str, pattern: str) -> bool:
    """Whether some address in ``text`` is the address, in the network or in the range ``pattern``."""
    first, last = _bounds(pattern)
    return any(
        address.version == first.version and int(first) <= int(address) <= int(last) for address in _addresses(text)
    )


def _bounds(pattern: str) -> tuple[Address, Address]:
    if "-" in pattern:
        first, _, last = pattern.partition("-")
        return ip_address(first.strip()), ip_address(last.strip())
    network = ip_network(pattern, strict=False)
    return network.network_address, network.broadcast_address


def _addresses(text: str) -> Iterator[Address]:
    position = 0
    while position < len(text):
        allowed = _allowed_at(text, position)
        end = position
        while end < len(text) and text[end] in allowed:
            end += 1
        if address := _address(text[position:end]):
            yield address
        position = max(end, position + 1)


def _allowed_at(text: str, position: int) -> frozenset[str]:
    """The characters of a candidate that begins here; none when none does."""
    rest = text[position : position + 5]
    if len(rest) >= 4 and rest[0] in "0123456789" and "." in rest[1:4]:
        return frozenset("0123456789.")
    digits = len(rest) - len(rest.lstrip("0123456789abcdefABCDEF"))
    is_v6 = (1 <= digits <= 4 and rest[digits : digits + 1] == ":") or (rest[:2] == "::" and rest[2:3] in _HEX)
    return _HEX | {":", "."} if is_v6 and len(rest) == 5 else frozenset()


def _address(text: str) -> Address | None:
    try:
        return ip_address(text) if text else None
    except ValueError:
        return None
