"""Tails at a time."""

from __future__ import annotations

import pytest

from logql.errors import LimitExceeded
from server.tail.places import TailPlaces


def test_a_tenant_has_so_many_places_and_gets_them_back() -> None:
    places = TailPlaces()
    with places.taken("a", 1):
        with (
            pytest.raises(LimitExceeded, match=r"max concurrent tail requests limit exceeded, count > limit \(2 > 1\)"),
            places.taken("a", 1),
        ):
            pass
        with places.taken("b", 1):
            assert len(places) == 2
    with places.taken("a", 1):
        assert len(places) == 1
    assert len(places) == 0


def test_zero_is_no_limit() -> None:
    places = TailPlaces()
    with places.taken("a", 0), places.taken("a", 0):
        assert len(places) == 2
