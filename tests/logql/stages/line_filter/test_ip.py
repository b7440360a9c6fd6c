"""``|= ip("range")``: section 5.3 of the language page."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.stages.line_filter.ip import ip_matcher
from tests.logql.stages.line_filter.matching import marked


@pytest.mark.parametrize(
    ("pattern", "line", "is_held"),
    [
        ("10.0.0.1", "ip=10.0.0.1", True),
        ("10.0.0.1", "ip=10.0.0.2", False),
        ("10.0.0.0/8", "ip=10.200.3.4 ok", True),
        ("10.0.0.0/8", "ip=11.0.0.1 ok", False),
        ("192.168.4.5-192.168.4.9", "192.168.4.7:8080", True),
        ("192.168.4.5-192.168.4.9", "192.168.4.10:8080", False),
        ("192.168.4.5-192.168.4.9", "192.168.4.5", True),
        ("192.168.4.5-192.168.4.9", "192.168.4.9", True),
        ("1.2.3.4", "v1.2.3.4.5", False),
        ("10.0.0.0/8", "10.0.0.256", False),
        ("::1", "[::1]:80", True),
        ("fe80::/10", "fe80::1%eth0", True),
        ("2001:db8::/32", "from 2001:DB8::7 to", True),
        ("2001:db8::/32", "10.0.0.1", False),
        ("0.0.0.0/0", "::1:2", False),
        ("10.0.0.1", "8.8.8.8 10.0.0.1", True),  # the second of two
        ("10.0.0.1", "12:30:45 10.0.0.1", True),  # behind what only looks like one
        ("10.0.0.1", "10.0.0", False),
        ("10.0.0.1", "", False),
        ("10.0.0.7/8", "10.9.9.9", True),  # bits of the host in a CIDR do not matter
    ],
)
def test_lines_that_hold_an_address_of_the_range(pattern: str, line: str, is_held: bool) -> None:
    assert marked(ip_matcher(pattern), [line, "", line]) == [line, line] * is_held


@pytest.mark.parametrize(
    "pattern", ["1.2.3", "", "x", "1.2.3.4/33", "1.2.3.4-", "2.0.0.0-1.0.0.0", "1.1.1.1-::1", "1.2.3.256"]
)
def test_what_is_no_range_is_refused_with_its_text(pattern: str) -> None:
    with pytest.raises(ValueError, match="ip: invalid pattern: ") as raised:
        ip_matcher(pattern)
    assert f'"{pattern}"' in str(raised.value)


@given(address=st.ip_addresses(), network=st.sampled_from(["128.0.0.0/1", "8000::/1", "10.0.0.0-200.0.0.0"]))
def test_any_address_is_found_between_words(address: IPv4Address | IPv6Address, network: str) -> None:
    """The words around it are as many bytes as short addresses lack (section 5.3)."""
    bounds = {"128.0.0.0/1": (4, 1 << 31, (1 << 32) - 1), "8000::/1": (6, 1 << 127, (1 << 128) - 1)}
    version, first, last = bounds.get(network, (4, 10 << 24, 200 << 24))
    is_inside = address.version == version and first <= int(address) <= last
    line = f"to <{address}> word"
    assert marked(ip_matcher(network), [line]) == [line] * is_inside
