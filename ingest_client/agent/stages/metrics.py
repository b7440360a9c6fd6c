"""``metrics``: counters, gauges and histograms from extracted values, on the agent's ``/metrics`` page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest_client.agent.config.section import Section
from ingest_client.agent.metrics import Family
from ingest_client.agent.row import Row, as_text
from ingest_client.agent.stages.stage import Context, Stage

__all__ = ["MetricsStage", "build"]

_ACTIONS = {"Counter": ("inc", "add"), "Gauge": ("set", "inc", "dec", "add", "sub"), "Histogram": ("observe",)}
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class _Metric:
    family: Family
    source: str
    action: str
    value: str
    matches_all: bool
    counts_bytes: bool


class MetricsStage(Stage):
    """The labels of a line are those of the metric, but the file's name."""

    def __init__(self, metrics: list[_Metric]) -> None:
        self._metrics = metrics
        self.uses = frozenset(metric.source for metric in metrics if not metric.matches_all)

    def process(self, rows: list[Row]) -> list[Row]:
        for row in rows:
            labels = {name: value for name, value in row.labels.items() if not name.startswith("__")}
            labels.pop("filename", None)
            for metric in self._metrics:
                _record(metric, row, labels)
        return rows


def _record(metric: _Metric, row: Row, labels: dict[str, str]) -> None:
    text = as_text(row.extracted.get(metric.source))
    if metric.counts_bytes:
        text = str(len(row.line.encode("utf-8", "replace")))
    elif metric.matches_all:
        text = row.line
    if text is None or (metric.value and text != metric.value):
        return
    _APPLY[metric.action](metric.family, text, labels)


def _amount(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _with_amount(
    change: Callable[[Family, float, dict[str, str]], None],
) -> Callable[[Family, str, dict[str, str]], None]:
    def apply(family: Family, text: str, labels: dict[str, str]) -> None:
        amount = _amount(text)
        if amount is not None:
            change(family, amount, labels)

    return apply


_APPLY: dict[str, Callable[[Family, str, dict[str, str]], None]] = {
    "inc": lambda family, _, labels: family.add(1, labels),
    "dec": lambda family, _, labels: family.add(-1, labels),
    "add": _with_amount(lambda family, amount, labels: family.add(amount, labels)),
    "sub": _with_amount(lambda family, amount, labels: family.add(-amount, labels)),
    "set": _with_amount(lambda family, amount, labels: family.set(amount, labels)),
    "observe": _with_amount(lambda family, amount, labels: family.observe(amount, labels)),
}


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``metrics``."""
    section = parent.section("metrics")
    metrics = [metric for name in section.names if (metric := _metric(section.section(name), name, context))]
    return MetricsStage(metrics)


def _metric(section: Section, name: str, context: Context) -> _Metric | None:
    kind, source = section.text("type", required=True).capitalize(), section.text("source", name)
    prefix, help_text = section.text("prefix", "promtail_custom_"), section.text("description", name)
    idle_s = section.duration_s("max_idle_duration", 300.0)
    config = section.section("config")
    default = "inc" if kind == "Counter" else "observe" if kind == "Histogram" else ""
    action, value = config.text("action", default).lower(), config.text("value")
    matches_all, counts_bytes = config.boolean("match_all"), config.boolean("count_entry_bytes")
    buckets = _buckets(config) if kind == "Histogram" else ()
    section.finish()
    config.finish()
    if kind not in _ACTIONS:
        section.mistake(f"Counter, Gauge or Histogram, not {kind!r}", "type")
        return None
    if action not in _ACTIONS[kind]:
        config.mistake(f"a {kind} knows {', '.join(_ACTIONS[kind])}, not {action!r}", "action")
        return None
    family = context.metrics.family(prefix + name, help_text, kind.lower(), buckets, idle_s)
    return _Metric(family, source, action, value, matches_all or counts_bytes, counts_bytes)


def _buckets(config: Section) -> tuple[float, ...]:
    try:
        return tuple(sorted(map(float, config.texts("buckets")))) or _BUCKETS
    except ValueError:
        config.mistake("numbers are needed", "buckets")
        return _BUCKETS
