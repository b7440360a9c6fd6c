"""What the application is doing, as metadata of the lines that are logged meanwhile: a request, a phase, a model."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Iterator, Mapping

from ingest_client.entries.metadata import clean_metadata

__all__ = ["context", "current", "ever_used"]

current: ContextVar[Mapping[str, str] | None] = ContextVar("ingest_client", default=None)

# Not empty once anybody has used a context: cheaper to ask than the variable.
ever_used: list[bool] = []


@contextmanager
def context(**metadata: object) -> Iterator[None]:
    """Add metadata to every line of this thread or task within the block: ``with context(request_id=rid):``."""
    if not ever_used:
        ever_used.append(True)
    token = current.set({**(current.get() or {}), **clean_metadata(metadata)})
    try:
        yield
    finally:
        current.reset(token)
