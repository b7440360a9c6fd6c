"""The whole page."""

from __future__ import annotations

from server.reference.metrics import metrics_section
from server.reference.settings import settings_section

__all__ = ["reference_page"]

_INTRODUCTION = """\
# Reference

Made from the code: `python -m server.reference > docs/reference.md`. [Configuration](configuration.md) says where
settings come from and how they are written; the API is described by a running server, under `/docs`.

## Settings and limits

All of `limits_config` can be set for single tenants ([docs/operations.md](operations.md#limits-of-single-tenants)).
"""

_METRICS = """\
## Metrics

`GET /metrics`, in the text format of Prometheus. Names are Loki's where they mean the same.
"""


def reference_page() -> str:
    """Markdown."""
    return "\n".join([_INTRODUCTION, *settings_section(), _METRICS, *metrics_section()]) + "\n"
