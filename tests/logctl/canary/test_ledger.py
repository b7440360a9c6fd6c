"""What counts as lost, late, doubled or out of order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logctl.commands.canary.ledger import QUERY, TAIL, Ledger, Order, Reader
from logctl.commands.canary.metrics import exposition
from logctl.commands.canary.report import report_json, report_lines

S = 10**9
ALL = (0, 1 << 62)


def _ledger(*times_s: int, readers: Sequence[str] = (QUERY, TAIL)) -> Ledger:
    """Lines written and acknowledged at these seconds."""
    ledger = Ledger(wait_s=60, late_s=5, readers=readers)
    for ts in times_s:
        ledger.writing(ts * S)
        ledger.written(ts * S, ts)
    return ledger


def _counts(reader: Reader) -> dict[str, int]:
    names = ("seen", "missing", "late", "duplicate", "out_of_order", "unexpected")
    return {name: getattr(reader, name) for name in names if getattr(reader, name)}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([[1, 2, 3]], {"seen": 3}),
        ([[1, 2], [3]], {"seen": 3, "late": 1}),  # the first answer owed the third line
        ([[1, 2, 2, 3]], {"seen": 3, "duplicate": 1}),
        ([[1, 3, 2]], {"seen": 3, "out_of_order": 1}),
        ([[1, 2, 3], [1, 2, 3]], {"seen": 3}),  # asked again, not doubled
        ([[1, 2, 3, 9]], {"seen": 3, "unexpected": 1}),
        ([[1, 3]], {"seen": 2, "missing": 1}),
        ([[]], {"missing": 3}),
    ],
)
def test_what_queries_answer(answers: list[list[int]], expected: dict[str, int]) -> None:
    ledger = _ledger(1, 2, 3, readers=(QUERY,))
    for place, found in enumerate(answers):
        ledger.answered([ts * S for ts in found], ALL, asked_s=10 + place, now_s=10.5 + place)
    ledger.expire(63)
    assert _counts(ledger.totals.readers[QUERY]) == expected


@pytest.mark.parametrize(
    ("connections", "expected"),
    [
        ([[(1, 1), (2, 2), (3, 3)]], {"seen": 3}),
        ([[(1, 1), (2, 2)], [(1, 4), (2, 4), (3, 4)]], {"seen": 3}),  # history again, not doubled
        ([[(1, 1), (2, 2), (2, 2), (3, 3)]], {"seen": 3, "duplicate": 1}),
        ([[(1, 1), (3, 3), (2, 4)]], {"seen": 3, "out_of_order": 1}),
        ([[(1, 1), (2, 2), (3, 9)]], {"seen": 3, "late": 1}),
        ([[(1, 1)]], {"seen": 1, "missing": 2}),
        ([[(1, 1), (2, 2), (3, 3), (7, 7)]], {"seen": 3, "unexpected": 1}),
    ],
)
def test_what_tails_bring(connections: list[list[tuple[int, float]]], expected: dict[str, int]) -> None:
    ledger = _ledger(1, 2, 3)
    ledger.answered([S, 2 * S, 3 * S], ALL, 4, 4)
    for lines in connections:
        order = Order()
        for ts, now_s in lines:
            ledger.came(ts * S, order, now_s)
    ledger.expire(63)
    assert _counts(ledger.totals.readers[TAIL]) == expected


def test_a_query_owes_only_what_was_acknowledged_before_it_and_is_in_its_window() -> None:
    ledger = _ledger(1, 8, readers=(QUERY,))
    ledger.writing(2 * S)
    ledger.answered([S], ALL, asked_s=5, now_s=5)
    ledger.answered([], (0, 8 * S), asked_s=20, now_s=20)
    ledger.written(2 * S, 21)
    ledger.answered([2 * S, 8 * S], ALL, asked_s=22, now_s=22)
    assert _counts(ledger.totals.readers[QUERY]) == {"seen": 3}


def test_a_line_may_be_seen_before_its_push_is_answered() -> None:
    ledger = Ledger(60, 5)
    ledger.writing(S)
    ledger.came(S, Order(), 1)
    ledger.answered([S], ALL, 1, 1)
    assert ledger.owed() == (S, S)
    ledger.written(S, 2)
    assert ledger.owed() is None
    assert ledger.totals.faults == 0


def test_a_refused_line_is_a_fault_and_owed_by_nobody() -> None:
    ledger = Ledger(60, 5)
    ledger.writing(S)
    ledger.refused(S)
    assert ledger.owed() is None
    ledger.came(S, Order(), 1)
    assert ledger.totals.faults == 1
    assert ledger.totals.readers[TAIL].unexpected == 0


@given(st.lists(st.tuples(st.sampled_from([QUERY, TAIL]), st.integers(0, 7)), max_size=30))
def test_every_written_line_is_seen_or_missing_once_for_each_reader(steps: list[tuple[str, int]]) -> None:
    ledger = _ledger(*range(8))
    for name, ts in steps:
        if name == QUERY:
            ledger.answered([ts * S], ALL, 10, 10)
        else:
            ledger.came(ts * S, Order(), 10)
    ledger.expire(100)
    assert ledger.owed() is None
    for name, reader in ledger.totals.readers.items():
        assert reader.seen == len({ts for each, ts in steps if each == name})
        assert reader.seen + reader.missing == 8
        assert sum(reader.latencies) == reader.seen


def test_reports_and_metrics_tell_the_same() -> None:
    ledger = _ledger(1, 2)
    ledger.came(S, Order(), 1.2)
    ledger.answered([S, 2 * S, 2 * S], ALL, 3, 3)
    ledger.expire(70)
    text = exposition(ledger.totals)
    for line in (
        "loki_canary_entries_total 2",
        "loki_canary_missing_entries_total 0",
        "loki_canary_websocket_missing_entries_total 1",
        "loki_canary_duplicate_entries_total 1",
        'loki_canary_response_latency_seconds_bucket{le="0.1"} 0',
        'loki_canary_response_latency_seconds_bucket{le="0.25"} 1',
        "loki_canary_response_latency_seconds_count 1",
    ):
        assert line in text.splitlines()
    head, _, query, tail = report_lines(ledger.totals)
    assert head == "2 lines written, 0 refused"
    assert query.split()[:5] == ["query", "2", "0", "0", "1"]
    assert tail.split()[:3] == ["tail", "1", "1"]
    assert '"faults": 2' in report_json(ledger.totals)
