"""Addresses as people write them."""

from __future__ import annotations

import pytest

from ingest_client.delivery.endpoint import Endpoint


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://localhost:3100", "http://localhost:3100"),
        (" http://localhost:3100/ ", "http://localhost:3100"),
        ("https://logs", "https://logs:443"),
        ("http://logs", "http://logs:80"),
        ("http://logs/loki/api/v1/push", "http://logs:80"),
        ("http://logs/proxy/loki/api/v1/push/", "http://logs:80/proxy"),
        ("http://user:pass@logs:1", "http://logs:1"),
        ("http://logs/é%20x", "http://logs:80/%C3%A9%20x"),
        ("http://[::1]:3100", "http://[::1]:3100"),
    ],
)
def test_an_address_is_reduced_to_its_base(url: str, text: str) -> None:
    assert str(Endpoint.parse(url)) == text


def test_credentials_are_unquoted() -> None:
    endpoint = Endpoint.parse("http://a%40b:c%3Ad@logs")
    assert (endpoint.username, endpoint.password) == ("a@b", "c:d")
