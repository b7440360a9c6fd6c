"""The argument of ``ip(...)``: an address, a CIDR or a range ``a-b``, always as one closed interval."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from storage.text import go_quote

__all__ = ["IpPattern"]

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class IpPattern:
    """``first`` and ``last`` are of one version and in order."""

    first: Address
    last: Address

    @classmethod
    def parse(cls, text: str) -> IpPattern:
        """Raises ValueError: ``ip: invalid pattern: "1.2.3"``."""
        try:
            first, last = _bounds(text)
        except ValueError as error:
            raise ValueError(f"ip: invalid pattern: {go_quote(text)}") from error
        if first.version != last.version or int(first) > int(last):
            raise ValueError(f"ip: invalid pattern: {go_quote(text)}")
        return cls(first, last)

    def contains(self, address: Address) -> bool:
        return address.version == self.first.version and int(self.first) <= int(address) <= int(self.last)


def _bounds(text: str) -> tuple[Address, Address]:
    if "-" in text:
        first, _, last = text.partition("-")
        return ip_address(first.strip()), ip_address(last.strip())
    if "/" in text:
        network = ip_network(text, strict=False)
        return network.network_address, network.broadcast_address
    address = ip_address(text)
    return address, address
