"""The ledger must notice what the crash tests rely on it to notice."""

from __future__ import annotations

import pytest

from tests.end_to_end.ledger import Ledger, Request


@pytest.mark.parametrize(
    ("found", "perhaps", "breaches"),
    [
        (["a", "b"], set(), []),
        (["a", "b", "c"], {"c"}, []),
        (["a"], set(), ["1 lost, e.g. ['b']"]),
        (["a", "b", "b"], set(), ["1 doubled, e.g. ['b']"]),
        (["a", "b", "c", "c"], {"c"}, ["1 doubled, e.g. ['c']"]),
        (["a", "b", "x"], {"c"}, ["1 from nowhere, e.g. ['x']"]),
        ([], set(), ["2 lost, e.g. ['a', 'b']"]),
    ],
)
def test_breaches(found: list[str], perhaps: set[str], breaches: list[str]) -> None:
    ledger = Ledger()
    ledger.acknowledge(Request(b"", ("a", "b")))
    assert ledger.breaches(found, perhaps) == breaches


def test_unanswered_requests_are_handed_out_once() -> None:
    ledger = Ledger()
    ledger.leave_unanswered(Request(b"", ("a", "b")))
    assert ledger.forgive_unanswered() == {"a", "b"}
    assert ledger.take_unanswered() == []
