"""Addresses as people write them."""

from __future__ import annotations

import pytest

from ingest_client.delivery.endpoint import Endpoint
from ingest_client.errors import InvalidSettings


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


def test_what_follows_a_push_address_goes_with_each_push_and_is_not_shown() -> None:
    endpoint = Endpoint.parse("http://logs/insert/loki/api/v1/push?_stream_fields=job,host")
    assert (str(endpoint), endpoint.query) == ("http://logs:80/insert", "?_stream_fields=job,host")


@pytest.mark.parametrize("url", ["http://logs?a=b", "http://logs/prefix?a=b", "http://logs/loki/api/v1/push#a"])
def test_nothing_may_follow_another_address(url: str) -> None:
    with pytest.raises(InvalidSettings, match="nothing may follow"):
        Endpoint.parse(url)


def test_credentials_are_unquoted() -> None:
    endpoint = Endpoint.parse("http://a%40b:c%3Ad@logs")
    assert (endpoint.username, endpoint.password) == ("a@b", "c:d")
