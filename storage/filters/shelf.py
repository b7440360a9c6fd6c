"""Filters that were read, kept in memory for the next query up to a bound."""

from __future__ import annotations

import logging
from collections.abc import Callable

from storage.filters.reader import PartFilters
from storage.shelf import Shelf

__all__ = ["kept_filters"]

logger = logging.getLogger(__name__)

_BUDGET_BYTES = 96 << 20  # the filters of 60 to 80 million lines; more are read again when asked


def _size_bytes(filters: PartFilters | None) -> int:
    return filters.size_bytes if filters else 0


def _decoded(data: bytes | None) -> PartFilters | None:
    if data is None:
        return None
    try:
        return PartFilters(data)
    except ValueError as error:
        logger.error("queries go without the filters of a part: %s", error)
        return None


_shelf: Shelf[PartFilters | None] = Shelf(_BUDGET_BYTES, _size_bytes)


def kept_filters(owner: object, read: Callable[[], bytes | None]) -> PartFilters | None:
    """The filters of ``owner``; ``read`` fetches their bytes when they are not in memory. None where it has none."""
    return _shelf.of(owner, lambda: _decoded(read()))
