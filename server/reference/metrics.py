"""Every metric as a table, made from the instruments and the figures of the store."""

from __future__ import annotations

from collections.abc import Iterator

from server.metrics import FIGURES, Metrics
from server.metrics.process import process_metrics

__all__ = ["metrics_section"]


def metrics_section() -> Iterator[str]:
    """Lines of Markdown."""
    yield "| metric | kind | labels | meaning |"
    yield "|---|---|---|---|"
    for each in Metrics().all:
        labels = " ".join(f"`{name}`" for name in each.label_names)
        yield f"| `{each.name}` | {each.kind} | {labels} | {each.text} |"
    for figure in FIGURES:
        yield f"| `{figure.name}` | {figure.kind} |  | {figure.text} |"
    for name, kind, text, _ in process_metrics():
        yield f"| `{name}` | {kind} |  | {text} |"
    yield "| `loki_build_info` | gauge | `version` and others | What is running; always 1. |"
