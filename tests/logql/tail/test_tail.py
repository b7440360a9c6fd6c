"""A tail that keeps up sees every matching row once, whatever happens around it."""

from __future__ import annotations

import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.ast import Matcher, MatchOp
from logql.cancel import Cancel
from logql.deletes import delete_hits
from logql.engine import Engine
from logql.errors import LimitExceeded, QueryCancelled, QueryError
from logql.limits import QueryLimits
from logql.results import Entry as Answered
from logql.tail import Tail, TailQuery
from storage.database import Database
from storage.deletes import DeleteRequest
from storage.labels import Labels
from storage.policies import Policies
from tests.storage.databases import NEVER_FLUSHES, opened
from tests.storage.entries import Entry, batch_of

TENANT = "t"
A, B, OTHER = Labels({"app": "x", "n": "a"}), Labels({"app": "x", "n": "b"}), Labels({"app": "y"})
QUERY = '{app="x"} |= "keep"'


@contextmanager
def _engine(database: Database) -> Iterator[Engine]:
    engine = Engine(database, 2)
    try:
        yield engine
    finally:
        engine.close()


def _push(database: Database, *entries: Entry) -> None:
    database.append(TENANT, batch_of(entries)).result(10)


def _tail(engine: Engine, text: str = QUERY, limit: int = 5000) -> Tail:
    return engine.tail(TENANT, TailQuery(text, 0, 10**6, limit), lambda: None)


def _rows(entries: list[Answered]) -> list[tuple[str, int, str]]:
    return [(entry.stream.get("n", ""), entry.ts, entry.line) for entry in entries]


def _taken(tail: Tail) -> list[Answered]:
    found: list[Answered] = []
    while not tail.is_idle:
        entries, dropped = tail.take(Cancel())
        assert not dropped
        found += entries
    return found


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("push"),
            st.lists(st.tuples(st.sampled_from([A, B, OTHER]), st.integers(0, 9), st.sampled_from("ks")), min_size=1),
        ),
        st.tuples(st.sampled_from(["open", "take", "flush"]), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(STEPS)
def test_history_and_live_rows_are_all_rows_once_in_their_order(
    steps: list[tuple[str, list[tuple[Labels, int, str]]]],
) -> None:
    number, pushed, seen = 0, [], []
    tail: Tail | None = None
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as database, _engine(database) as engine:
        for step, rows in [*steps, ("open", []), ("take", [])]:
            if step == "push":
                entries = [
                    Entry(labels, number * 10 + ts, f"{'keep' if kind == 'k' else 'skip'} {number} {place}")
                    for place, (labels, ts, kind) in enumerate(rows)
                ]
                number += 1
                _push(database, *entries)
                pushed += [(e.labels["n"], e.ts, e.line) for e in entries if e.labels != OTHER and "keep" in e.line]
            elif step == "flush":
                database.flush()
            elif tail is None:
                tail = _tail(engine)
                seen += _rows(tail.history(Cancel()))
            else:
                seen += _rows(_taken(tail))
    assert Counter(seen) == Counter(pushed)
    for stream in "ab":
        times = [ts for name, ts, _ in seen if name == stream]
        assert times == sorted(times)


def test_no_gap_and_no_double_between_history_and_live_rows_while_pushes_run(tmp_path: Path) -> None:
    count = 300
    with opened(tmp_path) as database, _engine(database) as engine:
        futures: list[Future[None]] = []

        def push_all() -> None:
            futures.extend(
                database.append(TENANT, batch_of([Entry(A, ts, f"keep {ts}")])) for ts in range(1, count + 1)
            )

        pusher = threading.Thread(target=push_all)
        pusher.start()
        tails = [_tail(engine) for _ in range(5)]
        seen = [_rows(tail.history(Cancel())) for tail in tails]
        pusher.join()
        wait(futures)
        for tail, rows in zip(tails, seen, strict=True):
            rows += _rows(_taken(tail))
            assert [ts for _, ts, _ in rows] == list(range(1, count + 1))


def test_history_is_the_newest_rows_oldest_first(tmp_path: Path) -> None:
    with opened(tmp_path) as database, _engine(database) as engine:
        _push(database, *(Entry(A, ts, f"keep {ts}") for ts in range(10)))
        assert [entry.ts for entry in _tail(engine, limit=3).history(Cancel())] == [7, 8, 9]


def test_the_stages_of_the_query_run_on_live_rows(tmp_path: Path) -> None:
    with opened(tmp_path) as database, _engine(database) as engine:
        tail = _tail(engine, '{app="x"} | logfmt | cost > 5 | line_format "{{.n}} {{.cost}}"')
        tail.history(Cancel())
        metadata = frozenset({("trace", "t1")})
        _push(database, Entry(A, 1, "cost=3"), Entry(B, 2, "cost=7", metadata), Entry(A, 3, "cost=eleven"))
        (found, strange) = _taken(tail)
        assert (found.line, found.metadata, found.parsed) == ("b 7", Labels({"trace": "t1"}), Labels({"cost": "7"}))
        assert strange.parsed["__error__"] == "LabelFilterErr"


def test_live_rows_of_one_lot_come_in_the_order_of_time(tmp_path: Path) -> None:
    with opened(tmp_path) as database, _engine(database) as engine:
        tail = _tail(engine)
        tail.history(Cancel())
        for ts in (5, 3, 9, 1):
            _push(database, Entry(A, ts, "keep"))
        assert [entry.ts for entry in _taken(tail)] == [1, 3, 5, 9]


def test_rows_of_pending_deletes_are_hidden(tmp_path: Path) -> None:
    with opened(tmp_path, NEVER_FLUSHES, Policies(hits=delete_hits)) as database, _engine(database) as engine:
        tail = _tail(engine)
        database.deletes.put(DeleteRequest("id", TENANT, '{app="x"} |= "secret"', 0, 100, 0))
        _push(database, Entry(A, 1, "keep secret"))
        assert tail.history(Cancel()) == []
        _push(database, Entry(A, 2, "keep"), Entry(A, 3, "keep secret"))
        assert [entry.ts for entry in _taken(tail)] == [2]


def test_a_repeated_push_is_not_shown_again(tmp_path: Path) -> None:
    with opened(tmp_path) as database, _engine(database) as engine:
        tail = _tail(engine)
        tail.history(Cancel())
        for _ in range(2):
            _push(database, Entry(A, 1, "keep"))
        assert len(_taken(tail)) == 1


def test_other_tenants_and_closed_tails_see_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as database, _engine(database) as engine:
        tail = _tail(engine)
        tail.history(Cancel())
        database.append("stranger", batch_of([Entry(A, 1, "keep")])).result(10)
        tail.close()
        _push(database, Entry(A, 2, "keep"))
        assert tail.is_idle
        assert database.tenant(TENANT).followers.now == ()


def test_who_may_see_some_streams_tails_only_these(tmp_path: Path) -> None:
    with opened(tmp_path) as database, _engine(database) as engine:
        _push(database, Entry(A, 1, "keep"), Entry(B, 2, "keep"))
        tail = _tail(engine.within((Matcher("n", MatchOp.EQ, "b"),)))
        assert [entry.ts for entry in tail.history(Cancel())] == [2]
        _push(database, Entry(A, 3, "keep"), Entry(B, 4, "keep"))
        assert [entry.ts for entry in _taken(tail)] == [4]


def test_a_tail_closed_before_its_history_follows_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as database, _engine(database) as engine:
        tail = _tail(engine)
        tail.close()
        tail.history(Cancel())
        assert database.tenant(TENANT).followers.now == ()


def test_taking_ends_when_nobody_waits_for_it(tmp_path: Path) -> None:
    with opened(tmp_path) as database, _engine(database) as engine:
        tail = _tail(engine)
        tail.history(Cancel())
        _push(database, Entry(A, 1, "keep"))
        gone = Cancel()
        gone.cancel()
        with pytest.raises(QueryCancelled):
            tail.take(gone)


@pytest.mark.parametrize(
    ("asked", "kind", "text"),
    [
        (TailQuery('rate({a="b"}[1m])', 0, 1), QueryError, "only log selector is supported"),
        (TailQuery("{", 0, 1), QueryError, "parse error at line 1"),
        (
            TailQuery('{a="b"}', 0, 10**18),
            LimitExceeded,
            r"the query time range exceeds the limit \(query length: 277777h46m40s, limit: 30d1h\)",
        ),
        (
            TailQuery('{a="b"}', 0, 1, 5001),
            LimitExceeded,
            r"max entries limit per query exceeded, limit > max_entries_limit_per_query \(5001 > 5000\)",
        ),
        (
            TailQuery('{a="b", b="c"}', 0, 1, limits=QueryLimits(max_streams_matchers_per_query=1)),
            LimitExceeded,
            r"matchers-count > limit \(2 > 1\)",
        ),
    ],
)
def test_refusals(tmp_path: Path, asked: TailQuery, kind: type[Exception], text: str) -> None:
    with opened(tmp_path) as database, _engine(database) as engine, pytest.raises(kind, match=text):
        engine.tail(TENANT, asked, lambda: None)
