"""What ``ip("...")`` names: an address, a network or a span of addresses, of one version."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

__all__ = ["IpRange"]


@dataclass(frozen=True, slots=True)
class IpRange:
    """Addresses from ``first`` to ``last``, both included, as integers."""

    version: int
    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> IpRange:
        """``1.2.3.4``, ``1.2.3.0/24``, ``1.2.3.4-1.2.3.9``, or the same of IPv6. Raises ValueError."""
        if "-" in text:
            low, high = (ipaddress.ip_address(part) for part in text.split("-", 1))
            if low.version != high.version or int(low) > int(high):
                raise ValueError(f"{text} is not a range of addresses")
            return cls(low.version, int(low), int(high))
        network = ipaddress.ip_network(text, strict=False)
        return cls(network.version, int(network.network_address), int(network.broadcast_address))

    def contains(self, text: str) -> bool:
        """Whether ``text`` is an address in the range; False when it is no address."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return address.version == self.version and self.first <= int(address) <= self.last
