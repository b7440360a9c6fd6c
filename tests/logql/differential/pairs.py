"""One pair: a question about a dataset, asked of the engine and of the oracle."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from logql.ast import Expr, LogQuery, Variants
from logql.errors import PipelineError, QueryError
from logql.requests import Direction, InstantQuery, RangeQuery
from logql.results import Scalar, Streams
from logql.syntax import parse, validate
from storage.labels import Labels
from tests.logql.differential.log_queries import log_query
from tests.logql.differential.metric_queries import metric_query
from tests.logql.differential.stores import Store
from tests.logql.differential.words import BASE_NS, SECOND_NS, SPAN_S
from tests.oracle import OracleError, Unspecified, metric_instant, metric_range
from tests.oracle import log_query as oracle_log_query
from tests.storage.entries import Entry

__all__ = ["Answer", "Outcome", "Pair", "compared", "difference", "drawn_pair", "engine_answer"]

Number = tuple[int, float]


class Outcome(StrEnum):
    AGREED = "agreed, with entries or samples"
    AGREED_EMPTY = "agreed on an empty answer"
    AGREED_ERROR = "agreed on an error"
    UNSPECIFIED = "not compared, the language leaves it open"


@dataclass(frozen=True)
class Pair:
    """``asked`` of ``entries``; the text of the query is parsed by both sides."""

    entries: Sequence[Entry]
    asked: RangeQuery | InstantQuery

    def __str__(self) -> str:
        """Times in seconds of the data."""
        asked = self.asked
        if isinstance(asked, InstantQuery):
            return f"{asked.text}\n    at {_shown(asked.time_ns)}"
        times = f"[{_shown(asked.start_ns)}, {_shown(asked.end_ns)}) step {asked.step_ms} ms"
        return f"{asked.text}\n    {times} {asked.direction} limit {asked.limit} interval {asked.interval_ns} ns"


def _shown(ts_ns: int) -> str:
    return f"{(ts_ns - BASE_NS) / SECOND_NS:.9f}".rstrip("0").rstrip(".")


def drawn_pair(random: Random, entries: Sequence[Entry]) -> Pair:
    if random.random() < 0.45:
        return Pair(entries, _log_question(random))
    text = str(metric_query(random))
    if random.random() < 0.3:
        return Pair(entries, InstantQuery(text, BASE_NS + random.randrange(-5, SPAN_S + 30) * SECOND_NS))
    start_ns, end_ns = _bounds(random)
    return Pair(entries, RangeQuery(text, start_ns, end_ns, random.choice((7, 10, 15, 30, 60)) * 1000))


def _log_question(random: Random) -> RangeQuery:
    start_ns, end_ns = _bounds(random)
    return RangeQuery(
        str(log_query(random)),
        start_ns,
        end_ns,
        1000,
        limit=random.choice((1, 3, 10, 100, 100)),
        direction=random.choice(list(Direction)),
        interval_ns=random.choice((0, 0, 0, 0, 5)) * SECOND_NS,
    )


def _bounds(random: Random) -> tuple[int, int]:
    """Mostly everything; edges sometimes between seconds."""
    start_s, end_s = (0, SPAN_S + 1) if random.random() < 0.6 else sorted(random.sample(range(-5, SPAN_S + 30), 2))
    return BASE_NS + start_s * SECOND_NS, BASE_NS + end_s * SECOND_NS + random.choice((0, 0, 1, -1))


def compared(store: Store, pair: Pair) -> tuple[Outcome, str]:
    """The outcome with what differs; "" where nothing does."""
    try:
        wanted = _answer_of(lambda: _oracle_answer(pair))
    except Unspecified:
        return Outcome.UNSPECIFIED, ""
    given = engine_answer(store, pair.asked)
    what = difference(wanted, given)
    if isinstance(wanted, str):
        return Outcome.AGREED_ERROR, what
    return (Outcome.AGREED if wanted else Outcome.AGREED_EMPTY), what


Rows = list[tuple[object, ...]]
Series = dict[Labels, list[Number]]
Answer = Rows | Series | float | str


def _answer_of(ask: Callable[[], Answer]) -> Answer:
    """The answer, or the kind of error."""
    try:
        return ask()
    except OracleError as error:
        return error.kind
    except PipelineError:
        return "pipeline"
    except QueryError as error:
        return "matching" if "match" in str(error) else f"unexpected: {error}"


def _oracle_answer(pair: Pair) -> Answer:
    asked, expr = pair.asked, _parsed(pair.asked.text)
    if isinstance(expr, LogQuery):
        assert isinstance(asked, RangeQuery)
        bounds = (asked.start_ns, asked.end_ns, asked.limit, asked.direction, asked.interval_ns)
        return [tuple(row) for row in oracle_log_query(pair.entries, expr, *bounds)]
    assert not isinstance(expr, Variants)
    if isinstance(asked, RangeQuery):
        return metric_range(pair.entries, expr, asked.start_ns, asked.end_ns, asked.step_ms * 1_000_000)
    value = metric_instant(pair.entries, expr, asked.time_ns)
    return _by_series(asked.time_ns // 1_000_000, value) if isinstance(value, list) else value


def _parsed(text: str) -> Expr:
    expr = parse(text)
    validate(expr)
    return expr


def engine_answer(store: Store, asked: RangeQuery | InstantQuery) -> Answer:
    """Entries, samples by series, a number, or the kind of error."""
    try:
        return _answer_of(lambda: _asked(store, asked))
    except Exception:  # a crash is an answer too, and must name its pair
        return traceback.format_exc()


def _asked(store: Store, asked: RangeQuery | InstantQuery) -> Answer:
    if isinstance(asked, InstantQuery):
        value = store.instant(asked)
        return value.value if isinstance(value, Scalar) else _by_series(value.ts_ms, value.samples)
    data = store.range(asked)
    if isinstance(data, Streams):
        return [(each.ts, each.line, each.stream, each.metadata, each.parsed) for each in data.entries]
    series: Series = {}
    for each in data.series:
        series.setdefault(each.labels, []).extend(zip(each.ts_ms.tolist(), each.values.tolist(), strict=True))
    return series


def _by_series(ts_ms: int, samples: Sequence[tuple[Labels, float]]) -> Series:
    series: Series = {}
    for labels, value in samples:
        series.setdefault(labels, []).append((ts_ms, value))
    return series


_REFUSALS = ("pipeline", "matching")


def difference(wanted: Answer, given: Answer) -> str:
    """What differs, "" for nothing: values may in the ninth digit, all else may not."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        if list(wanted) != list(given) and set(wanted) != set(given):
            return f"series missing: {sorted(set(wanted) - set(given))}, too many: {sorted(set(given) - set(wanted))}"
        for labels, points in wanted.items():
            if not _are_close(points, given[labels]):
                return f"{labels}: expected {points}, got {given[labels]}"
        return ""
    if isinstance(wanted, float) and isinstance(given, float):
        return "" if _is_close(wanted, given) else f"expected {wanted}, got {given}"
    if isinstance(wanted, list) and isinstance(given, list):
        for number, (row, other) in enumerate(zip(wanted, given, strict=False)):
            if row != other:
                return f"entry {number}: expected {row}, got {other}"
        return "" if len(wanted) == len(given) else f"expected {len(wanted)} entries, got {len(given)}"
    if wanted in _REFUSALS and given in _REFUSALS:
        return ""  # a query that breaks two rules: which is met first depends on whether points or legs go first
    return "" if wanted == given else f"expected {wanted}, got {given}"


def _are_close(wanted: list[Number], given: list[Number]) -> bool:
    """Samples of one series at one time can be several, after label_replace."""
    if len(wanted) != len(given):
        return False
    pairs = zip(sorted(wanted, key=_sortable), sorted(given, key=_sortable), strict=True)
    return all(left[0] == right[0] and _is_close(left[1], right[1]) for left, right in pairs)


def _sortable(point: Number) -> tuple[int, bool, float]:
    ts, value = point
    return ts, math.isnan(value), 0.0 if math.isnan(value) else value


def _is_close(wanted: float, given: float) -> bool:
    return (math.isnan(wanted) and math.isnan(given)) or math.isclose(wanted, given, rel_tol=1e-9, abs_tol=1e-9)
